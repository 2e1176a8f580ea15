// Basic authentication: who may read is known by bcrypt hashes, and guessing is neither cheap nor telling.
import { compare } from 'bcryptjs';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** `busy`: too many passwords are waiting to be compared already. */
export type Verdict = 'right' | 'wrong' | 'busy';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const MOST_REMEMBERED = 100;
/** Comparisons that wait, the one under way included. One address must not keep all others out. */
const MOST_WAITING = { altogether: 20, fromOneAddress: 2 };

/** The user and password of an Authorization header; the scheme may be written in any case. */
export function credentials(header: string | undefined): Credentials | undefined {
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header ?? '')?.[1];
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Whether those `given` are one of `users` (bcrypt hashes by user), asked for by someone at the address `from`. */
export type Check = (users: ReadonlyMap<string, string>, given: Credentials, from: string) => Promise<Verdict>;

/**
 * Compares one password after the other, since each takes the processor for a while; as long as it took, everything else has its turn. The
 * latest outcomes are remembered; a hash that has changed makes an outcome worthless. An unknown user costs as much as a known one. What is
 * remembered are keyed digests, of no use outside this process.
 */
export function createCheck(): Check {
  const secret = randomBytes(32);
  const digest = (...texts: string[]) => createHmac('sha256', secret).update(JSON.stringify(texts)).digest('base64');
  // Apart from each other, so that guesses cannot push out the outcome that Prometheus relies on.
  const outcomes = { right: new Set<string>(), wrong: new Set<string>() };
  const waiting = new Map<string, { readonly from: string; readonly verdict: Promise<Verdict> }>();
  let rested: Promise<unknown> = Promise.resolve();

  const isBusy = (from: string) =>
    waiting.size >= MOST_WAITING.altogether ||
    [...waiting.values()].filter((one) => one.from === from).length >= MOST_WAITING.fromOneAddress;

  const compareInTurn = (id: string, password: string, hash: string, known: boolean): Promise<Verdict> => {
    let started = 0;
    const comparison = rested.then(() => {
      started = performance.now();
      return compare(password, hash);
    });
    rested = comparison.catch(() => false).then(() => pause(performance.now() - started, undefined, { ref: false }));
    return comparison.then((matches) => {
      const verdict = known && matches ? 'right' : 'wrong';
      remember(outcomes[verdict], id);
      return verdict;
    });
  };
  return (users, { user, password }, from) => {
    const known = users.get(user);
    const hash = known ?? decoy([...users.values()], digest(user));
    const id = digest(user, password, hash);
    if (outcomes.right.has(id)) return Promise.resolve('right');
    if (outcomes.wrong.has(id)) return Promise.resolve('wrong');
    const same = waiting.get(id);
    if (same) return same.verdict;
    if (isBusy(from)) return Promise.resolve('busy');
    const verdict = compareInTurn(id, password, hash, known !== undefined).finally(() => waiting.delete(id));
    waiting.set(id, { from, verdict });
    return verdict;
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
