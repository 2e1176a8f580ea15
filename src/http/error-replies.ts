// Replies to requests that no page serves: unknown paths, other methods, OPTIONS, and errors.
import type { FastifyBaseLogger } from 'fastify';
import { plugin } from './plugin.ts';
import { sendText } from './replies.ts';

/** Of every page. */
export const ALLOWED_METHODS = 'GET, HEAD';

/** Register it before the pages: it learns their paths while they are added. */
export const errorReplies = plugin<{ readonly log: FastifyBaseLogger }>('error-replies', (app, { log }) => {
  const paths = new Set<string>();
  app.addHook('onRoute', ({ url }) => void paths.add(url));

  app.setNotFoundHandler(({ method, url }, reply) => {
    const path = decodedPath(url);
    if (path !== '*' && !paths.has(path)) return sendText(reply, 404, 'Not found.\n');
    void reply.header('allow', ALLOWED_METHODS);
    if (method === 'OPTIONS') return reply.code(204).send();
    return sendText(reply, 405, `Method not allowed. Allowed: ${ALLOWED_METHODS}.\n`);
  });

  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return sendText(reply, status, `${error.message}\n`);
    log.error({ err: error }, 'request failed');
    return sendText(reply, status, "Internal error; see the exporter's log.\n");
  });
});

/** The path of a URL as the router compares it. For methods without routes it was not decoded yet, so that it can be malformed. */
function decodedPath(url: string): string {
  const [path = ''] = url.split('?', 1);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
