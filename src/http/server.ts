// The web server: metrics, a landing page, and two health pages that never touch ElectrumX.
import http from 'node:http';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerFactory,
} from 'fastify';
import { compress } from './compress.ts';
import { scrapeTimeoutMs } from './scrape-timeout.ts';
import { hangUpWhenClosing } from './connections/graceful-shutdown.ts';
import { guard } from './web-config/access-control.ts';
import { landingPage, type LandingFacts } from './landing.ts';
import { fewAtATime, MOST_CONNECTIONS, MOST_SCRAPES, stallTimeout, TIMEOUTS } from './connections/limits.ts';
import { acceptedFormat } from './negotiate.ts';
import { secureServer } from './connections/tls-server.ts';
import type { LiveWebConfig } from './web-config/reload.ts';

/** No page has a schema, so what Fastify would compile them with need not be in memory. */
const WITHOUT_SCHEMAS = { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } };

const NOT_FOUND = 'Not found. The start page is /.\n';

/** What the server shows; it knows nothing of how. */
export interface Pages {
  readonly telemetryPath: string;
  readonly timeoutMs: number;
  /** One scrape, as text with its content type. */
  readonly metrics: (
    format: 'text' | 'openmetrics',
    timeoutMs: number,
  ) => Promise<{ contentType: string; body: string }>;
  readonly landing: () => LandingFacts;
}

/**
 * Builds a server that is not listening yet; without `web` it is plain HTTP for everyone. It logs no requests: a scrape is no news,
 * and addresses stay out of the log.
 */
export function createServer(pages: Pages, log: FastifyBaseLogger, web?: LiveWebConfig): FastifyInstance {
  const stallMs = stallTimeout(pages.timeoutMs);
  const plainServer: FastifyServerFactory = (handler) =>
    http.createServer(TIMEOUTS, fewAtATime(handler)).setTimeout(stallMs);
  const app = fastify({
    serverFactory: (web && secureServer(web, stallMs)) ?? plainServer,
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    schemaController: WITHOUT_SCHEMAS,
    frameworkErrors: (_error, _request, reply) => void plain(reply as FastifyReply, 404, NOT_FOUND),
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  hangUpWhenClosing(app, pages.timeoutMs);
  ignoreBodies(app);
  // Before all plugins and routes, so that no page goes without.
  if (web) app.addHook('onRequest', guard(web));
  app.addHook('onSend', compress);
  addPages(app, pages);
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ err: error }, 'request failed');
    return plain(
      reply,
      status,
      status >= 500 ? 'Internal error; see the log of the exporter.\n' : `${error.message}\n`,
    );
  });
  return app;
}

function addPages(app: FastifyInstance, pages: Pages): void {
  let scrapes = 0;
  app.get(pages.telemetryPath, async ({ headers }, reply) => {
    if (scrapes >= MOST_SCRAPES) return plain(reply.header('retry-after', '1'), 503, 'Too many scrapes at a time.\n');
    scrapes += 1;
    const timeoutMs = scrapeTimeoutMs(pages.timeoutMs, headers['x-prometheus-scrape-timeout-seconds']);
    const { contentType, body } = await pages
      .metrics(acceptedFormat(headers.accept), timeoutMs)
      .finally(() => (scrapes -= 1));
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(body);
  });
  app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(landingPage(pages.landing())));
  app.get('/-/healthy', (_, reply) => plain(reply, 200, 'The exporter is healthy.\n'));
  app.get('/-/ready', (_, reply) => plain(reply, 200, 'The exporter is ready.\n'));
  app.setNotFoundHandler((_, reply) => plain(reply, 404, NOT_FOUND));
}

/** No page reads one: nobody has to wait until the last byte of it has arrived. */
function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}

function noSchemas(): never {
  throw new Error('no page has a schema');
}
