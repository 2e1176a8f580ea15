// The texts that hold numbers: uptime and caches.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCacheStats, parseUptime } from './text-formats.ts';

/** How every ElectrumX since 0.10.17 writes an uptime: from the first unit that is not 0, seconds only as one of three parts at most. */
function formatUptime(totalSeconds: number): string {
  let left = totalSeconds;
  const parts: string[] = [];
  for (const [unit, size, digits] of [['d', 86_400, 1] as const, ['h', 3600, 2] as const, ['m', 60, 2] as const]) {
    const amount = Math.floor(left / size);
    left -= amount * size;
    if (amount !== 0 || parts.length > 0) parts.push(`${String(amount).padStart(digits, '0')}${unit}`);
  }
  if (parts.length < 3) parts.push(`${String(left).padStart(2, '0')}s`);
  return parts.join(' ');
}

const thousands = (amount: number) => String(amount).replace(/\B(?=(\d{3})+$)/g, ',');

describe('an uptime', () => {
  test.each([
    ['00s', 0, true],
    ['42s', 42, true],
    ['01m 05s', 65, true],
    ['01h 00m 00s', 3600, true],
    ['23h 59m 59s', 86_399, true],
    ['1d 00h 00m', 86_400, false],
    ['1d 01h 01m', 90_060, false],
    ['123d 04h 05m', 10_641_900, false],
    ['1000d 00h 00m', 86_400_000, false],
    ['-1d 23h 59m', -60, false],
  ])('%s is %i seconds, exact: %s', (text, seconds, exact) => {
    expect(parseUptime(text)).toEqual({ seconds, exact });
  });

  test('is, as ElectrumX writes it, the number of seconds up to a day, and to the minute from then on', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 * 86_400 }), (seconds) => {
        const exact = seconds < 86_400;
        expect(parseUptime(formatUptime(seconds))).toEqual({
          seconds: exact ? seconds : seconds - (seconds % 60),
          exact,
        });
      }),
    );
  });

  test('is negative after a clock went back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -10 * 86_400, max: -1 }), (seconds) => {
        const parsed = parseUptime(formatUptime(seconds));
        expect(parsed?.seconds).toBe(Math.floor(seconds / 60) * 60);
        expect(parsed?.exact).toBe(false);
      }),
    );
  });

  test.each(['', ' ', '\t', 's', '5', '5 s', '1h 2d', '01m05', '1.5s', '+1d', '-5s', '1d 2d', 'd h m s', '1y', '١s'])(
    'is not %j',
    (text) => {
      expect(parseUptime(text)).toBeUndefined();
    },
  );

  test.each([undefined, null, 42, true, ['42s'], { s: 42 }])('is not %j, which is not a string', (value) => {
    expect(parseUptime(value)).toBeUndefined();
  });

  test('is finite or nothing, for any text', () => {
    const likeUptime = fc
      .array(fc.constantFrom('1', '0', '9'.repeat(400), 'd', 'h', 'm', 's', ' ', '-'))
      .map((c) => c.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), likeUptime), (text) => {
        const uptime = parseUptime(text);
        if (uptime) expect(Number.isFinite(uptime.seconds)).toBe(true);
      }),
    );
  });

  test('is rejected at once for a megabyte of spaces', () => {
    const started = performance.now();
    expect(parseUptime(`${' '.repeat(1_000_000)}x`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('the statistics of a cache', () => {
  test.each([
    ['185,014 lookups 9,756 hits 1,000 entries', 185_014, 9756, 1000],
    ['0 lookups 0 hits 0 entries', 0, 0, 0],
    ['1234567 lookups, 56 hits, 7 entries', 1_234_567, 56, 7],
    ['4 lookups, 3 hits, 1 entries, hitrate 0.7500', 4, 3, 1],
  ])('%s', (text, lookups, hits, entries) => {
    expect(parseCacheStats(text)).toEqual({ lookups, hits, entries });
  });

  test('is the same numbers in each of the three notations', () => {
    const amount = fc.nat({ max: 1e12 });
    fc.assert(
      fc.property(amount, amount, amount, (lookups, hits, entries) => {
        const commasInside = `${thousands(lookups)} lookups ${thousands(hits)} hits ${thousands(entries)} entries`;
        const commasBetween = `${lookups} lookups, ${hits} hits, ${entries} entries`;
        for (const text of [commasInside, commasBetween, `${commasBetween}, hitrate 0.1234`]) {
          expect(parseCacheStats(text)).toEqual({ lookups, hits, entries });
        }
      }),
    );
  });

  test.each([
    '',
    'lookups hits entries',
    ', lookups , hits , entries',
    '1 lookups 2 hits',
    '-1 lookups, 2 hits, 3 entries',
  ])('is not %j', (text) => {
    expect(parseCacheStats(text)).toBeUndefined();
  });

  test.each([undefined, null, 5, [], {}])('is not %j, which is not a string', (value) => {
    expect(parseCacheStats(value)).toBeUndefined();
  });

  test('is three finite numbers of at least 0 or nothing, for any text', () => {
    const digits = fc.string({ unit: fc.constantFrom('1', '0', ','), maxLength: 400 });
    const likeStats = fc.tuple(digits, digits, digits).map(([a, b, c]) => `${a} lookups, ${b} hits, ${c} entries`);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), likeStats), (text) => {
        const stats = parseCacheStats(text);
        if (stats) expect(Object.values(stats).every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
      }),
    );
  });
});
