// The time limit of a scrape: what Prometheus allows, minus the time that the reply takes to reach it.

const REPLY_MS = 500;

/** No Prometheus allows less. Other clients must not be able to make scrapes fail, which are counted and logged. */
const SHORTEST_MS = 100;

/**
 * The lower of `maxMs` and what the header `X-Prometheus-Scrape-Timeout-Seconds` allows. From the header's value half a second is
 * subtracted, or half of the value if that is one second or less. A header that is not a number, or less than `SHORTEST_MS`, is ignored.
 * In milliseconds.
 */
export function scrapeTimeoutMs(maxMs: number, header: string | string[] | undefined): number {
  const allowedMs = typeof header === 'string' && /^\d{1,6}(\.\d+)?$/.test(header) ? Number(header) * 1000 : 0;
  if (allowedMs < SHORTEST_MS) return maxMs;
  return Math.min(maxMs, allowedMs > 2 * REPLY_MS ? allowedMs - REPLY_MS : allowedMs / 2);
}
