// Basic authentication against bcrypt hashes, with a bound on the processor time that guesses can take.
import { compare } from 'bcryptjs';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** `busy`: too many comparisons are queued already. */
export type Verdict = 'right' | 'wrong' | 'busy';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Remembered verdicts of each kind. */
const MAX_REMEMBERED = 100;
/** Queued comparisons, including the running one. The limit per address keeps one client from locking out the others. */
const MAX_QUEUED = { total: 20, perAddress: 2 };

/** The user and password of an Authorization header; the scheme is not case-sensitive. */
export function parseAuthorization(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  const decoded = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

/** Whether `users` (bcrypt hashes by user) has these credentials; `address` is the client's. */
export type Authenticate = (
  users: ReadonlyMap<string, string>,
  credentials: Credentials,
  address: string,
) => Promise<Verdict>;

/**
 * Compares one password at a time. After each comparison it pauses for as long as the comparison took, so that scrapes get their turn.
 * Recent verdicts are remembered per user, password and hash, as keyed digests that are useless outside this process.
 * An unknown user costs as much time as a known one.
 */
export function createAuthenticator(): Authenticate {
  const secret = randomBytes(32);
  const digest = (...parts: string[]) => createHmac('sha256', secret).update(JSON.stringify(parts)).digest('base64');
  // Two sets, so that wrong guesses cannot evict the verdict that Prometheus relies on.
  const remembered = { right: new Set<string>(), wrong: new Set<string>() };
  const queued = new Map<string, { readonly address: string; readonly verdict: Promise<Verdict> }>();
  let idle: Promise<unknown> = Promise.resolve();

  const isBusy = (address: string) =>
    queued.size >= MAX_QUEUED.total ||
    [...queued.values()].filter((one) => one.address === address).length >= MAX_QUEUED.perAddress;

  const enqueue = (password: string, hash: string): Promise<boolean> => {
    let started = 0;
    const comparison = idle.then(() => {
      started = performance.now();
      return compare(password, hash);
    });
    idle = comparison.catch(() => false).then(() => pause(performance.now() - started, undefined, { ref: false }));
    return comparison;
  };
  return (users, { user, password }, address) => {
    const known = users.get(user);
    const hash = known ?? decoyHash([...users.values()], digest(user));
    const id = digest(user, password, hash);
    if (remembered.right.has(id)) return Promise.resolve('right');
    if (remembered.wrong.has(id)) return Promise.resolve('wrong');
    const same = queued.get(id);
    if (same) return same.verdict;
    if (isBusy(address)) return Promise.resolve('busy');
    const verdict = enqueue(password, hash)
      .then((matches): Verdict => {
        const result = known !== undefined && matches ? 'right' : 'wrong';
        remember(remembered[result], id);
        return result;
      })
      .finally(() => queued.delete(id));
    queued.set(id, { address, verdict });
    return verdict;
  };
}

/** A hash that no password matches, with the cost of one of the users' hashes. The same digest always gets the same one. */
function decoyHash(hashes: readonly string[], digest: string): string {
  const model = hashes[digest.charCodeAt(0) % hashes.length] ?? '';
  return `${model.slice(0, 7)}${'.'.repeat(53)}`;
}

function remember(digests: Set<string>, digest: string): void {
  digests.add(digest);
  const [oldest] = digests;
  if (digests.size > MAX_REMEMBERED && oldest !== undefined) digests.delete(oldest);
}
