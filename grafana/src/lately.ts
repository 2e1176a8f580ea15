// Values that outlive a failed scrape.
import { over, type Series, type Vector } from './promql.ts';

/**
 * The last value of the last 5 minutes. When ElectrumX does not answer once, its series end for that scrape, and every alert on them would
 * begin to wait anew: just where a server is in trouble, it would hardly ever fire.
 */
export function lately<Label extends string>(of: Series<Label>): Vector<Label> {
  return over('last_over_time', of, '5m');
}
