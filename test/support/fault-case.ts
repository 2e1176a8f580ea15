// Scrapes before, during and after a fault, and compares the three.
import { expect } from 'vitest';
import { dataOf, outcomes, METHODS, type Method } from './collectors.ts';
import { parseExposition, valueOf, type Exposition } from './exposition.ts';

export const ALL_OK: Readonly<Record<Method, string>> = { getinfo: 'ok', groups: 'ok', sessions: 'ok', peers: 'ok' };

export interface FaultCase {
  /** where the metrics are */
  readonly url: string;
  readonly begin: () => unknown;
  readonly end: () => unknown;
  /** the outcome of each method during the fault, as `outcomes` returns it */
  readonly expected: Readonly<Record<Method, string>>;
  /** methods whose data may be other than before, though they are ok */
  readonly changed?: readonly Method[];
  /** how long Prometheus waits for the scrape during the fault, in seconds */
  readonly within?: number;
}

/**
 * Expects each scrape to be served in time and to be valid. The one during the fault reports exactly what failed and how, has the
 * data of the others unchanged, and no data of what failed. The one after it equals the first.
 */
export async function scrapeThroughFault({
  url,
  begin,
  end,
  expected,
  changed = [],
  within = 10,
}: FaultCase): Promise<void> {
  const before = await scrape(url, 10);
  expect(outcomes(before, before)).toEqual(ALL_OK);

  await begin();
  const during = await scrape(url, within);
  expect(outcomes(during, before)).toEqual(expected);
  expect(valueOf(during, 'electrumx_up')).toBe(Number(isOk(expected.getinfo)));
  const touched = METHODS.filter((method) => expected[method] !== 'ok' || changed.includes(method));
  const ofOthers = (from: readonly Method[]) => !from.some((method) => touched.includes(method));
  const ofFailed = (from: readonly Method[]) => from.every((method) => !isOk(expected[method]));
  expect(dataOf(during, ofOthers)).toEqual(dataOf(before, ofOthers));
  expect(dataOf(during, ofFailed)).toEqual({});

  await end();
  const after = await scrape(url, 10);
  expect(outcomes(after, during)).toEqual(ALL_OK);
  expect(dataOf(after, () => true)).toEqual(dataOf(before, () => true));
}

const isOk = (outcome: string): boolean => outcome.startsWith('ok');

/** One GET of the metrics with a timeout in seconds. */
async function scrape(url: string, within: number): Promise<Exposition> {
  const started = performance.now();
  const response = await fetch(url, { headers: { 'x-prometheus-scrape-timeout-seconds': String(within) } });
  const body = await response.text();
  expect(response.status).toBe(200);
  expect(performance.now() - started).toBeLessThan(within * 1000);
  return parseExposition(body);
}
