// HTTP/2 on the connections of a TLS server. Node's server for both versions would not apply the timeouts of HTTP/1.1.
import http2, { type ServerHttp2Session } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { FastifyServerFactory } from 'fastify';
import { MAX_PENDING_REQUESTS } from './limits.ts';

/** `maxHeaderListSize` is Node's limit for HTTP/1.1. */
const SETTINGS: http2.Settings = { maxConcurrentStreams: MAX_PENDING_REQUESTS, maxHeaderListSize: 16 * 1024 };

/** How long a GOAWAY frame has to reach the client before its connection is cut. */
const GOAWAY_GRACE_MS = 1_000;

/**
 * Makes a function that serves a connection after its handshake. Sessions end when `server` closes. They also end after `stallMs` without
 * any transfer: with a response that the client does not read, or after a broken frame, Node would keep them forever.
 */
export function createHttp2Handler(
  server: HttpsServer,
  handler: Parameters<FastifyServerFactory>[0],
  stallMs: number,
): (socket: TLSSocket) => void {
  const sessions = new Set<ServerHttp2Session>();
  const listener = handler as unknown as (
    request: http2.Http2ServerRequest,
    response: http2.Http2ServerResponse,
  ) => void;
  const inner = http2.createServer({ settings: SETTINGS }, listener);
  // Fastify calls this on close: sessions end after their pending responses.
  const closeHttp2Sessions = () => {
    for (const session of sessions) session.close();
  };
  Object.assign(server, { closeHttp2Sessions });
  return (socket) => {
    // The event comes synchronously, since the handshake is done.
    inner.once('session', (session) => {
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.setTimeout(stallMs, () => {
        session.close();
        setTimeout(() => socket.destroy(), GOAWAY_GRACE_MS);
      });
    });
    inner.emit('connection', socket);
  };
}
