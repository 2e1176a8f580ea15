// The section rate_limit of the web configuration file, and the token bucket that enforces it.
import { isUnset, join, scalar, type Report, type Section } from './yaml.ts';

export interface RateLimit {
  /** a token is added after this long */
  readonly intervalMs: number;
  /** tokens in a full bucket */
  readonly burst: number;
}

/** `undefined` without an interval, or with one of 0 or less: requests are not limited, as in exporter-toolkit. */
export function readRateLimit(from: Section, report: Report): RateLimit | undefined {
  const interval = scalar(from, 'interval', report);
  const intervalMs = interval === undefined ? 0 : parseGoDuration(interval);
  if (intervalMs === undefined) {
    report(join(from.at, 'interval'), interval, 'expected a duration, such as 500ms, 1s or 1m30s');
  }
  const count = scalar(from, 'burst', report);
  const burst = /^[+-]?\d{1,9}$/.test(count ?? '0') ? Number(count ?? 0) : undefined;
  if (burst === undefined) report(join(from.at, 'burst'), count, 'expected a whole number');
  if (intervalMs === undefined || intervalMs <= 0 || burst === undefined) return undefined;
  // exporter-toolkit accepts less than 1 and then refuses every request.
  if (burst < 1) report(join(from.at, 'burst'), isUnset(count) ? undefined : count, 'expected 1 or more');
  return { intervalMs, burst };
}

/** Takes a token; false if the bucket is empty. */
export type TakeToken = (limit: RateLimit | undefined) => boolean;

/** A token bucket by `clock`, in milliseconds. It starts full, and again whenever the limit changes. */
export function createTokenBucket(clock: () => number): TakeToken {
  let bucket = { intervalMs: 0, burst: 0, tokens: 0, at: 0 };
  return (limit) => {
    if (limit === undefined) return true;
    const { intervalMs, burst } = limit;
    const at = clock();
    const unchanged = bucket.intervalMs === intervalMs && bucket.burst === burst;
    const tokens = unchanged ? Math.min(burst, bucket.tokens + (at - bucket.at) / intervalMs) : burst;
    const taken = tokens >= 1;
    bucket = { intervalMs, burst, at, tokens: taken ? tokens - 1 : tokens };
    return taken;
  };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3 },
  ...{ m: 60e3, h: 3600e3 },
};

/** Milliseconds of a duration in Go's format; a number without a unit is in nanoseconds. */
function parseGoDuration(value: string): number | undefined {
  if (/^[+-]?\d+$/.test(value)) return Number(value) / 1e6;
  const [, sign, rest = ''] = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(value) ?? [];
  if (rest === '') return undefined;
  const parts = [...rest.matchAll(/([\d.]+)([^\d.]+)/g)].map(([, n, unit = '']) => Number(n) * (UNITS_MS[unit] ?? NaN));
  return (sign === '-' ? -1 : 1) * parts.reduce((sum, part) => sum + part, 0);
}
