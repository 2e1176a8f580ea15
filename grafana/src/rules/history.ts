// What Prometheus remembers of an alert.
import { WEEK } from '../last15m.ts';
import { aggregate, firingAlert, over, selector, type Vector } from '../promql.ts';
import type { AlertName } from '../rule.ts';

/** Whether an alert fired within a week: an alert does not end because what it began with is too long ago. */
export function hasFired(name: AlertName): Vector<never> {
  return aggregate('max', over('max_over_time', firingAlert(name), WEEK), {
    without: ['alertname', 'alertstate', 'severity'],
  });
}

const LABELS = ['alertname', 'alertstate', 'severity', 'transport', 'port', 'step'] as const;

/** Whether an alert of the server or of any of its client ports fired within half an hour. */
export function hasJustFired(name: AlertName): Vector<never> {
  const firing = selector('ALERTS', LABELS, { alertname: name, alertstate: 'firing' });
  return aggregate('max', over('max_over_time', firing, '30m'), { without: LABELS });
}
