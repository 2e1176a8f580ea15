// The TLS server. Each new connection gets the certificates and the client authentication of the web configuration in force.
import https from 'node:https';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { FastifyServerFactory } from 'fastify';
import type { ServedTls } from '../web-config/read.ts';
import type { LiveWebConfig } from '../web-config/reload.ts';
import { createHttp2Handler } from './http2.ts';
import { limitPipelining, TIMEOUTS } from './limits.ts';
import { parseSubjectAltNames } from './subject-alt-names.ts';

/** A factory for Fastify; `undefined` if the file does not configure TLS. Connections without any transfer for `stallMs` are cut. */
export function tlsServerFactory(live: LiveWebConfig, stallMs: number): FastifyServerFactory | undefined {
  const { tls, http2: withHttp2 } = live.current();
  if (tls === undefined) return undefined;
  return (handler) => {
    const ALPNProtocols = [...(withHttp2 ? ['h2'] : []), 'http/1.1'];
    const options = { ...TIMEOUTS, ...tls.context, ...clientAuthOptions(tls), ALPNProtocols };
    const server = https.createServer(options, limitPipelining(handler)).setTimeout(stallMs);
    const inForce = followConfig(server, tls, live);
    const serveHttp1 = server.listeners('secureConnection') as ((this: TlsServer, socket: TLSSocket) => void)[];
    const serveHttp2 = createHttp2Handler(server, handler, stallMs);
    // Between handshake and HTTP, since OpenSSL does not check all that the file can require of a client certificate.
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket) => {
      if (!isAdmitted(inForce(), socket)) socket.destroy();
      else if (socket.alpnProtocol === 'h2') serveHttp2(socket);
      else for (const listener of serveHttp1) listener.call(server, socket);
    });
    return server;
  };
}

/** Client authentication as options, and as properties, of Node's TLS server. */
function clientAuthOptions({ clientAuth }: ServedTls) {
  const rejectUnauthorized = clientAuth === 'RequireAndVerifyClientCert';
  return { requestCert: clientAuth !== 'NoClientCert', rejectUnauthorized };
}

/** Updates the server at each new connection, before its handshake. Returns the settings in force. */
function followConfig(server: TlsServer, first: ServedTls, live: LiveWebConfig): () => ServedTls {
  let inForce = first;
  server.prependListener('connection', () => {
    const { tls } = live.current();
    if (tls === undefined || tls === inForce) return;
    server.setSecureContext(tls.context);
    Object.assign(server, clientAuthOptions(tls));
    inForce = tls;
  });
  return () => inForce;
}

function isAdmitted({ clientAuth, allowedSans }: ServedTls, socket: TLSSocket): boolean {
  const certificate = socket.getPeerX509Certificate();
  const hasAllowedName = () =>
    allowedSans === undefined ||
    parseSubjectAltNames(certificate?.subjectAltName).some((name) => allowedSans.includes(name));
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'RequireAnyClientCert':
      return certificate !== undefined && hasAllowedName();
    case 'VerifyClientCertIfGiven':
      return certificate === undefined || socket.authorized;
    case 'RequireAndVerifyClientCert':
      return certificate !== undefined && socket.authorized && hasAllowedName();
  }
}
