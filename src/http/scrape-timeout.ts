// How long a scrape may take: what Prometheus will wait, less the way back.

const WAY_BACK_MS = 500;

/** No Prometheus waits so short; anyone else could make each scrape fail, be counted and be logged. */
const SHORTEST_MS = 100;

/**
 * The exporter's own timeout, or, if that is shorter, the time that the header `X-Prometheus-Scrape-Timeout-Seconds` gives, less half
 * a second (less half of it, if it is a second or less). A header that is no number, or less than
 * `SHORTEST_MS`, counts as none. In milliseconds.
 */
export function scrapeTimeoutMs(ownMs: number, header: string | string[] | undefined): number {
  const givenMs = typeof header === 'string' && /^\d{1,6}(\.\d+)?$/.test(header) ? Number(header) * 1000 : 0;
  if (givenMs < SHORTEST_MS) return ownMs;
  return Math.min(ownMs, givenMs > 2 * WAY_BACK_MS ? givenMs - WAY_BACK_MS : givenMs / 2);
}
