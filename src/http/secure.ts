// The TLS server: certificates and client certificates as the web config asks for them at each new connection.
import http2, { type ServerHttp2Session } from 'node:http2';
import https from 'node:https';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { FastifyServerFactory } from 'fastify';
import { TIMEOUTS } from './limits.ts';
import { namesIn } from './sans.ts';
import type { ServedTls, WebConfig } from './web-config-file.ts';
import type { LiveWebConfig } from './web-config-live.ts';

/** Makes Fastify's server a TLS server, with HTTP/2 for those who ask for it if the file says so; `undefined` without TLS. */
export function secureServer(live: LiveWebConfig): FastifyServerFactory | undefined {
  const { tls, http2: withHttp2 } = live();
  if (tls === undefined) return undefined;
  return (handler) => {
    const ALPNProtocols = [...(withHttp2 ? ['h2'] : []), 'http/1.1'];
    const server = https.createServer({ ...TIMEOUTS, ...tls.context, ...demands(tls), ALPNProtocols }, handler);
    const inForce = keepUp(server, tls, live);
    const serveHttp1 = server.listeners('secureConnection') as ((this: TlsServer, socket: TLSSocket) => void)[];
    const serveHttp2 = http2Side(server, handler);
    // Between the handshake and HTTP: what OpenSSL lets pass is not yet what was asked for.
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket) => {
      if (!admitted(inForce(), socket)) socket.destroy();
      else if (socket.alpnProtocol === 'h2') serveHttp2(socket);
      else for (const listener of serveHttp1) listener.call(server, socket);
    });
    return server;
  };
}

/** Serves HTTP/2 on connections of `server`. Node's server for both versions would not keep the timeouts of HTTP/1.1. */
function http2Side(server: https.Server, handler: Parameters<FastifyServerFactory>[0]): (socket: TLSSocket) => void {
  const sessions = new Set<ServerHttp2Session>();
  const answer = handler as unknown as (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void;
  const inner = http2.createServer({ settings: { maxConcurrentStreams: 100 } }, answer);
  inner.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(TIMEOUTS.keepAliveTimeout, () => session.close());
  });
  // Fastify calls it when it stops: sessions end after what they are being answered.
  const closeHttp2Sessions = () => {
    for (const session of sessions) session.close();
  };
  Object.assign(server, { closeHttp2Sessions });
  return (socket) => void inner.emit('connection', socket);
}

/** Whether clients are asked for a certificate, as Node's TLS server has it in its options and in its properties. */
function demands({ clientAuth }: ServedTls) {
  const rejectUnauthorized = clientAuth === 'RequireAndVerifyClientCert';
  return { requestCert: clientAuth !== 'NoClientCert', rejectUnauthorized };
}

/** Brings the server up to date at each new connection, before its handshake. */
function keepUp(server: TlsServer, first: ServedTls, live: LiveWebConfig): () => ServedTls {
  let inForce: NonNullable<WebConfig['tls']> = first;
  server.prependListener('connection', () => {
    const { tls } = live();
    if (tls === undefined || tls === inForce) return;
    server.setSecureContext(tls.context);
    Object.assign(server, demands(tls));
    inForce = tls;
  });
  return () => inForce;
}

function admitted({ clientAuth, allowedSans }: ServedTls, socket: TLSSocket): boolean {
  const certificate = socket.getPeerX509Certificate();
  const named = () =>
    allowedSans === undefined || namesIn(certificate?.subjectAltName).some((name) => allowedSans.includes(name));
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'RequireAnyClientCert':
      return certificate !== undefined && named();
    case 'VerifyClientCertIfGiven':
      return certificate === undefined || socket.authorized;
    case 'RequireAndVerifyClientCert':
      return certificate !== undefined && socket.authorized && named();
  }
}
