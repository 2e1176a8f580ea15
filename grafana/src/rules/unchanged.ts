// Recordings: since when a height has been what it is. Prometheus remembers it, so that a restart of the exporter does not.
import { last15m } from '../last15m.ts';
import { over, promql, selector, type Series } from '../promql.ts';
import { record, type Recording } from '../rule.ts';

/**
 * The exporter's time of the last change starts anew when the exporter does. So each evaluation keeps the time of the one before it for as
 * long as the height is the same.
 */
export function unchangedSince(
  name: 'daemon_height' | 'db_height',
  height: Series<never>,
  changedAt: Series<never>,
): { readonly since: Recording<never>; readonly last: Recording<never> } {
  const names = {
    since: `electrumx:${name}_unchanged_since:timestamp_seconds`,
    last: `electrumx:${name}:last_evaluation`,
  } as const;
  const before = (recorded: string) => over('last_over_time', selector(recorded, []), '2h');
  const same = promql`${before(names.since)} and ${last15m(height)} == ${before(names.last)}`;
  return {
    since: record(names.since, promql`${same} or ${last15m(changedAt)}`),
    last: record(names.last, last15m(height)),
  };
}
