// The web server: a Fastify server on limited connections, with one plugin per concern.
import http from 'node:http';
import type { Socket } from 'node:net';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerFactory,
} from 'fastify';
import { compression } from './compress.ts';
import { gracefulShutdown } from './connections/graceful-shutdown.ts';
import { limitPipelining, MAX_CONNECTIONS, stallTimeout, TIMEOUTS } from './connections/limits.ts';
import { ALLOWED_METHODS, errorReplies } from './error-replies.ts';
import { pageRoutes, type Pages } from './pages.ts';
import type { Protection } from './protection.ts';
import { refuse } from './replies.ts';
import { requestSyntax, toOriginForm } from './request-syntax.ts';

/** No route has a schema, so Fastify's schema compilers need not be loaded. */
const WITHOUT_SCHEMAS = { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } };

/**
 * Builds a server that does not listen yet; without `protection` it serves plain HTTP without authentication. It logs no requests, since they
 * would put client addresses into the log.
 */
export function createServer(pages: Pages, log: FastifyBaseLogger, protection?: Protection): FastifyInstance {
  const stallMs = stallTimeout(pages.timeoutMs);
  const plainServer: FastifyServerFactory = (handler) =>
    http.createServer(TIMEOUTS, limitPipelining(handler)).setTimeout(stallMs);
  const app = fastify({
    serverFactory: protection?.serverFactory(stallMs) ?? plainServer,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    schemaController: WITHOUT_SCHEMAS,
    rewriteUrl: ({ url = '/' }) => toOriginForm(url),
    frameworkErrors: (_error, _request, reply) => void refuse(reply as FastifyReply, 400, 'Malformed path.\n'),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.server.on('connect', (_: http.IncomingMessage, socket: Socket) => refuseConnect(socket));
  ignoreBodies(app);
  app.register(gracefulShutdown, { timeoutMs: pages.timeoutMs });
  app.register(requestSyntax, {});
  // Before the routes, so that none is without it.
  protection?.register(app);
  app.register(compression, {});
  app.register(errorReplies, { log });
  app.register(pageRoutes, { pages });
  return app;
}

/** Without this, Node closes the connection of a CONNECT request without a reply. */
function refuseConnect(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.write(
    `HTTP/1.1 405 Method Not Allowed\r\nAllow: ${ALLOWED_METHODS}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  socket.destroySoon();
}

/** No page reads a body: replies do not wait for its last byte. */
function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

function noSchemas(): never {
  throw new Error('no route has a schema');
}
