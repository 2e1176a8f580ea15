// How long a scrape may take, by the exporter's own limit and by what Prometheus says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scrapeTimeoutMs } from './scrape-timeout.ts';

test.each<[ownMs: number, header: string | string[] | undefined, expected: number, why: string]>([
  [8000, undefined, 8000, 'nothing said: its own limit'],
  [8000, '10', 8000, 'Prometheus waits longer than its own limit'],
  [8000, '8.5', 8000, 'Prometheus waits exactly as long, with the way back'],
  [8000, '8.4', 7900, 'Prometheus waits a little less'],
  [8000, '5', 4500, 'Prometheus waits less: half a second for the way back'],
  [8000, '2', 1500, 'the same for 2 s'],
  [8000, '1.5', 1000, 'the same for 1.5 s'],
  [8000, '1', 500, 'half a second of one'],
  [8000, '0.5', 250, 'half of the time when there is no more than a second'],
  [8000, '0.1', 50, 'half of a tenth'],
  [8000, '0.099', 8000, 'less than anyone waits says nothing'],
  [200, '0.3', 150, 'less than its own small limit'],
  [200, '10', 200, 'its own small limit'],
  [600_000, '300.000', 299_500, 'minutes'],
  [8000, '5.000000', 4500, 'digits after the point'],
  [8000, '0', 8000, 'no time at all says nothing'],
  [8000, '0.0', 8000, 'no time at all says nothing'],
  [8000, '-5', 8000, 'no negative time'],
  [8000, '', 8000, 'nothing in it'],
  [8000, 'abc', 8000, 'no number'],
  [8000, '5s', 8000, 'a unit'],
  [8000, ' 5', 8000, 'a space'],
  [8000, '1e1', 8000, 'an exponent'],
  [8000, '0x5', 8000, 'not decimal'],
  [8000, 'NaN', 8000, 'not a number'],
  [8000, 'Infinity', 8000, 'no end'],
  [8000, '5, 5', 8000, 'two headers in one'],
  [8000, ['5', '5'], 8000, 'two headers'],
  [8000, '9'.repeat(400), 8000, 'a number beyond all numbers'],
])('own limit %i ms, header %j: %i ms (%s)', (ownMs, header, expected) => {
  expect(scrapeTimeoutMs(ownMs, header)).toBe(expected);
});

test('is more than 0, at most its own limit, and less than what Prometheus waits, from a tenth of a second on', () => {
  const seconds = fc.integer({ min: 100, max: 999_999_999 }).map((ms) => ms / 1000);
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 600_000 }), seconds, (ownMs, given) => {
      const ms = scrapeTimeoutMs(ownMs, String(given));
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThanOrEqual(ownMs);
      expect(ms).toBeLessThan(given * 1000);
    }),
  );
});

test('is a time, whatever stands in the header', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())), (header) => {
      const ms = scrapeTimeoutMs(8000, header);
      expect(ms > 0 && ms <= 8000).toBe(true);
    }),
  );
});
