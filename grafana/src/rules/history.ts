// What Prometheus remembers of an alert.
import { WEEK } from '../last15m.ts';
import { aggregate, firingAlert, over, type Vector } from '../promql.ts';
import type { AlertName } from '../rule.ts';

/** Whether an alert fired within a week: an alert does not end because what it began with is too long ago. */
export function hasFired(name: AlertName): Vector<never> {
  return aggregate('max', over('max_over_time', firingAlert(name), WEEK), {
    without: ['alertname', 'alertstate', 'severity'],
  });
}
