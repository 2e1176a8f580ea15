// Basic authentication: who may read is known by bcrypt hashes, and guessing is neither cheap nor telling.
import { compare } from 'bcryptjs';
import { createHmac, randomBytes } from 'node:crypto';
import type { onRequestAsyncHookHandler } from 'fastify';

/** `busy`: too many passwords are being compared already. */
export type Verdict = 'right' | 'wrong' | 'busy';

const MOST_REMEMBERED = 100;
const MOST_WAITING = 20;

/** A hook that answers 401 to everyone who is not one of these users (bcrypt hash by user), whatever page they ask for. */
export function authenticate(users: ReadonlyMap<string, string>): onRequestAsyncHookHandler {
  const check = createCheck(users);
  return async ({ headers }, reply) => {
    const given = credentials(headers.authorization);
    const verdict = given ? await check(given.user, given.password) : 'wrong';
    if (verdict === 'right') return;
    reply.type('text/plain; charset=utf-8');
    if (verdict === 'busy') return reply.code(503).header('retry-after', '1').send('Too many attempts to log in.\n');
    reply.header('www-authenticate', 'Basic realm="electrumx-exporter", charset="UTF-8"');
    return reply.code(401).send('User and password, please.\n');
  };
}

/** The user and password of an Authorization header; the scheme may be written in any case. */
export function credentials(header: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Compares one password after the other, since each takes a processor for a while, and remembers the latest outcomes. An unknown
 * user costs as much as a known one. What is remembered are keyed digests, of no use outside this process.
 */
export function createCheck(users: ReadonlyMap<string, string>): (user: string, password: string) => Promise<Verdict> {
  const secret = randomBytes(32);
  const digest = (text: string) => createHmac('sha256', secret).update(text).digest('base64');
  const hashes = [...users.values()];
  // Apart from each other, so that guesses cannot push out the outcome that Prometheus relies on.
  const outcomes = { right: new Set<string>(), wrong: new Set<string>() };
  const underWay = new Map<string, Promise<Verdict>>();
  let latest: Promise<unknown> = Promise.resolve();

  const compareOne = async (id: string, user: string, password: string): Promise<Verdict> => {
    const hash = users.get(user);
    const matches = await compare(password, hash ?? decoy(hashes, digest(user)));
    const verdict = hash !== undefined && matches ? 'right' : 'wrong';
    remember(outcomes[verdict], id);
    return verdict;
  };
  return (user, password) => {
    const id = digest(JSON.stringify([user, password]));
    if (outcomes.right.has(id)) return Promise.resolve('right');
    if (outcomes.wrong.has(id)) return Promise.resolve('wrong');
    const same = underWay.get(id);
    if (same) return same;
    if (underWay.size >= MOST_WAITING) return Promise.resolve('busy');
    const mine = latest.then(() => compareOne(id, user, password)).finally(() => underWay.delete(id));
    underWay.set(id, mine);
    latest = mine.catch(() => undefined);
    return mine;
  };
}

/** A hash that no password has, with the cost of one of the users': always the same one for the same digest. */
function decoy(hashes: readonly string[], digest: string): string {
  const costOf = hashes[digest.charCodeAt(0) % hashes.length] ?? '';
  return `${costOf.slice(0, 7)}${'.'.repeat(53)}`;
}

function remember(digests: Set<string>, digest: string): void {
  digests.add(digest);
  const [oldest] = digests;
  if (digests.size > MOST_REMEMBERED && oldest !== undefined) digests.delete(oldest);
}
