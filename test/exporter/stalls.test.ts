// Connections on which nothing moves any more: they end, whatever they were in the middle of.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { http2To, shakeHands, tcpTo, webConfigOf, webFixture } from '../support/web.ts';

async function exporterThatSpeaks(kind: 'plain' | 'tls'): Promise<TestExporter> {
  const web = kind === 'plain' ? {} : { web: webConfigOf(webFixture('valid/tls.yml')) };
  return exporterFor(await deadPort(), { flags: ['--electrumx.timeout=100ms'], ...web });
}

/** How long, after `open` has done its part, the exporter keeps its side of the connection. */
async function secondsKept(
  open: (exporter: TestExporter) => Promise<unknown>,
  exporter: TestExporter,
): Promise<number> {
  const closed = new Promise((resolve) => {
    const note = (message: unknown) => {
      const { socket } = message as { socket: Socket };
      if (socket.localPort === Number(new URL(exporter.url).port)) socket.once('close', resolve);
    };
    subscribe('net.server.socket', note);
    onTestFinished(() => void unsubscribe('net.server.socket', note));
  });
  await open(exporter);
  const start = performance.now();
  await closed;
  return (performance.now() - start) / 1000;
}

/** Asks for pages without reading any, until the answers can no longer be written. */
async function clog(socket: Socket, { answered }: TestExporter): Promise<void> {
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

/** What opens each connection of HTTP/2: empty settings. Then a PING of seven bytes, where eight are due. */
const BROKEN_PING = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
]);

const CASES: readonly [string, 'plain' | 'tls', (exporter: TestExporter) => Promise<unknown>][] = [
  ['answers that nobody reads', 'plain', async (exporter) => clog(await tcpTo(exporter.url), exporter)],
  [
    'the same over TLS',
    'tls',
    async (exporter) => clog(await shakeHands(exporter.url, { ALPNProtocols: ['http/1.1'] }), exporter),
  ],
  [
    'HTTP/2: a page for which there is no window',
    'tls',
    async ({ url }) => {
      const { session } = await http2To(url, { initialWindowSize: 0 });
      await once(
        session.request({ ':path': '/' }).on('error', () => undefined),
        'response',
      );
    },
  ],
  ['HTTP/2: nothing asked', 'tls', ({ url }) => http2To(url)],
  [
    'HTTP/2: a broken frame from someone who hangs up',
    'tls',
    async ({ url }) => {
      const socket = await shakeHands(url, { ALPNProtocols: ['h2'] });
      socket.resume().end(BROKEN_PING);
      await once(socket, 'finish');
    },
  ],
];

test('A connection is cut when nothing has moved on it for longer than an answer can take', async () => {
  const kept = CASES.map(async ([name, kind, open]) => {
    return [name, await secondsKept(open, await exporterThatSpeaks(kind))] as const;
  });
  // The timeout of 0.1 seconds, and 15 for the way; where a write stalls, Node looks twice.
  for (const [name, seconds] of await Promise.all(kept)) {
    expect([name, seconds < 33 ? 'in time' : seconds]).toEqual([name, 'in time']);
  }
}, 60_000);
