// Stalled connections: each is cut, in any state.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { http2To, shakeHands, tcpTo, webConfigOf, webFixture } from '../support/web.ts';

async function exporterWith(kind: 'plain' | 'tls'): Promise<TestExporter> {
  const web = kind === 'plain' ? {} : { web: webConfigOf(webFixture('valid/tls.yml')) };
  return exporterFor(await deadPort(), { flags: ['--electrumx.timeout=100ms'], ...web });
}

/** How long the exporter keeps the connection after `open` is done, in seconds. */
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

/** Requests pages without reading any, until the exporter can write no more. */
async function clog(socket: Socket, { answered }: TestExporter): Promise<void> {
  socket.pause();
  for (let requested = 8; ; requested += 8) {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(8));
    const all = expect.poll(answered, { interval: 1, timeout: 3000 }).toBe(requested);
    const clogged = await all.then(
      () => false,
      () => true,
    );
    if (clogged) return;
  }
}

/** The preface of HTTP/2 with empty settings, then a PING of seven bytes instead of eight. */
const BROKEN_PING = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
  Buffer.from([0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]),
]);

const CASES: readonly [string, 'plain' | 'tls', (exporter: TestExporter) => Promise<unknown>][] = [
  ['replies that the client does not read', 'plain', async (exporter) => clog(await tcpTo(exporter.url), exporter)],
  [
    'replies that the client does not read, over TLS',
    'tls',
    async (exporter) => clog(await shakeHands(exporter.url, { ALPNProtocols: ['http/1.1'] }), exporter),
  ],
  [
    'HTTP/2: a reply without a flow-control window',
    'tls',
    async ({ url }) => {
      const { session } = await http2To(url, { initialWindowSize: 0 });
      await once(
        session.request({ ':path': '/' }).on('error', () => undefined),
        'response',
      );
    },
  ],
  ['HTTP/2: no request', 'tls', ({ url }) => http2To(url)],
  [
    'HTTP/2: a broken frame, then the end of the stream',
    'tls',
    async ({ url }) => {
      const socket = await shakeHands(url, { ALPNProtocols: ['h2'] });
      socket.resume().end(BROKEN_PING);
      await once(socket, 'finish');
    },
  ],
];

test('a connection without any transfer is cut after the longest time that a reply can take', async () => {
  const kept = CASES.map(async ([name, kind, open]) => {
    return [name, await secondsKept(open, await exporterWith(kind))] as const;
  });
  // A timeout of 0.1 s plus 15 s; where a write stalls, Node checks twice.
  for (const [name, seconds] of await Promise.all(kept)) {
    expect([name, seconds < 33 ? 'in time' : seconds]).toEqual([name, 'in time']);
  }
}, 60_000);
