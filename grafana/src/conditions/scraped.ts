// What Prometheus stores of a case under a condition, in promtool's notation.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { seriesOf, type Case, type Labels } from './cases.ts';
import type { Condition, Scrape } from './conditions.ts';
import { endless, valueAt, type TestSeries } from './series.ts';

export interface InputSeries {
  readonly series: string;
  /** a sample for each tick of the condition, most of them missing */
  readonly values: string;
}

/** The coins of a host with several. */
export const COINS = { judged: 'Bitcoin', calm: 'Litecoin' } as const;

/** What is stored of the case until it ends. What begins to fire goes on; a near miss ends as it is written. */
export function scrapedCase({ series, labels, ends }: Case, condition: Condition): InputSeries[] {
  const ongoing = labels === undefined ? series : series.map(endless);
  const all = condition.neighbour
    ? [...ongoing.map((one) => ofCoin(one, COINS.judged)), ...calmNeighbour(labels)]
    : ongoing;
  return all.map((one) => ({ series: one.selector, values: stored(one, condition, ends) }));
}

function stored(series: TestSeries, { scrape, tick }: Condition, ends: number): string {
  const tokens: string[] = [];
  let skipped = 0;
  let exists = false;
  for (let seconds = 0; seconds <= ends; seconds += tick) {
    const value = found(series, scrape(seconds), seconds);
    if (value === 'unknown' || (value === undefined && !exists)) {
      skipped++;
      continue;
    }
    if (skipped > 0) tokens.push(`_x${skipped}`);
    tokens.push(value === undefined ? 'stale' : String(value));
    exists = value !== undefined;
    skipped = 0;
  }
  return tokens.join(' ');
}

/** `undefined`: Prometheus knows that the series is not there, and ends it. */
function found(series: TestSeries, scrape: Scrape, seconds: number): number | 'unknown' | undefined {
  if (scrape === 'is not due') return 'unknown';
  const value = valueAt(series, seconds);
  if (scrape === 'succeeds' || value === undefined) return value;
  return series.selector.startsWith('up{') ? 0 : undefined;
}

/** A calm server under the same job and instance, with another coin. */
function calmNeighbour({ job = 'electrumx', instance = 'a:10061' }: Labels = {}): readonly TestSeries[] {
  return calmServer().map((series) => {
    const selector = series.selector
      .replace(/job="[^"]*"/, `job="${job}"`)
      .replace(/instance="[^"]*"/, `instance="${instance}"`);
    return ofCoin(endless({ ...series, selector }), COINS.calm);
  });
}

/** The first case of calm.yml. */
function calmServer(): readonly TestSeries[] {
  const text = readFileSync(new URL('../../tests/calm.yml', import.meta.url), 'utf8');
  const [first] = (parse(text) as { tests: Parameters<typeof seriesOf>[0][] }).tests;
  if (first === undefined) throw new Error('calm.yml has no case');
  return seriesOf(first);
}

function ofCoin(series: TestSeries, coin: string): TestSeries {
  return { ...series, selector: series.selector.replace('{', `{coin="${coin}",`) };
}
