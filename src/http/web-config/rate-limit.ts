// The section rate_limit of the web config file: how many requests are answered, by a token bucket.
import { isNothing, join, scalar, type Complain, type Section } from './yaml.ts';

export interface RateLimit {
  /** a token comes back after this long */
  readonly intervalMs: number;
  /** tokens there are when nobody has asked for a while */
  readonly burst: number;
}

/** `undefined` if there is no interval, or one of 0 or less: all requests are answered, as in Go. */
export function readRateLimit(from: Section, complain: Complain): RateLimit | undefined {
  const interval = scalar(from, 'interval', complain);
  const intervalMs = interval === undefined ? 0 : duration(interval);
  if (intervalMs === undefined) {
    complain(join(from.at, 'interval'), interval, 'expected a duration, such as 500ms, 1s or 1m30s');
  }
  const count = scalar(from, 'burst', complain);
  const burst = /^[+-]?\d{1,9}$/.test(count ?? '0') ? Number(count ?? 0) : undefined;
  if (burst === undefined) complain(join(from.at, 'burst'), count, 'expected a whole number');
  if (intervalMs === undefined || intervalMs <= 0 || burst === undefined) return undefined;
  // Go would take it and answer nobody.
  if (burst < 1) complain(join(from.at, 'burst'), isNothing(count) ? undefined : count, 'expected 1 or more');
  return { intervalMs, burst };
}

/** Asked at each request: whether it may pass, by `clock` in milliseconds. Another limit begins with a full bucket. */
export function createLimiter(clock: () => number): (limit: RateLimit | undefined) => boolean {
  let filled = { intervalMs: 0, burst: 0, tokens: 0, at: 0 };
  return (limit) => {
    if (limit === undefined) return true;
    const { intervalMs, burst } = limit;
    const at = clock();
    const same = filled.intervalMs === intervalMs && filled.burst === burst;
    const tokens = same ? Math.min(burst, filled.tokens + (at - filled.at) / intervalMs) : burst;
    const passes = tokens >= 1;
    filled = { intervalMs, burst, at, tokens: passes ? tokens - 1 : tokens };
    return passes;
  };
}

const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3 },
  ...{ m: 60e3, h: 3600e3 },
};

/** Milliseconds, of a duration as Go writes it; a number without unit is one of nanoseconds. */
function duration(text: string): number | undefined {
  if (/^[+-]?\d+$/.test(text)) return Number(text) / 1e6;
  const [, sign, rest = ''] = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (rest === '') return undefined;
  const parts = [...rest.matchAll(/([\d.]+)([^\d.]+)/g)].map(([, n, unit = '']) => Number(n) * (UNITS_MS[unit] ?? NaN));
  return (sign === '-' ? -1 : 1) * parts.reduce((sum, part) => sum + part, 0);
}
