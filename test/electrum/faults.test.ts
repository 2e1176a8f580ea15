// What a probe reports of servers that fail: the right step, the right kind, within the deadline, and no socket left.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { STEP_FAILURE_KINDS, STEPS, type FailureKind, type Step } from '../../src/electrum/failure.ts';
import { createProbe, type Probe } from '../../src/electrum/probe.ts';
import { TRANSPORTS, type Service, type Transport } from '../../src/electrumx/services.ts';
import { reply, startWalletServer, type Handler, type Peer, type Request } from './support/server.ts';

/** Of a probe that has to run into it, and of one that must not on a busy machine. */
const TIMEOUT_MS = { short: 2000, long: 10_000 };
/** How late a result may be. */
const LATE_MS = 1000;

const METHODS = {
  version: 'server.version',
  tip: 'blockchain.headers.subscribe',
  balance: 'blockchain.scripthash.get_balance',
  daemon: 'blockchain.transaction.get',
  features: 'server.features',
} as const satisfies Partial<Record<Step, string>>;
type Asked = keyof typeof METHODS;

interface Fault {
  readonly kind: FailureKind;
  readonly play: (request: Request, peer: Peer) => void;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  hangs: { kind: 'timeout', play: () => undefined },
  drips: { kind: 'timeout', play: (request, peer) => peer.drip(reply(request, 'x'.repeat(1000)), 5) },
  'sends garbage': { kind: 'protocol', play: (_, peer) => peer.send('\u0000{"id') },
  'sends a list': { kind: 'protocol', play: (request, peer) => peer.send(`[${reply(request, 1)}]`) },
  'sends no result': { kind: 'protocol', play: ({ id }, peer) => peer.send(JSON.stringify({ id })) },
  'sends a result of another kind': { kind: 'protocol', play: (request, peer) => peer.send(reply(request, 7)) },
  'replies with a wrong id': { kind: 'protocol', play: (_, peer) => peer.send(reply({ id: 99 }, 'x')) },
  'replies with an error': {
    kind: 'remote',
    play: ({ id }, peer) => peer.send(JSON.stringify({ id, error: { code: -102, message: 'server busy' } })),
  },
  'sends 10 MB in one message': { kind: 'too_large', play: (_, peer) => peer.send('x'.repeat(10_000_000)) },
  'sends 10 MB of notifications': {
    kind: 'too_large',
    play: (_, peer) => {
      const notification = JSON.stringify({ method: 'server.ping', params: ['x'.repeat(10_000)] });
      for (let n = 0; n < 1000; n++) peer.send(notification);
    },
  },
  'closes the connection': { kind: 'closed', play: (_, peer) => peer.close() },
  'resets the connection': { kind: 'closed', play: (_, peer) => peer.reset() },
};

/** A server that plays a fault when the request of a step comes, from the second probe on. */
async function failing(transport: Transport, step: Asked, fault: Fault): Promise<Service> {
  let probes = 0;
  const handle: Handler = (request, peer) => {
    if (request.method === METHODS.version) probes++;
    if (probes < 2 || request.method !== METHODS[step]) return false;
    fault.play(request, peer);
    return true;
  };
  const server = await startWalletServer({ transport, handle });
  onTestFinished(() => server.stop());
  return server.service;
}

async function listening(onConnection: (socket: net.Socket) => void): Promise<number> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A port whose backlog is full, because no connection is accepted. */
async function fullPort(): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const waiting = [1, 2].map(() => net.connect({ port, host: '127.0.0.1' }).on('error', () => undefined));
  await Promise.all(waiting.map((socket) => once(socket, 'connect')));
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  });
  return port;
}

const probeOf = (services: readonly Service[], timeoutMs = TIMEOUT_MS.short) =>
  createProbe({ services, timeoutMs, clientName: 'test/1' });

const timeoutFor = (kind: FailureKind) => (kind === 'timeout' ? TIMEOUT_MS.short : TIMEOUT_MS.long);

interface Expected {
  readonly service: Service;
  readonly step: Step;
  readonly kind: FailureKind;
}

/** Expects that a probe ends in time, and that each service fails this step in this way, and none before it. */
async function expectFailures(probe: Probe, expected: readonly Expected[]) {
  const startedAt = performance.now();
  const { services, failures } = await probe.run();
  const timeoutMs = Math.max(...expected.map(({ kind }) => timeoutFor(kind)));
  expect(performance.now() - startedAt).toBeLessThan(timeoutMs + LATE_MS);
  const outcomes = services.map(({ service, ok, steps }) => {
    const [last, ...earlier] = [...steps].reverse();
    return { service, step: last?.[0], kind: last?.[1].kind, ok, earlier: earlier.every(([, { ok }]) => ok) };
  });
  expect(outcomes).toEqual(expected.map((failure) => ({ ...failure, ok: false, earlier: true })));
  const counted = failures.reduce((sum, { count }) => sum + count, 0);
  expect(counted).toBe(expected.length);
}

const expectFailure = (service: Service, step: Step, kind: FailureKind) =>
  expectFailures(probeOf([service], timeoutFor(kind)), [{ service, step, kind }]);

/** Expects that servers which worked a moment ago fail over each transport. */
async function expectFault(fault: Fault, ...steps: Asked[]) {
  const servers = steps.flatMap((step) =>
    TRANSPORTS.map(async (transport) => ({
      service: await failing(transport, step, fault),
      step,
      kind: fault.kind,
    })),
  );
  const expected = await Promise.all(servers);
  const probe = probeOf(
    expected.map(({ service }) => service),
    timeoutFor(fault.kind),
  );
  expect((await probe.run()).services.every(({ ok }) => ok)).toBe(true);
  await expectFailures(probe, expected);
}

