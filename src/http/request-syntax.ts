// Refuses HTTP/1 requests that RFC 9112 calls malformed and that Node's parser lets pass.
import { IncomingMessage } from 'node:http';
import { plugin } from './plugin.ts';
import { refuse } from './replies.ts';

/** The absolute form of a request target, as sent to proxies; servers must accept it, too (RFC 9112, section 3.2.2). */
const ABSOLUTE_FORM = /^https?:\/\/([^/?#]+)/i;

/** A host and an optional port (RFC 3986, section 3.2): a name, an IPv4 address, or an IP literal in brackets; may be empty. */
const HOST = /^(?:\[[\w.:~%-]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(?::\d*)?$/i;

/** The path and query of a request target in absolute form; any other one as it is. */
export function toOriginForm(target: string): string {
  const path = target.replace(ABSOLUTE_FORM, '');
  return path === target || path.startsWith('/') ? path : `/${path}`;
}

/** Before access control: a malformed request gets no further. */
export const requestSyntax = plugin('request-syntax', (app) => {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw, originalUrl } = request;
    const error = raw instanceof IncomingMessage ? syntaxError(raw, originalUrl) : undefined;
    if (error === undefined) done();
    else refuse(reply, 400, `Bad request: ${error}.\n`);
  });
});

function syntaxError({ httpVersion, method, headersDistinct }: IncomingMessage, target: string): string | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'unsupported HTTP version';
  if (target === '*' ? method !== 'OPTIONS' : !isTarget(target)) return 'malformed request target';
  const hosts = headersDistinct['host'] ?? [];
  if (hosts.length > 1) return 'more than one Host header';
  if (!hosts.every((host) => HOST.test(host))) return 'malformed Host header';
  return hasKnownEnd(httpVersion, headersDistinct['transfer-encoding']) ? undefined : 'unknown end of the body';
}

/** A path, in absolute form after a host without a user (RFC 9110, section 4.2.4). */
function isTarget(target: string): boolean {
  const [, authority = 'x'] = ABSOLUTE_FORM.exec(target) ?? [];
  return /^\/[^#]*$/.test(toOriginForm(target)) && HOST.test(authority) && !authority.startsWith(':');
}

/** HTTP/1.0 has no chunks. In HTTP/1.1 they are the last coding, and applied once (RFC 9112, section 6.1). */
function hasKnownEnd(httpVersion: string, codings: readonly string[] | undefined): boolean {
  if (codings === undefined) return true;
  const names = codings.flatMap((line) => line.split(',')).map((name) => name.trim().toLowerCase());
  return httpVersion === '1.1' && names.indexOf('chunked') === names.length - 1;
}
