// Limits on clients: each connection ends, none costs much, and valid requests are answered.
import { once } from 'node:events';
import type http2 from 'node:http2';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { deadPort, electrumx } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { http2To, shakeHands, tcpTo, webConfigOf, webFixture } from '../support/web.ts';

const KINDS = ['plain', 'tls', 'tls-without-http2'] as const;

async function exporterThatSpeaks(kind: (typeof KINDS)[number], rpcPort?: number): Promise<TestExporter> {
  const web = kind === 'plain' ? {} : { web: webConfigOf(webFixture(`valid/${kind}.yml`)) };
  return exporterFor(rpcPort ?? (await deadPort()), web);
}

/** A connection on which HTTP/1.1 can be spoken. */
function connectionTo(url: string): Promise<Socket> {
  return url.startsWith('https:') ? shakeHands(url, { ALPNProtocols: ['http/1.1'] }) : tcpTo(url);
}

/** All that comes until the other side ends the connection. */
function heard(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** The status lines of the answers, once the other side has ended the connection. */
async function answersTo(url: string, request: string): Promise<string[]> {
  const socket = await connectionTo(url);
  const text = heard(socket);
  socket.write(request);
  return [...(await text).matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
}

const GET = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');

test('a connection ends when it is silent or sends without end, with TLS and without', async () => {
  const tries = KINDS.map(async (kind) => {
    const { url } = await exporterThatSpeaks(kind);
    const drip = (socket: Socket) => {
      const timer = setInterval(() => socket.write('a'), 500);
      socket.once('close', () => clearInterval(timer));
    };
    const silent = heard(await tcpTo(url));
    const idle = heard(await connectionTo(url));
    const headers = await connectionTo(url);
    headers.write('GET /metrics HTTP/1.1\r\nHost: x\r\nA: ');
    const body = await connectionTo(url);
    body.write('POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n');
    for (const socket of [headers, body]) drip(socket);
    const said = await Promise.all([silent, idle, heard(headers), heard(body)]);
    return said.map((text) => text.slice(9, 12));
  });
  // A body is not waited for: its answer is there at once, and the connection ends later.
  expect(await Promise.all(tries)).toEqual([
    ['408', '408', '408', '405'],
    ['', '408', '408', '405'],
    ['', '408', '408', '405'],
  ]);
}, 25_000);

describe.each(KINDS)('Over %s', (kind) => {
  test.each([
    ['headers of 20 kB', GET('/', `A: ${'a'.repeat(20_000)}`), ['431']],
    ['a path of 20 kB', GET(`/${'a'.repeat(20_000)}`), ['431']],
    ['a path of 10 kB', GET(`/${'a'.repeat(10_000)}`, 'Connection: close'), ['404']],
    ['no HTTP', 'rubbish\r\n\r\n', ['400']],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', ['400']],
    ['a method of others', 'PROPFIND / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', ['405']],
    ['a wish for a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', ['405']],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', ['400']],
    ['two lengths', GET('/', 'Content-Length: 1', 'Transfer-Encoding: chunked'), ['400']],
    [
      'one request after the other without waiting',
      GET('/').repeat(3) + GET('/-/ready', 'Connection: close'),
      ['200', '200', '200', '200'],
    ],
    ['sixteen requests at once', GET('/').repeat(15) + GET('/', 'Connection: close'), Array(16).fill('200')],
    ['more at once than anyone needs', GET('/metrics').repeat(17), []],
  ])('%s', async (_, request, statuses) => {
    const { url } = await exporterThatSpeaks(kind);
    expect(await answersTo(url, request)).toEqual(statuses);
  });

  test('a half-closed connection gets a reply', async () => {
    const { url } = await exporterThatSpeaks(kind);
    const socket = await connectionTo(url);
    const text = heard(socket);
    socket.end(GET('/-/healthy'));
    expect(await text).toMatch(/^HTTP\/1\.1 200 [^]*The exporter is healthy\.\n/);
  });

  test('the 257th connection is closed', async () => {
    const { url } = await exporterThatSpeaks(kind);
    const sockets = await Promise.all(Array.from({ length: 256 }, () => tcpTo(url)));
    const late = await tcpTo(url);
    await heard(late);
    expect(sockets.filter(({ closed }) => closed)).toHaveLength(0);
    sockets[0]?.destroy();
    await expect.poll(() => answersTo(url, GET('/-/healthy', 'Connection: close')).catch(() => [])).toEqual(['200']);
  });
});

test('of 160 simultaneous scrapes on ten connections 40 are rendered, and ElectrumX is queried once', async () => {
  const simulator = await electrumx();
  simulator.fail('getinfo', 'hang');
  const { url, received, get } = await exporterThatSpeaks('plain', simulator.port);
  const sixteen = GET('/metrics').repeat(15) + GET('/metrics', 'Connection: close');
  const answers = Promise.all(Array.from({ length: 10 }, () => answersTo(url, sixteen)));
  await expect.poll(received).toBe(160);
  expect((await get('/metrics')).status).toBe(503);
  simulator.recover();
  const statuses = (await answers).flat();
  expect([statuses.length, statuses.filter((status) => status === '200').length]).toEqual([160, 40]);
  expect(new Set(statuses)).toEqual(new Set(['200', '503']));
  expect(simulator.connections).toBe(1);
  expect((await get('/metrics')).status).toBe(200);
});

test('HTTP/2 allows 16 streams at a time, and headers of 16 kB', async () => {
  const { url } = await exporterThatSpeaks('tls');
  const { session, remote } = await http2To(url);
  expect(remote.maxConcurrentStreams).toBe(16);
  const withHeader = async (bytes: number) => {
    const stream = session.request({ ':path': '/', a: 'a'.repeat(bytes) });
    const [what] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    return what[':status'];
  };
  expect(await withHeader(10_000)).toBe(200);
  await expect(withHeader(20_000)).rejects.toThrow('NGHTTP2_ENHANCE_YOUR_CALM');
});
