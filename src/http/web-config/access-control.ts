// What each request has to pass before it gets a page, as the web config file says at that moment: rate limit, then password.
import type { FastifyReply, onRequestAsyncHookHandler } from 'fastify';
import { createCheck, credentials } from './basic-auth.ts';
import { hangUpAfter } from '../connections/graceful-shutdown.ts';
import { createLimiter } from './rate-limit.ts';
import type { LiveWebConfig } from './reload.ts';

/** A hook for all pages, health pages and unknown paths too; it also sets the headers that the file asks for. */
export function guard(live: LiveWebConfig): onRequestAsyncHookHandler {
  const check = createCheck();
  const passes = createLimiter(() => performance.now());
  return async (request, reply) => {
    const { rateLimit, headers, users } = live();
    if (!passes(rateLimit)) return refuse(reply, 429, 'Too many requests.\n');
    reply.headers(headers);
    if (users.size === 0) return;
    const given = credentials(request.headers.authorization);
    const verdict = given ? await check(users, given, request.ip) : 'wrong';
    if (verdict === 'right') return;
    if (verdict === 'busy') return refuse(reply.header('retry-after', '1'), 503, 'Too many attempts to log in.\n');
    reply.header('www-authenticate', 'Basic realm="electrumx-exporter", charset="UTF-8"');
    return refuse(reply, 401, 'User and password, please.\n');
  };
}

/** Whoever is refused does not keep the connection, of which there are only so many. */
function refuse(reply: FastifyReply, status: number, text: string): FastifyReply {
  hangUpAfter(reply);
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}