const STEPS_ASKED = Object.keys(METHODS) as Asked[];
const slow = Object.entries(FAULTS).filter(([, { kind }]) => kind === 'timeout');
const quick = Object.entries(FAULTS).filter(([, { kind }]) => kind !== 'timeout');

describe.each(quick)('a server that %s', (_, fault) => {
  test.for(STEPS_ASKED)(`fails %s as ${fault.kind}, over each transport`, (step) => expectFault(fault, step));
});

test.for(slow)('a server that %s fails the step in hand as timeout, over each transport', ([, fault]) =>
  expectFault(fault, ...STEPS_ASKED),
);

describe.each(TRANSPORTS)('over %s, a server', (transport) => {
  test('that does not listen fails connect as refused', async () => {
    const server = await startWalletServer({ transport });
    server.stop();
    await expectFailure(server.service, 'connect', 'refused');
  });

  test('that does not accept fails connect as timeout', async () => {
    await expectFailure({ transport, host: '127.0.0.1', port: await fullPort() }, 'connect', 'timeout');
  });

  test('whose name does not resolve fails connect as refused', async () => {
    await expectFailure({ transport, host: 'nowhere.invalid', port: 1 }, 'connect', 'refused');
  });
});

describe.each(['ssl', 'wss'] as const)('over %s, a TLS handshake', (transport) => {
  const at = async (onConnection: (socket: net.Socket) => void): Promise<Service> => ({
    transport,
    host: '127.0.0.1',
    port: await listening(onConnection),
  });

  test('that never finishes fails tls as timeout', async () => {
    await expectFailure(await at(() => undefined), 'tls', 'timeout');
  });

  test('with a server that speaks something else fails tls as protocol', async () => {
    await expectFailure(await at((socket) => socket.write('220 mail.example.org ESMTP\r\n')), 'tls', 'protocol');
  });

  test('that the server resets fails tls as closed', async () => {
    await expectFailure(await at((socket) => socket.once('data', () => socket.resetAndDestroy())), 'tls', 'closed');
  });

  test('that the server closes fails tls as closed', async () => {
    await expectFailure(await at((socket) => socket.once('data', () => socket.end())), 'tls', 'closed');
  });
});

describe('over ws, an upgrade', () => {
  const at = async (onData: (socket: net.Socket) => void): Promise<Service> => ({
    transport: 'ws',
    host: '127.0.0.1',
    port: await listening((socket) => void socket.once('data', () => onData(socket))),
  });

  test('that the server refuses fails version as protocol', async () => {
    const service = await at((socket) => socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    await expectFailure(service, 'version', 'protocol');
  });

  test('that leads elsewhere is not followed', async () => {
    const target = await startWalletServer({ transport: 'ws' });
    onTestFinished(() => target.stop());
    const location = `Location: ws://127.0.0.1:${target.service.port}/`;
    const service = await at((socket) =>
      socket.write(`HTTP/1.1 302 Found\r\n${location}\r\nContent-Length: 0\r\n\r\n`),
    );
    await expectFailure(service, 'version', 'protocol');
    expect(target.connections()).toBe(0);
  });

  test('that never finishes fails version as timeout', async () => {
    await expectFailure(await at((socket) => socket.write('HTTP/1.1 101 Switching')), 'version', 'timeout');
  });

  test('with headers without end fails version as protocol', async () => {
    const service = await at((socket) => socket.write(`HTTP/1.1 101 OK\r\nX: ${'x'.repeat(1_000_000)}`));
    await expectFailure(service, 'version', 'protocol');
  });
});

test('a tip that came before the failure is kept', async () => {
  const service = await failing('tcp', 'daemon', { kind: 'timeout', play: () => undefined });
  const probe = probeOf([service]);
  await probe.run();
  const { services } = await probe.run();
  expect(services[0]?.ok).toBe(false);
  expect(services[0]?.tip?.height).toBe(800_000);
});

test('a probe that is aborted ends at once', async () => {
  const service = await failing('wss', 'version', { kind: 'timeout', play: () => undefined });
  const probe = createProbe({ services: [service], timeoutMs: 60_000, clientName: 'test/1' });
  expect((await probe.run()).services[0]?.ok).toBe(true);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  expect((await probe.run({ signal: controller.signal })).services[0]?.ok).toBe(false);
  expect((await probe.run({ signal: controller.signal })).services[0]?.ok).toBe(false);
});

test('every pair of a step and a kind is counted from 0', async () => {
  const { failures } = await probeOf([]).run();
  expect(failures.every(({ count }) => count === 0)).toBe(true);
  expect(failures.map(({ step, kind }) => `${step} ${kind}`)).toEqual(
    STEPS.flatMap((step) => STEP_FAILURE_KINDS[step].map((kind) => `${step} ${kind}`)),
  );
});

test('1,000 probes of failing servers leave no socket', { timeout: 60_000 }, async () => {
  const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap/.test(name)).length;
  const kinds = [
    'hangs',
    'sends garbage',
    'sends 10 MB in one message',
    'resets the connection',
    'replies with an error',
  ];
  const faults = kinds.flatMap((name) => FAULTS[name] ?? []);
  const servers = await Promise.all(
    TRANSPORTS.flatMap((transport) => faults.map((fault) => failing(transport, 'version', fault))),
  );
  const services = Array.from({ length: 10 }).flatMap(() => servers);
  const probe = createProbe({ services, timeoutMs: 1000, clientName: 'test/1' });
  await probe.run();
  for (let probed = 0; probed < 1000; probed += services.length) {
    expect((await probe.run()).services.every(({ ok }) => !ok)).toBe(true);
  }
  await vi.waitFor(() => expect(sockets()).toBe(0), { timeout: 5000 });
});
