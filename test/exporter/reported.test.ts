// What people reported of other exporters and of version 1.0.0, one test for each kind of fault that concerns the exporter.
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { series } from '../support/exposition.ts';
import { find, passer } from '../support/pipeline.ts';
import { addressOf, start } from '../support/process.ts';

const SERVICES = 'ssl://electrum0.example.org:50002';

/** A server that answers each connection as `serve` does. */
async function served(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

describe('The limit of sessions', () => {
  test.each([
    [{}, 1000, 'default'],
    [{ MAX_SESSIONS: '674' }, 674, 'env'],
    [{ MAX_SESSIONS: ' 1_000\r\n' }, 1000, 'env'],
  ])('with %j is %i, from %s', async (env, limit, source) => {
    const exposition = await (await exporterFor((await electrumx()).port, { env })).scrape();
    expect(series(exposition, 'electrumx_sessions_limit')).toEqual({ '': limit });
    expect(series(exposition, 'electrumx_sessions_limit_info')).toEqual({ [`{source="${source}"}`]: 1 });
  });
});

describe("The server's own entry among the peers", () => {
  const isExpected = async (env: Record<string, string>) =>
    (await (await exporterFor((await electrumx()).port, { env })).scrape()).types.has('electrumx_peer_self_good');

  test.each(['', ' ', '\r\n'])('is not expected with PEER_ANNOUNCE=%j', async (PEER_ANNOUNCE) => {
    expect(await isExpected({ REPORT_SERVICES: SERVICES, PEER_ANNOUNCE })).toBe(false);
  });

  test.each(['Yes', 'off', '0'])('is expected with PEER_ANNOUNCE=%s', async (PEER_ANNOUNCE) => {
    expect(await isExpected({ REPORT_SERVICES: SERVICES, PEER_ANNOUNCE })).toBe(true);
  });

  test.each([
    ['tcp://192.168.1.5:50001', false],
    ['tcp://100.64.0.7:50001,ssl://[fd12::7]:50002', false],
    ['tcp://192.168.1.5:50001,ssl://electrum0.example.org:50002', true],
    ['tcp://8.8.8.8:50001', true],
    ['ssl://[2a01::1]:50002', true],
    ['tcp://172.32.0.1:50001', true],
  ])('of REPORT_SERVICES=%s is expected: %s', async (REPORT_SERVICES, expected) => {
    expect(await isExpected({ REPORT_SERVICES })).toBe(expected);
  });

  test.each(['off', 'self', ' OFF\n', ''])('is not expected with PEER_DISCOVERY=%j', async (PEER_DISCOVERY) => {
    const env = { REPORT_SERVICES: SERVICES, PEER_DISCOVERY };
    const exposition = await (await exporterFor((await electrumx()).port, { env })).scrape();
    expect(exposition.types.has('electrumx_peer_self_good')).toBe(false);
  });

  test.each([undefined, 'on', 'ON '])('is expected with PEER_DISCOVERY=%j', async (discovery) => {
    const env = { REPORT_SERVICES: SERVICES, ...(discovery !== undefined && { PEER_DISCOVERY: discovery }) };
    const exposition = await (await exporterFor((await electrumx()).port, { env })).scrape();
    expect(exposition.types.has('electrumx_peer_self_good')).toBe(true);
  });
});

test('Ten thousand clients with a name each take less than 2.5 times as long as clients that share a few', async () => {
  const passes = passer();
  const replyWith = (name: (id: number) => string) =>
    Buffer.from(
      JSON.stringify({
        jsonrpc: '2.0',
        result: Array.from({ length: 10_000 }, (_, id) => [
          id,
          'T10',
          'x',
          name(id),
          '1.4',
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          1,
        ]),
        id: 0,
      }),
    );
  const shared = replyWith((id) => `electrum/4.${id % 6}.0`);
  const different = replyWith((id) => `w${id}\u00e9"/1.${id % 99}`);
  const milliseconds = async (line: Buffer) => {
    const started = performance.now();
    await passes([await find('sessions', line)]).expose('text');
    return performance.now() - started;
  };
  const times = { shared: Infinity, different: Infinity };
  for (let round = 0; round < 20; round += 1) {
    times.shared = Math.min(times.shared, await milliseconds(shared));
    times.different = Math.min(times.different, await milliseconds(different));
  }
  expect(times.different / times.shared).toBeLessThan(2.5);
});

test('A failover to another port of the same host is seen, although the first URL has no port', async () => {
  const getinfo = { uptime: '42s', daemon: '127.0.0.1:8335/', 'daemon height': 1 };
  const { port } = await electrumx({
    replies: { getinfo: JSON.stringify({ jsonrpc: '2.0', result: getinfo, id: 0 }) },
  });
  const env = { DAEMON_URL: 'http://u:p@127.0.0.1,http://u:p@127.0.0.1:8335' };
  const exposition = await (await exporterFor(port, { env })).scrape();
  expect(series(exposition, 'electrumx_daemon_primary')).toEqual({ '': 0 });
});

describe('A port that is not that of LocalRPC', () => {
  test.each<readonly [string, (socket: Socket) => void, RegExp]>([
    [
      'of wallets',
      (socket) => void socket.once('data', () => socket.end(METHOD_NOT_FOUND)),
      /looks like a client port/,
    ],
    ['of TLS', (socket) => void socket.once('data', () => socket.end(TLS_ALERT)), /looks like a TLS port/],
    ['of bitcoind', (socket) => void socket.once('data', () => socket.end(HTTP_ERROR)), /looks like an HTTP port/],
    ['of SSH', (socket) => void socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'), /looks like the port of another program/],
    ['that closes at once', (socket) => void socket.end(), /looks like a TLS port or a WebSocket port/],
    [
      'that sends binary data without a line',
      (socket) => void socket.once('data', () => socket.write(Buffer.alloc(8, 0xff))),
      /looks like the port of another program/,
    ],
  ])('%s is recognised in the log and on the landing page', async (_, serve, hint) => {
    const exporter = await exporterFor(await served(serve), { flags: ['--electrumx.timeout=1s'] });
    expect(series(await exporter.scrape(), 'electrumx_up')).toEqual({ '': 0 });
    expect(JSON.stringify(exporter.logged)).toMatch(hint);
    expect(await (await exporter.get('/')).text()).toMatch(hint);
  });

  const METHOD_NOT_FOUND = `${JSON.stringify({
    jsonrpc: '2.0',
    error: { code: -32601, message: 'unknown method "getinfo"' },
    id: 1,
  })}\n`;
  const TLS_ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 10]);
  const HTTP_ERROR = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';
});

test('SIGHUP does not end the exporter, and is one line in the log', async () => {
  const { port } = await electrumx();
  const flags = [`--electrumx.rpc-address=127.0.0.1:${port}`, '--web.listen-address=127.0.0.1:0'];
  const exporter = start(flags);
  const url = await addressOf(exporter);
  await expect.poll(exporter.stderr).toContain('"msg":"started"');
  exporter.kill('SIGHUP');
  await expect.poll(exporter.stderr).toContain('nothing to reload');
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
});

test('SIGHUP, as from a terminal that is closed, does not end the demo', async () => {
  const demo = start(['demo', '--web.listen-address=127.0.0.1:0']);
  await expect.poll(demo.stdout, { timeout: 10_000 }).toContain('Ctrl-C');
  const url = /metrics\s+(http:\S+)/.exec(demo.stdout())?.[1] ?? '';
  demo.kill('SIGHUP');
  expect((await fetch(url)).status).toBe(200);
  demo.kill('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0 });
});
