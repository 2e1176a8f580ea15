// Counting under a bounded number of labels loses nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countBy, sumBy, top, withZeros } from './count.ts';

const keys = fc.array(fc.string({ maxLength: 2 }), { maxLength: 60 });
const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((a, b) => a + b, 0);

describe('counting', () => {
  test('returns the number of items of each key', () => {
    expect(countBy(['a', 'b', 'a'], (key) => key)).toEqual(new Map([['a', 2], ['b', 1]])); // prettier-ignore
    fc.assert(
      fc.property(keys, (all) => {
        expect(total(countBy(all, (key) => key))).toBe(all.length);
      }),
    );
  });

  test('distinguishes keys that an object would not', () => {
    const counts = countBy(['__proto__', 'constructor', '__proto__'], (key) => key);
    expect([...counts]).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ]);
  });

  test('sums a number under each key', () => {
    const entries = [
      ['other', 4],
      ['getinfo', 1],
      ['other', 5],
    ] as const;
    expect(
      Object.fromEntries(
        sumBy(
          entries,
          ([key]) => key,
          ([, value]) => value,
        ),
      ),
    ).toEqual({ other: 9, getinfo: 1 });
  });

  test('of known keys gives each of them, 0 where there is none, and no others', () => {
    expect(withZeros(['tcp', 'ssl'], new Map([['ssl', 3], ['made up', 9]]))).toEqual([['tcp', 0], ['ssl', 3]]); // prettier-ignore
  });
});

describe('the top of a count', () => {
  test('is the largest, ties in the order of their keys, and the rest together', () => {
    const counts = new Map(Object.entries({ d: 1, c: 5, b: 5, a: 1, e: 9 }));
    expect([...top(counts, 3, 'other')]).toEqual([
      ['e', 9],
      ['b', 5],
      ['c', 5],
      ['other', 2],
    ]);
  });

  test('has no other when there is no rest', () => {
    expect([...top(new Map([['a', 1]]), 3, 'other')]).toEqual([['a', 1]]);
    expect([...top(new Map(), 3, 'other')]).toEqual([]);
  });

  test('never ranks the key other, even if it is the largest', () => {
    const counts = new Map(Object.entries({ other: 100, a: 2, b: 1 }));
    expect([...top(counts, 1, 'other')]).toEqual([
      ['a', 2],
      ['other', 101],
    ]);
  });

  test('is at most one more than the limit, loses none, does not depend on the order, and has the largest', () => {
    const letters = fc.array(fc.constantFrom(...'a b c d e f g h i j other'.split(' ')), { maxLength: 60 });
    fc.assert(
      fc.property(letters, fc.nat({ max: 8 }), (all, limit) => {
        const counts = countBy(all, (key) => key);
        const kept = top(counts, limit, 'other');
        expect(kept.size).toBeLessThanOrEqual(limit + 1);
        expect(total(kept)).toBe(all.length);
        expect([...kept]).toEqual([...top(new Map([...counts].reverse()), limit, 'other')]);
        const least = Math.min(...[...kept].filter(([key]) => key !== 'other').map(([, count]) => count));
        const lost = [...counts].filter(([key]) => key !== 'other' && !kept.has(key)).map(([, count]) => count);
        expect(lost.every((count) => count <= least)).toBe(true);
      }),
    );
  });
});
