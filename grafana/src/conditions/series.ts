// The input series of a rule test, in promtool's notation: what a series is worth at any time, and when it first changes.

/** Samples that follow each other: `first`, `first + step`, ... Without `first` they are missing. */
interface Stretch {
  readonly first?: number;
  readonly step: number;
  readonly count: number;
}

export interface TestSeries {
  /** `electrumx_up{job="electrumx",instance="a:10061"}` */
  readonly selector: string;
  readonly stretches: readonly Stretch[];
  /** seconds from one sample to the next */
  readonly interval: number;
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const VALUES = new RegExp(`^(?<first>${NUMBER})(?:(?<step>${NUMBER})?x(?<more>\\d+))?$`, 'i');
const MISSING = /^(?:_(?:x(?<count>\d+))?|stale)$/;

/** Reads `1+0x4 3 _x2 stale`. Throws for what is not promtool's notation. */
export function parseValues(values: string): readonly Stretch[] {
  return values
    .trim()
    .split(/\s+/)
    .filter((token) => token !== '')
    .map(parseStretch);
}

function parseStretch(token: string): Stretch {
  const missing = MISSING.exec(token);
  if (missing) return { step: 0, count: Number(missing.groups?.['count'] ?? 1) };
  const { first, step, more } = VALUES.exec(token)?.groups ?? {};
  if (first === undefined) throw new Error(`${token} is not a value of a series`);
  return { first: Number(first), step: Number(step ?? 0), count: Number(more ?? 0) + 1 };
}

/** The seconds after which the series has no more samples. */
export function lengthOf({ stretches, interval }: TestSeries): number {
  return stretches.reduce((sum, { count }) => sum + count, 0) * interval;
}

/** The series with a last stretch that never ends: what happens in it goes on. */
export function endless(series: TestSeries): TestSeries {
  const last = series.stretches.at(-1);
  if (last === undefined) return series;
  return { ...series, stretches: [...series.stretches.slice(0, -1), { ...last, count: Infinity }] };
}

/** Counters and the time of the last reply grow between two samples of a stretch. All other series keep their value until the next. */
const GROWS_STEADILY = /^\w+_total\b|^electrumx_scrape_collector_last_success_timestamp_seconds\b/;

/** What a scrape finds after so many seconds. `undefined`: the series is missing, or has ended. */
export function valueAt({ selector, stretches, interval }: TestSeries, seconds: number): number | undefined {
  let position = seconds / interval;
  if (!GROWS_STEADILY.test(selector)) position = Math.floor(position);
  for (const { first, step, count } of stretches) {
    if (position < count) return first === undefined ? undefined : first + step * Math.min(position, count - 1);
    position -= count;
  }
  return undefined;
}

/** The seconds after which the value first differs from what it was, or would be at its steady growth. `undefined`: never. */
export function firstChange({ stretches, interval }: TestSeries): number | undefined {
  let position = 0;
  let expected: number | undefined;
  for (const { first, step, count } of stretches) {
    if (first !== undefined) {
      if (expected !== undefined && first !== expected) return position * interval;
      expected = first + step * count;
    }
    position += count;
  }
  return undefined;
}

/** The seconds after which the series is first missing, having been there. `undefined`: it is there to its end. */
export function firstGap({ stretches, interval }: TestSeries): number | undefined {
  let position = 0;
  for (const { first, count } of stretches) {
    if (first === undefined && position > 0) return position * interval;
    position += count;
  }
  return undefined;
}
