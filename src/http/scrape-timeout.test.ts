// The time limit of a scrape, by the exporter's limit and by Prometheus' header.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrapeTimeoutMs } from './scrape-timeout.ts';

test.each<[maxMs: number, header: string | string[] | undefined, expected: number, why: string]>([
  [8000, undefined, 8000, 'no header'],
  [8000, '10', 8000, 'more than the limit'],
  [8000, '8.5', 8000, 'exactly the limit after half a second is subtracted'],
  [8000, '8.4', 7900, 'a little less than that'],
  [8000, '5', 4500, 'less: half a second is subtracted'],
  [8000, '2', 1500, '2 s'],
  [8000, '1.5', 1000, '1.5 s'],
  [8000, '1', 500, 'one second: half of it'],
  [8000, '0.5', 250, 'less than a second: half of it'],
  [8000, '0.1', 50, 'the shortest'],
  [8000, '0.099', 8000, 'too short'],
  [200, '0.3', 150, 'less than a small limit'],
  [200, '10', 200, 'a small limit'],
  [600_000, '300.000', 299_500, 'minutes'],
  [8000, '5.000000', 4500, 'decimals'],
  [8000, '0', 8000, 'zero'],
  [8000, '0.0', 8000, 'zero'],
  [8000, '-5', 8000, 'negative'],
  [8000, '', 8000, 'empty'],
  [8000, 'abc', 8000, 'not a number'],
  [8000, '5s', 8000, 'a unit'],
  [8000, ' 5', 8000, 'a space'],
  [8000, '1e1', 8000, 'an exponent'],
  [8000, '0x5', 8000, 'hexadecimal'],
  [8000, 'NaN', 8000, 'not a number'],
  [8000, 'Infinity', 8000, 'infinite'],
  [8000, '5, 5', 8000, 'two headers joined'],
  [8000, ['5', '5'], 8000, 'two headers'],
  [8000, '9'.repeat(400), 8000, 'too many digits'],
])('with a limit of %i ms, header %j gives %i ms (%s)', (maxMs, header, expected) => {
  expect(scrapeTimeoutMs(maxMs, header)).toBe(expected);
});

test('the timeout is above 0, at most the limit, and below the header from a tenth of a second on', () => {
  const seconds = fc.integer({ min: 100, max: 999_999_999 }).map((ms) => ms / 1000);
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 600_000 }), seconds, (maxMs, allowed) => {
      const ms = scrapeTimeoutMs(maxMs, String(allowed));
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(maxMs);
      expect(ms).toBeLessThan(allowed * 1000);
    }),
  );
});

test('the timeout is above 0 and at most the limit for any header', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())), (header) => {
      const ms = scrapeTimeoutMs(8000, header);
      expect(ms > 0 && ms <= 8000).toBe(true);
    }),
  );
});
