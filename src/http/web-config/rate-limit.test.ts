// The section rate_limit, and the token bucket.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTokenBucket, readRateLimit } from './rate-limit.ts';

function read(interval?: string, burst?: string) {
  const errors: string[] = [];
  const entries = new Map(Object.entries({ interval, burst }));
  const limit = readRateLimit({ at: 'rate_limit', entries }, (key) => void errors.push(key));
  return errors.length > 0 ? errors : limit;
}

test.each([
  ['1s', 1000],
  ['300ms', 300],
  ['1.5h', 5_400_000],
  ['1m30s', 90_000],
  ['.5s', 500],
  ['+2us', 0.002],
  ['1000000', 1],
])('interval %s is %d ms', (text, intervalMs) => {
  expect(read(text, '2')).toEqual({ intervalMs, burst: 2 });
});

test.each([[undefined], ['0'], ['0s'], ['-1s']])('interval %s sets no limit, with any burst', (interval) => {
  expect(read(interval, '0')).toBeUndefined();
});

test.each(['1 s', 's', '1s2', '1d', '1e3s', '--1s', '1.5'])('interval %j is an error', (interval) => {
  expect(read(interval, '1')).toEqual(['rate_limit.interval']);
});

test('a token bucket passes a burst, then one request per interval, and holds no more than a burst', () => {
  let now = 0;
  const passes = createTokenBucket(() => now);
  const limit = { intervalMs: 100, burst: 3 };
  const passed = (times: number) => Array.from({ length: times }, () => passes(limit)).filter(Boolean).length;
  expect(passed(5)).toBe(3);
  now += 50;
  expect(passed(5)).toBe(0);
  now += 50;
  expect(passed(5)).toBe(1);
  now += 250;
  expect(passed(5)).toBe(2);
  now += 1e9;
  expect(passed(5)).toBe(3);
});

test('a token bucket passes everything without a limit, and starts full when the limit changes', () => {
  const passes = createTokenBucket(() => 0);
  const tight = { intervalMs: 1000, burst: 1 };
  expect([passes(undefined), passes(tight), passes(tight), passes({ ...tight })]).toEqual([true, true, false, false]);
  expect([passes({ intervalMs: 1000, burst: 2 }), passes(undefined)]).toEqual([true, true]);
});

test('a token bucket never passes more than burst and time allow', () => {
  const step = fc.record({ wait: fc.integer({ min: 0, max: 500 }), requests: fc.integer({ min: 0, max: 10 }) });
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 5 }), (steps, burst) => {
      let now = 0;
      let passed = 0;
      const passes = createTokenBucket(() => now);
      for (const { wait, requests } of steps) {
        now += wait;
        for (let n = 0; n < requests; n++) if (passes({ intervalMs: 100, burst })) passed += 1;
      }
      expect(passed).toBeLessThanOrEqual(burst + now / 100);
    }),
  );
});
