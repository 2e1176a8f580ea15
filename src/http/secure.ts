// The TLS server: certificates and client certificates as the web config asks for them at each new connection.
import http2, { type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
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
    const options = { ...TIMEOUTS, ...tls.context, ...demands(tls) };
    const server: https.Server = withHttp2 ? http2Server(options, handler) : https.createServer(options, handler);
    const inForce = keepUp(server, tls, live);
    admitOnly(server, inForce);
    return server;
  };
}

type Handler = Parameters<FastifyServerFactory>[0];

function http2Server(options: https.ServerOptions, handler: Handler): https.Server {
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2SecureServer = http2.createSecureServer(
    { ...options, allowHTTP1: true, settings: { maxConcurrentStreams: 100 } } as http2.SecureServerOptions,
    handler as unknown as (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void,
  );
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(TIMEOUTS.keepAliveTimeout, () => session.close());
  });
  // Fastify calls it when it stops: sessions end after what they are being answered.
  const closeHttp2Sessions = () => {
    for (const session of sessions) session.close();
  };
  // With allowHTTP1 it is an HTTP/1.1 server as well, which the types do not say.
  return Object.assign(server, { closeHttp2Sessions }) as unknown as https.Server;
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

/** Puts itself between the handshake and HTTP: what OpenSSL lets pass is not yet what was asked for. */
function admitOnly(server: TlsServer, inForce: () => ServedTls): void {
  const serve = server.listeners('secureConnection') as ((this: TlsServer, socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (!admitted(inForce(), socket)) socket.destroy();
    else for (const listener of serve) listener.call(server, socket);
  });
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
