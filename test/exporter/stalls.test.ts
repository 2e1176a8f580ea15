// Connections on which nothing moves any more: they end, whatever they were in the middle of.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import http2 from 'node:http2';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { shakeHands, webConfigOf, webFixture } from '../support/web.ts';

const SHORT = ['--electrumx.timeout=100ms'];
async function plainUrl(): Promise<string> {
  return (await exporterFor(await deadPort(), { flags: SHORT })).url;
}

async function tlsUrl(): Promise<string> {
  return (await exporterFor(await deadPort(), { flags: SHORT, web: webConfigOf(webFixture('valid/tls.yml')) })).url;
}

/** How long, after `open` has done its part, the exporter keeps its side of the connection. */
async function secondsKept(open: (url: string) => Promise<unknown>, url: string): Promise<number> {
  const closed = new Promise((resolve) => {
    const note = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      if (socket.localPort === Number(new URL(url).port)) socket.once('close', resolve);
    };
    subscribe('net.server.socket', note);
    onTestFinished(() => void unsubscribe('net.server.socket', note));
  });
  await open(url);
  const start = performance.now();
  await closed;
  return (performance.now() - start) / 1000;
}

/** Asks for pages without reading any, until the answers can no longer be written. */
async function clog(socket: Socket, url: string): Promise<void> {
  const answered = countAnswers(Number(new URL(url).port));
  socket.pause();
  for (let asked = 8; ; asked += 8) {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8));
    const all = expect.poll(answered, { interval: 1, timeout: 3000 }).toBe(asked);
    const clogged = await all.then(
      () => false,
      () => true,
    );
    if (clogged) return;
  }
}

/** Counts answers from the port that are out of Node's hands. */
function countAnswers(port: number): () => number {
  const channel = 'http.server.response.finish';
  let count = 0;
  const note = (message: unknown) => {
    if ((message as { request: IncomingMessage }).request.socket.localPort === port) count += 1;
  };
  subscribe(channel, note);
  onTestFinished(() => void unsubscribe(channel, note));
  return () => count;
}

/** A session that has said all it must. */
async function http2Session(url: string, settings: http2.Settings = {}): Promise<http2.ClientHttp2Session> {
  const session = http2.connect(url, { ca: readFileSync(webFixture('ca.pem')), settings });
  onTestFinished(() => session.destroy());
  await once(session, 'remoteSettings');
  return session;
}

/** What opens each connection of HTTP/2: empty settings. Then a PING of seven bytes, where eight are due. */
const BROKEN_PING = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
]);

const CASES: readonly [string, () => Promise<string>, (url: string) => Promise<unknown>][] = [
  [
    'answers that nobody reads',
    plainUrl,
    async (url) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      await once(socket, 'connect');
      await clog(socket, url);
    },
  ],
  ['the same over TLS', tlsUrl, async (url) => clog(await shakeHands(url, { ALPNProtocols: ['http/1.1'] }), url)],
  [
    'HTTP/2: a page for which there is no window',
    tlsUrl,
    async (url) => {
      const session = await http2Session(url, { initialWindowSize: 0 });
      await once(
        session.request({ ':path': '/' }).on('error', () => undefined),
        'response',
      );
    },
  ],
  ['HTTP/2: nothing asked', tlsUrl, http2Session],
  [
    'HTTP/2: a broken frame from someone who hangs up',
    tlsUrl,
    async (url) => {
      const socket = await shakeHands(url, { ALPNProtocols: ['h2'] });
      socket.resume().end(BROKEN_PING);
      await once(socket, 'finish');
    },
  ],
];

test('A connection is cut when nothing has moved on it for longer than an answer can take', async () => {
  const kept = CASES.map(async ([name, server, open]) => [name, await secondsKept(open, await server())] as const);
  // The timeout of 0.1 seconds, and 15 for the way; where a write stalls, Node looks twice.
  for (const [name, seconds] of await Promise.all(kept)) {
    expect([name, seconds < 33 ? 'in time' : seconds]).toEqual([name, 'in time']);
  }
}, 60_000);
