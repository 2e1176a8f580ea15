// Who is let in by user and password, and how much work strangers can cause.
import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCheck, credentials } from './basic-auth.ts';

const users = new Map([
  ['alice', hashSync('one', 4)],
  ['bob', hashSync('two', 4)],
]);

function checkFor(known: ReadonlyMap<string, string>) {
  const check = createCheck();
  return (user: string, password: string, from = '192.0.2.1') => check(known, { user, password }, from);
}

describe('The Authorization header', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');

  test('is split at the first colon, whatever the case of the scheme', () => {
    expect(credentials(`Basic ${encode('a:b:c')}`)).toEqual({ user: 'a', password: 'b:c' });
    expect(credentials(`bAsIc   ${encode(':')} `)).toEqual({ user: '', password: '' });
  });

  test('gives back every user without a colon and every password', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (name, password) => {
        const user = name.replaceAll(':', '');
        expect(credentials(`Basic ${encode(`${user}:${password}`)}`)).toEqual({ user, password });
      }),
    );
  });

  test('is read without an exception, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Basic ${text}`),
        ),
        (header) => {
          expect(() => credentials(header)).not.toThrow();
        },
      ),
    );
    expect(credentials(undefined)).toBeUndefined();
  });
});

describe('A check', () => {
  test('knows right from wrong, and does so again from memory', async () => {
    const check = checkFor(users);
    for (let time = 0; time < 2; time++) {
      expect(await check('alice', 'one')).toBe('right');
      expect(await check('alice', 'two')).toBe('wrong');
      expect(await check('bob', 'two')).toBe('right');
      expect(await check('carol', 'one')).toBe('wrong');
      expect(await check('alice","one', '')).toBe('wrong');
    }
  });

  test('compares the same password once, however many ask at the same time', async () => {
    const check = checkFor(new Map([['alice', hashSync('one', 8)]]));
    const timed = async (count: number, password: string) => {
      const before = performance.now();
      const verdicts = await Promise.all(Array.from({ length: count }, () => check('alice', password)));
      return { verdicts: new Set(verdicts), took: performance.now() - before };
    };
    const single = await timed(1, 'wrong');
    const many = await timed(200, 'one');
    expect(many.verdicts).toEqual(new Set(['right']));
    expect(many.took).toBeLessThan(single.took * 50);
  });

  test('has at most 20 comparisons waiting, and is open again when they are done', async () => {
    const check = checkFor(users);
    const guesses = Array.from({ length: 30 }, (_, n) => check('alice', `guess ${n}`, `192.0.2.${n}`));
    const verdicts = await Promise.all(guesses);
    expect(verdicts).toEqual([...Array<string>(20).fill('wrong'), ...Array<string>(10).fill('busy')]);
    expect(await check('alice', 'one')).toBe('right');
  });

  test('has at most two of them waiting for one address, and takes those of others', async () => {
    const check = checkFor(users);
    const guesses = Array.from({ length: 5 }, (_, n) => check('alice', `guess ${n}`));
    expect(await check('alice', 'one', '192.0.2.2')).toBe('right');
    expect(await Promise.all(guesses)).toEqual(['wrong', 'wrong', 'busy', 'busy', 'busy']);
    expect(await check('alice', 'guess 4')).toBe('wrong');
  });

  test('leaves the processor to others for as long as a comparison took', async () => {
    const slow = new Map([['alice', hashSync('one', 9)]]);
    const pairs = await times(5, async () => {
      const check = checkFor(slow);
      const start = performance.now();
      const sinceStart = async (password: string) => {
        await check('alice', password);
        return performance.now() - start;
      };
      const [first, second] = await Promise.all([sinceStart('first'), sinceStart('second')]);
      return { first, gap: second - first };
    });
    // Between the two there is a pause as long as the first comparison, whatever else the machine does, and the second comparison.
    const comparison = Math.min(...pairs.map(({ first }) => first));
    for (const { first, gap } of pairs) expect(gap - first).toBeGreaterThan(comparison / 2);
  });

  test('remembers the right password through a flood of wrong ones: it is let in while the check is busy', async () => {
    const check = checkFor(users);
    expect(await check('alice', 'one')).toBe('right');
    for (let n = 0; n < 150; n++) expect(await check('mallory', String(n))).toBe('wrong');
    const flood = Array.from({ length: 25 }, (_, n) => check('bob', `guess ${n}`, `192.0.2.${n}`));
    expect(await check('alice', 'one')).toBe('right');
    expect(await flood.at(-1)).toBe('busy');
    await Promise.all(flood);
  });

  test('takes as long for an unknown user as for a known one, and no time for what it remembers', async () => {
    const slow = new Map([['alice', hashSync('one', 9)]]);
    const check = checkFor(slow);
    const timeOf = async (user: string, password: string) => {
      const before = performance.now();
      await check(user, password);
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
