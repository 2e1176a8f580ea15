// Recordings: how far the clock of the exporter's host is from Prometheus's, and times that do not depend on it.
import { CLOCK_OFFSET_SECONDS } from '../limits.ts';
import { aggregate, gauge, over, promql, type Vector } from '../promql.ts';
import { record } from '../rule.ts';

const answeredAt = gauge('electrumx_scrape_collector_last_success_timestamp_seconds', { collector: 'getinfo' });

/** The age of the getinfo reply when it was scraped: below a second, except for a reused result. */
export const getinfoAge = record(
  'electrumx:getinfo_age_seconds',
  promql`${aggregate('max', promql`timestamp(${answeredAt}) - ${answeredAt}`, { without: ['collector'] })} and ${gauge('electrumx_up')} == 1`,
);

/** Only where it is more than a result that is reused for some minutes: positive if the exporter's clock is slow. */
export const clockOffset = record(
  'electrumx:clock_offset_seconds',
  promql`${over('min_over_time', getinfoAge, '15m')} > ${CLOCK_OFFSET_SECONDS} or ${over('max_over_time', getinfoAge, '15m')} < ${-CLOCK_OFFSET_SECONDS}`,
);

/** How many seconds ago the exporter or ElectrumX wrote that time down, by the same clock. */
export function age(timestamp: Vector<never>): Vector<never> {
  return promql`time() - ${clockOffset} - ${timestamp} or time() - ${timestamp}`;
}
