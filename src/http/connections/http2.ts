// HTTP/2 on connections of a TLS server. Node's own server for both versions would not keep the timeouts of HTTP/1.1.
import http2, { type ServerHttp2Session } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { FastifyServerFactory } from 'fastify';
import { MOST_UNANSWERED } from './limits.ts';

/** `maxHeaderListSize` is what Node takes over HTTP/1.1. */
const SETTINGS: http2.Settings = { maxConcurrentStreams: MOST_UNANSWERED, maxHeaderListSize: 16 * 1024 };

/** For GOAWAY to arrive, in milliseconds. */
const FAREWELL_MS = 1_000;

/**
 * Makes a function that serves a connection after its handshake. Sessions end when `server` closes, and when nothing has moved on them for
 * `stallMs`: with an answer that nobody takes, or after a broken frame, Node would keep them for ever.
 */
export function http2Side(
  server: HttpsServer,
  handler: Parameters<FastifyServerFactory>[0],
  stallMs: number,
): (socket: TLSSocket) => void {
  const sessions = new Set<ServerHttp2Session>();
  const answer = handler as unknown as (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void;
  const inner = http2.createServer({ settings: SETTINGS }, answer);
  // Fastify calls it when it stops: sessions end after what they are being answered.
  const closeHttp2Sessions = () => {
    for (const session of sessions) session.close();
  };
  Object.assign(server, { closeHttp2Sessions });
  return (socket) => {
    // at once: the handshake is over
    inner.once('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.setTimeout(stallMs, () => {
        session.close();
        setTimeout(() => socket.destroy(), FAREWELL_MS);
      });
    });
    inner.emit('connection', socket);
  };
}
