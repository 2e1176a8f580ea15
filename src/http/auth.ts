// Basic authentication: who may read is known by bcrypt hashes, and guessing is neither cheap nor telling.
import { compare } from 'bcryptjs';
import { createHmac, randomBytes } from 'node:crypto';

/** `busy`: too many passwords are being compared already. */
export type Verdict = 'right' | 'wrong' | 'busy';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const MOST_REMEMBERED = 100;
const MOST_WAITING = 20;

/** The user and password of an Authorization header; the scheme may be written in any case. */
export function credentials(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Compares one password after the other, since each takes a processor for a while, and remembers the latest outcomes; a hash that has
 * changed makes an outcome worthless. An unknown user costs as much as a known one. What is remembered are keyed digests, of no use
 * outside this process. `users` are bcrypt hashes by user.
 */
export function createCheck(): (users: ReadonlyMap<string, string>, given: Credentials) => Promise<Verdict> {
  const secret = randomBytes(32);
  const digest = (...texts: string[]) => createHmac('sha256', secret).update(JSON.stringify(texts)).digest('base64');
  // Apart from each other, so that guesses cannot push out the outcome that Prometheus relies on.
  const outcomes = { right: new Set<string>(), wrong: new Set<string>() };
  const underWay = new Map<string, Promise<Verdict>>();
  let latest: Promise<unknown> = Promise.resolve();

  const compareOne = async (id: string, password: string, hash: string, known: boolean): Promise<Verdict> => {
    const matches = await compare(password, hash);
    const verdict = known && matches ? 'right' : 'wrong';
    remember(outcomes[verdict], id);
    return verdict;
  };
  return (users, { user, password }) => {
    const known = users.get(user);
    const hash = known ?? decoy([...users.values()], digest(user));
    const id = digest(user, password, hash);
    if (outcomes.right.has(id)) return Promise.resolve('right');
    if (outcomes.wrong.has(id)) return Promise.resolve('wrong');
    const same = underWay.get(id);
    if (same) return same;
    if (underWay.size >= MOST_WAITING) return Promise.resolve('busy');
    const mine = latest
      .then(() => compareOne(id, password, hash, known !== undefined))
      .finally(() => underWay.delete(id));
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
