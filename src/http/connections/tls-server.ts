// The TLS server: certificates and client certificates as the web config asks for them at each new connection.
import https from 'node:https';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { FastifyServerFactory } from 'fastify';
import { http2Side } from './http2.ts';
import { fewAtATime, TIMEOUTS } from './limits.ts';
import { namesIn } from './subject-alt-names.ts';
import type { ServedTls, WebConfig } from '../web-config/read.ts';
import type { LiveWebConfig } from '../web-config/reload.ts';

/**
 * Makes Fastify's server a TLS server, with HTTP/2 for those who ask for it if the file says so; `undefined` without TLS. Connections on which
 * nothing moves for `stallMs` are cut.
 */
export function secureServer(live: LiveWebConfig, stallMs: number): FastifyServerFactory | undefined {
  const { tls, http2: withHttp2 } = live();
  if (tls === undefined) return undefined;
  return (handler) => {
    const ALPNProtocols = [...(withHttp2 ? ['h2'] : []), 'http/1.1'];
    const options = { ...TIMEOUTS, ...tls.context, ...demands(tls), ALPNProtocols };
    const server = https.createServer(options, fewAtATime(handler)).setTimeout(stallMs);
    const inForce = keepUp(server, tls, live);
    const serveHttp1 = server.listeners('secureConnection') as ((this: TlsServer, socket: TLSSocket) => void)[];
    const serveHttp2 = http2Side(server, handler, stallMs);
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
