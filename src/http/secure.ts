// The TLS server: client certificates as asked for, and certificates that are read again when their files have changed.
import http2, { type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import https from 'node:https';
import type { Server as TlsServer, TLSSocket } from 'node:tls';
import type { FastifyBaseLogger, FastifyServerFactory } from 'fastify';
import { readCredentials, stateOfFiles } from './credentials.ts';
import type { TlsSettings } from './tls-config.ts';
import type { ClientAuth } from './tls-names.ts';

/** As long as Fastify lets the connections wait that it opens itself. */
const KEEP_ALIVE_MS = 72_000;

/** Makes Fastify's server a TLS server, with HTTP/2 for those who ask for it if `withHttp2`. Throws if a file cannot be read. */
export function secureServer(tls: TlsSettings, withHttp2: boolean, log: FastifyBaseLogger): FastifyServerFactory {
  return (handler) => {
    const state = stateOfFiles(tls);
    const options = {
      ...readCredentials(tls),
      requestCert: tls.clientAuth !== 'NoClientCert',
      rejectUnauthorized: tls.clientAuth === 'RequireAndVerifyClientCert',
    };
    const server: https.Server = withHttp2 ? http2Server(options, handler) : https.createServer(options, handler);
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    readAgainWhenChanged(server, tls, state, log);
    admitOnly(server, tls.clientAuth);
    return server;
  };
}

type Handler = Parameters<FastifyServerFactory>[0];

function http2Server(options: https.ServerOptions, handler: Handler): https.Server {
  const sessions = new Set<ServerHttp2Session>();
  const server: Http2SecureServer = http2.createSecureServer(
    { ...options, allowHTTP1: true } as http2.SecureServerOptions,
    handler as unknown as (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void,
  );
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(KEEP_ALIVE_MS, () => session.close());
  });
  // Fastify calls it when it stops: sessions end after what they are being answered.
  const closeHttp2Sessions = () => {
    for (const session of sessions) session.close();
  };
  // With allowHTTP1 it is an HTTP/1.1 server as well, which the types do not say.
  return Object.assign(server, { closeHttp2Sessions }) as unknown as https.Server;
}

/** Looks at the files at each new connection, before its handshake: no timer, no watcher, and no restart for a new certificate. */
function readAgainWhenChanged(server: TlsServer, tls: TlsSettings, state: string, log: FastifyBaseLogger): void {
  let seen = state;
  server.prependListener('connection', () => {
    try {
      const now = stateOfFiles(tls);
      if (now === seen) return;
      seen = now;
      server.setSecureContext(readCredentials(tls));
      log.info({ certificate: tls.certFile }, 'certificate files read again');
    } catch (error) {
      // Half of a new pair may be written: the old pair serves until the files change once more.
      log.error(
        { err: error, certificate: tls.certFile },
        'certificate files changed and are of no use; serving with the old ones',
      );
    }
  });
}

/** Puts itself between the handshake and HTTP: what OpenSSL lets pass is not yet what was asked for. */
function admitOnly(server: TlsServer, clientAuth: ClientAuth): void {
  const serve = server.listeners('secureConnection') as ((this: TlsServer, socket: TLSSocket) => void)[];
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket) => {
    if (!admitted(clientAuth, socket)) socket.destroy();
    else for (const listener of serve) listener.call(server, socket);
  });
}

function admitted(clientAuth: ClientAuth, socket: TLSSocket): boolean {
  const hasCertificate = socket.getPeerX509Certificate() !== undefined;
  switch (clientAuth) {
    case 'NoClientCert':
    case 'RequestClientCert':
      return true;
    case 'RequireAnyClientCert':
      return hasCertificate;
    case 'VerifyClientCertIfGiven':
      return !hasCertificate || socket.authorized;
    case 'RequireAndVerifyClientCert':
      return hasCertificate && socket.authorized;
  }
}
