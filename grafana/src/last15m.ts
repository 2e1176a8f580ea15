// Values over failed scrapes.
import { over, quantile, type Series, type Vector } from './promql.ts';

/**
 * The last value of the last 15 minutes: of two scrapes that are 5 minutes apart one may fail. A failed scrape ends the series of a server,
 * and an alert without series starts its wait again: on an overloaded server it would hardly ever fire.
 */
export function last15m<Label extends string>(of: Series<Label>): Vector<Label> {
  return over('last_over_time', of, '15m');
}

/** The last week, for events that occurred once in it. */
export const WEEK = { range: '7d', step: '30m' } as const;

/** What a gauge was for more than half of the last 15 minutes: one odd scrape neither starts an alert nor ends it. */
export function median15m<Label extends string>(of: Series<Label>): Vector<Label> {
  return quantile(0.5, of, '15m');
}
