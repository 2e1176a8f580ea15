// Basic authentication, and how much work clients can cause.
import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAuthenticator, parseAuthorization } from './basic-auth.ts';

const users = new Map([
  ['alice', hashSync('one', 4)],
  ['bob', hashSync('two', 4)],
]);

function authenticatorFor(known: ReadonlyMap<string, string>) {
  const authenticate = createAuthenticator();
  return (user: string, password: string, address = '192.0.2.1') => authenticate(known, { user, password }, address);
}

describe('The Authorization header', () => {
  const encode = (decoded: string) => Buffer.from(decoded).toString('base64');

  test('is split at the first colon, with the scheme in any case', () => {
    expect(parseAuthorization(`Basic ${encode('a:b:c')}`)).toEqual({ user: 'a', password: 'b:c' });
    expect(parseAuthorization(`bAsIc   ${encode(':')} `)).toEqual({ user: '', password: '' });
  });

  test('carries every user without a colon, and every password', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (name, password) => {
        const user = name.replaceAll(':', '');
        expect(parseAuthorization(`Basic ${encode(`${user}:${password}`)}`)).toEqual({ user, password });
      }),
    );
  });

  test('never makes the parser throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Basic ${text}`),
        ),
        (header) => {
          expect(() => parseAuthorization(header)).not.toThrow();
        },
      ),
    );
    expect(parseAuthorization(undefined)).toBeUndefined();
  });
});

describe('The authenticator', () => {
  test('distinguishes right passwords from wrong ones, also when it remembers the verdict', async () => {
    const authenticate = authenticatorFor(users);
    for (let time = 0; time < 2; time++) {
      expect(await authenticate('alice', 'one')).toBe('right');
      expect(await authenticate('alice', 'two')).toBe('wrong');
      expect(await authenticate('bob', 'two')).toBe('right');
      expect(await authenticate('carol', 'one')).toBe('wrong');
      expect(await authenticate('alice","one', '')).toBe('wrong');
    }
  });

  test('compares the same password once for any number of simultaneous requests', async () => {
    const authenticate = authenticatorFor(new Map([['alice', hashSync('one', 8)]]));
    const timed = async (count: number, password: string) => {
      const before = performance.now();
      const verdicts = await Promise.all(Array.from({ length: count }, () => authenticate('alice', password)));
      return { verdicts: new Set(verdicts), took: performance.now() - before };
    };
    const single = await timed(1, 'wrong');
    const many = await timed(200, 'one');
    expect(many.verdicts).toEqual(new Set(['right']));
    expect(many.took).toBeLessThan(single.took * 50);
  });

  test('queues at most 20 comparisons, and accepts more when they are done', async () => {
    const authenticate = authenticatorFor(users);
    const guesses = Array.from({ length: 30 }, (_, n) => authenticate('alice', `guess ${n}`, `192.0.2.${n}`));
    const verdicts = await Promise.all(guesses);
    expect(verdicts).toEqual([...Array<string>(20).fill('wrong'), ...Array<string>(10).fill('busy')]);
    expect(await authenticate('alice', 'one')).toBe('right');
  });

  test('queues at most two comparisons per address, and accepts those of others', async () => {
    const authenticate = authenticatorFor(users);
    const guesses = Array.from({ length: 5 }, (_, n) => authenticate('alice', `guess ${n}`));
    expect(await authenticate('alice', 'one', '192.0.2.2')).toBe('right');
    expect(await Promise.all(guesses)).toEqual(['wrong', 'wrong', 'busy', 'busy', 'busy']);
    expect(await authenticate('alice', 'guess 4')).toBe('wrong');
  });

  test('pauses after a comparison for as long as it took', async () => {
    const slow = new Map([['alice', hashSync('one', 9)]]);
    const pairs = await times(5, async () => {
      const authenticate = authenticatorFor(slow);
      const start = performance.now();
      const sinceStart = async (password: string) => {
        await authenticate('alice', password);
        return performance.now() - start;
      };
      const [first, second] = await Promise.all([sinceStart('first'), sinceStart('second')]);
      return { first, gap: second - first };
    });
    // Between the two are a pause as long as the first comparison, and the second comparison.
    const comparison = Math.min(...pairs.map(({ first }) => first));
    for (const { first, gap } of pairs) expect(gap - first).toBeGreaterThan(comparison / 2);
  });

  test('remembers the right password during a flood of wrong ones, and accepts it while the queue is full', async () => {
    const authenticate = authenticatorFor(users);
    expect(await authenticate('alice', 'one')).toBe('right');
    for (let n = 0; n < 150; n++) expect(await authenticate('mallory', String(n))).toBe('wrong');
    const flood = Array.from({ length: 25 }, (_, n) => authenticate('bob', `guess ${n}`, `192.0.2.${n}`));
    expect(await authenticate('alice', 'one')).toBe('right');
    expect(await flood.at(-1)).toBe('busy');
    await Promise.all(flood);
  });

  test('takes as long for an unknown user as for a known one, and no time for remembered verdicts', async () => {
    const slow = new Map([['alice', hashSync('one', 9)]]);
    const authenticate = authenticatorFor(slow);
    const timeOf = async (user: string, password: string) => {
      const before = performance.now();
      await authenticate(user, password);
      return performance.now() - before;
    };
    await timeOf('alice', 'warm up');
    const fastest = async (user: string) => Math.min(...(await times(5, (n) => timeOf(user, `guess ${n}`))));
    const [known, unknown, remembered] = [await fastest('alice'), await fastest('nobody'), await fastest('alice')];
    expect(unknown).toBeGreaterThan(known / 3);
    expect(remembered).toBeLessThan(known / 3);
  });
});

async function times<T>(count: number, act: (n: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let n = 0; n < count; n++) results.push(await act(n));
  return results;
}
