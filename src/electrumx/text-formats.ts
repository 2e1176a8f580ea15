// Numbers that ElectrumX formats as text: the uptime, and the statistics of a cache.

/** `exact` is false after a day, when ElectrumX leaves the seconds out: the real uptime is up to 60 s more. */
export interface Uptime {
  readonly seconds: number;
  readonly exact: boolean;
}

const UPTIME = /^(?=[-\d])(?:(-?\d{1,9})d)?\s?(?:(\d{1,9})h)?\s?(?:(\d{1,9})m)?\s?(?:(\d{1,9})s)?$/;

/** Reads `42s`, `01m 05s`, `01h 00m 00s`, `1d 00h 01m`; `undefined` for anything else. Days are negative after the clock was set back. */
export function parseUptime(value: unknown): Uptime | undefined {
  const match = typeof value === 'string' ? UPTIME.exec(value) : null;
  if (!match) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return { seconds: ((days * 24 + hours) * 60 + minutes) * 60 + seconds, exact: match[4] !== undefined };
}

export interface CacheStats {
  readonly lookups: number;
  readonly hits: number;
  readonly entries: number;
}

// Up to 1.16 there are commas inside the numbers, since 1.17 between them; 2.0 adds a hit rate.
const CACHE = /^([\d,]{1,24}?),? lookups,? ([\d,]{1,24}?),? hits,? ([\d,]{1,24}?),? entries/;

/** Reads `1,234 lookups 56 hits 7 entries`, `1234 lookups, 56 hits, 7 entries` and the latter with `, hitrate 0.5`. */
export function parseCacheStats(value: unknown): CacheStats | undefined {
  const match = typeof value === 'string' ? CACHE.exec(value) : null;
  if (!match) return undefined;
  const [lookups, hits, entries] = match.slice(1).map((digits) => Number.parseInt(digits.replaceAll(',', ''), 10));
  if (lookups === undefined || hits === undefined || entries === undefined) return undefined;
  return [lookups, hits, entries].every(Number.isFinite) ? { lookups, hits, entries } : undefined;
}
