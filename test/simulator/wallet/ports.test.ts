// The client ports of the simulator: transports, certificate, sessions, when they are open, and how they fail.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WalletFault } from '../../../src/simulator/wallet/connection.ts';
import { TRANSPORTS } from '../../../src/simulator/wallet/services.ts';
import { call, clocked, simulator, START } from '../support/client.ts';
import { ALL_SERVICES, connectWallet, greet, UNUSED_SCRIPT } from '../support/wallet.ts';

const TCP = [{ transport: 'tcp' }] as const;
const DAY_MS = 86_400_000;

describe.each(TRANSPORTS)('%s', (transport) => {
  it('replies to pipelined requests in their order, also with errors', async () => {
    const wallet = await connectWallet(await simulator({ era: 'G', services: ALL_SERVICES }), transport);
    wallet.send('server.version', ['test/1.0', '1.4']);
    wallet.send('nonsense');
    wallet.send('server.ping');
    const lines = [await wallet.line(), await wallet.line(), await wallet.line()];
    expect(lines.map((line = '{}') => JSON.parse(line) as unknown)).toEqual([
      { jsonrpc: '2.0', id: 0, result: ['ElectrumX 2.0.0', '1.4'] },
      { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'unknown method "nonsense"' } },
      { jsonrpc: '2.0', id: 2, result: null },
    ]);
  });

  it('has its letter in the sessions of LocalRPC while it is connected', async () => {
    const server = await simulator({ era: 'F', sessions: 0, services: ALL_SERVICES });
    const flags = async () => ((await call(server.port, 'sessions')) as string[][]).map((row) => row[1]);
    const wallet = await greet(server, '1.4', transport);
    expect(await flags()).toEqual([{ tcp: 'T10', ssl: 'S10', ws: 'W10', wss: 'W10' }[transport], 'R20']);
    wallet.close();
    await expect.poll(flags).toEqual(['R20']);
    expect(server.openWalletConnections).toBe(0);
  });

  it.each<[WalletFault, RegExp | undefined]>([
    ['error', /"code":-32603/],
    ['garbage', /^HTTP/],
    ['not-rpc', /hello/],
    ['wrong-id', /"result":null,"id":987654321\}$/],
    ['no-id', /"result":null\}$/],
    ['dribble', /"result":null,"id":1\}$/],
    ['notification', /"method":"blockchain.headers.subscribe"/],
    [{ mutate: () => 'else' }, /^else$/],
    [{ bytes: 200_000 }, / {100000,}\}$/],
    ['drop', undefined],
    ['reset', undefined],
    ['half', undefined],
  ])('fails a reply: %j', async (fault, line) => {
    const server = await simulator({ era: 'F', services: ALL_SERVICES });
    const wallet = await greet(server, '1.4', transport);
    server.failWallet('server.ping', fault);
    wallet.send('server.ping');
    if (line) expect(await wallet.line()).toMatch(line);
    else expect(await wallet.line()).toBeUndefined();
  });

  it('replies to hanging requests after it has recovered, and to other connections before', async () => {
    const server = await simulator({ era: 'F', services: ALL_SERVICES });
    const wallet = await greet(server, '1.4', transport);
    server.failWallet('server.ping', 'hang');
    wallet.send('server.ping');
    const other = await greet(server, '1.4', transport);
    expect(await other.call('server.banner')).toMatch('ElectrumX 1.20.0');
    expect(wallet.received()).toBe('');
    server.recover();
    expect(await wallet.line()).toMatch(/"id":1\}$/);
  });
});

