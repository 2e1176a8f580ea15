// Access control by the web configuration in force: rate limit first, then basic authentication.
import { plugin } from '../plugin.ts';
import { refuse } from '../replies.ts';
import { createAuthenticator, parseAuthorization } from './basic-auth.ts';
import { createTokenBucket } from './rate-limit.ts';
import type { LiveWebConfig } from './reload.ts';

/** Applies to all requests, also to health checks and unknown paths. Sets the response headers of the file, too. */
export const accessControl = plugin<{ readonly live: LiveWebConfig }>('access-control', (app, { live }) => {
  const authenticate = createAuthenticator();
  const takeToken = createTokenBucket(() => performance.now());
  app.addHook('onRequest', async (request, reply) => {
    const { rateLimit, headers, users } = live.current();
    if (!takeToken(rateLimit)) return refuse(reply, 429, 'Too many requests.\n');
    reply.headers(headers);
    if (users.size === 0) return;
    const credentials = parseAuthorization(request.headers.authorization);
    const verdict = credentials ? await authenticate(users, credentials, request.ip) : 'wrong';
    if (verdict === 'right') return;
    if (verdict === 'busy') return refuse(reply.header('retry-after', '1'), 503, 'Too many login attempts.\n');
    reply.header('www-authenticate', 'Basic realm="electrumx-exporter", charset="UTF-8"');
    return refuse(reply, 401, 'Authentication required.\n');
  });
});