describe('the connection', () => {
  it('hangs, breaks or sends garbage before its first request, and at TLS and WebSocket handshakes', async () => {
    const server = await simulator({ era: 'F', services: ALL_SERVICES });
    server.failWallet('tls', 'reset');
    await expect(connectWallet(server, 'ssl')).rejects.toThrow('ECONNRESET');
    await expect(connectWallet(server, 'wss')).rejects.toThrow('ECONNRESET');
    await greet(server, '1.4', 'ws');
    server.failWallet('tls', 'garbage');
    await expect(connectWallet(server, 'ssl')).rejects.toThrow(/wrong version number|packet length/);
    server.recover();
    server.failWallet('websocket', 'drop');
    await expect(connectWallet(server, 'ws')).rejects.toThrow('socket hang up');
    await greet(server, '1.4', 'ssl');
    server.failWallet('connect', 'garbage');
    expect(await (await connectWallet(server, 'tcp')).line()).toBe('HTTP/1.1 400 Bad Request\r');
    server.recover();
    for (const transport of TRANSPORTS) await greet(server, '1.4', transport);
  });

  it.each([
    ['connect', 'tcp'],
    ['tls', 'ssl'],
    ['websocket', 'ws'],
  ] as const)('that hangs at %s gets no byte, and ends with the client', async (step, transport) => {
    const server = await simulator({ era: 'F', services: ALL_SERVICES });
    server.failWallet(step, 'hang');
    const port = server.services.find((service) => service.transport === transport)?.port ?? 0;
    const socket = net.connect(port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.write('GET / HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n');
    await expect.poll(() => server.openWalletConnections).toBe(1);
    await call(server.port, 'getinfo');
    expect(received).toBe('');
    socket.end();
    await expect.poll(() => server.openWalletConnections).toBe(0);
  });

  it('leaves nothing after a hundred wallets of every transport', async () => {
    const server = await simulator({ era: 'F', sessions: 3, services: ALL_SERVICES });
    for (let n = 0; n < 100; n++) {
      const wallet = await greet(server, '1.4', TRANSPORTS[n % 4]);
      wallet.close();
      expect(await wallet.line()).toBeUndefined();
    }
    await expect.poll(() => server.openWalletConnections).toBe(0);
    expect(server.walletConnections).toBe(100);
    expect(server.world.sessions.size).toBe(3);
    expect(server.walletRequests).toHaveLength(100);
    expect(server.requests).toEqual([]);
  });

  it('is closed by disconnect, by idling ten minutes, and by stop', async () => {
    const server = await clocked({ era: 'F', sessions: 0, services: TCP });
    const first = await greet(server);
    expect(await call(server.port, 'disconnect', [['all']])).toEqual(['disconnecting all sessions']);
    expect(await first.line()).toBeUndefined();
    const second = await greet(server);
    server.pass(660);
    await call(server.port, 'getinfo');
    server.pass(2);
    await call(server.port, 'getinfo');
    expect(await second.line()).toBeUndefined();
    const third = await greet(server);
    expect(await call(server.port, 'stop')).toBe('stopping');
    expect(await third.line()).toBeUndefined();
    await expect(connectWallet(server)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the certificate', () => {
  const serve = async () => clocked({ era: 'F', services: ALL_SERVICES });

  it.each(['ssl', 'wss'] as const)('of %s is self-signed, and valid for a year', async (transport) => {
    const server = await serve();
    const served = (await greet(server, '1.4', transport)).certificate();
    expect(served.subject.CN).toBe('electrum0.example.org');
    expect(Date.parse(served.valid_to)).toBe(START + 365 * DAY_MS);
    const certificate = new X509Certificate(server.certificate ?? '');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.fingerprint256).toBe(served.fingerprint256);
  });

  it('can be set by an option', async () => {
    const file = (name: string) => readFileSync(new URL(`../../fixtures/web-config/${name}`, import.meta.url), 'utf8');
    const certificate = { cert: file('server.pem'), key: file('server.key') };
    const server = await simulator({ era: 'F', services: ALL_SERVICES, certificate });
    const served = (await greet(server, '1.4', 'ssl')).certificate();
    expect(served.fingerprint256).toBe(new X509Certificate(certificate.cert).fingerprint256);
    expect(server.certificate).toBe(certificate.cert);
  });

  it('is absent without a TLS port', async () => {
    expect((await simulator({ era: 'F', services: TCP })).certificate).toBeUndefined();
  });
});

describe('the client ports', () => {
  const refused = (server: Parameters<typeof connectWallet>[0]) =>
    connectWallet(server).then(
      (wallet) => (wallet.close(), 'open'),
      (error: unknown) => (error as NodeJS.ErrnoException).code,
    );

  it('are closed until the index has caught up', async () => {
    const server = await simulator({ era: 'F', scenario: 'initial-sync', services: TCP });
    expect(await refused(server)).toBe('ECONNREFUSED');
    server.setScenario('calm');
    server.world.db.height = server.world.daemon.height;
    server.world.db.caughtUp = true;
    await call(server.port, 'getinfo');
    expect(await refused(server)).toBe('open');
  });

  it('are closed at the limit of sessions, and open again at 95% of it', async () => {
    const server = await clocked({ era: 'F', sessions: 0, maxSessions: 40, services: TCP });
    const wallets = await Promise.all(Array.from({ length: 40 }, () => greet(server)));
    expect(await refused(server)).toBe('ECONNREFUSED');
    expect(await wallets[0]?.call('server.ping')).toBeNull();
    wallets[0]?.close();
    await expect.poll(() => server.openWalletConnections).toBe(39);
    await wallets[1]?.call('server.ping');
    expect(await refused(server)).toBe('ECONNREFUSED');
    wallets[1]?.close();
    await expect.poll(() => server.openWalletConnections).toBe(38);
    await wallets[2]?.call('server.ping');
    expect(await refused(server)).toBe('open');
  });

  it('fail to start on a port that is in use, and leave none open', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    const services = [{ transport: 'tcp' }, { transport: 'ssl', port }] as const;
    await expect(simulator({ era: 'F', services })).rejects.toThrow('EADDRINUSE');
  });

  it('hold each reply back by the delay that is set', async () => {
    const server = await simulator({ era: 'F', services: TCP, replyDelayMs: 30 });
    const before = performance.now();
    const wallet = await greet(server);
    expect(await wallet.call('server.ping')).toBeNull();
    expect(performance.now() - before).toBeGreaterThan(55);
  });

  it('refuse a request that the daemon does not answer in time', async () => {
    const server = await simulator({ era: 'F', services: TCP, scenario: 'daemon-dead', requestTimeoutMs: 20 });
    const wallet = await greet(server);
    const reply = wallet.call('blockchain.transaction.get', ['ab'.repeat(32)]);
    expect(await reply).toEqual({ code: -102, message: 'server busy - request timed out' });
    expect(await wallet.call('blockchain.scripthash.get_balance', [UNUSED_SCRIPT])).toEqual({
      confirmed: 0,
      unconfirmed: 0,
    });
  });
});
