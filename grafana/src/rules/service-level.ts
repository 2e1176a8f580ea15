// Recordings and alerts: the service level, which is the share of probes that succeed.
import { last15m } from '../last15m.ts';
import { PROBES_THAT_MAY_FAIL } from '../limits.ts';
import { aggregate, gauge, over, promql, type Series, type Vector } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';
import type { Duration } from '../time.ts';
import { catchingUp } from './chain.ts';
import { hasJustFired } from './history.ts';

/** Of the client ports. A first sync, in which they are closed by design, does not count. */
const probesSucceed = record(
  'electrumx:probes_succeed:ratio',
  promql`${aggregate('avg', last15m(gauge('electrumx_probe_success')), { without: ['transport', 'port'] })} unless ${last15m(catchingUp)}`,
);

/**
 * The windows of "The Site Reliability Workbook", chapter 5, with 2 hours instead of 1 and 10 minutes instead of 5: where scrapes are 5
 * minutes apart, one failed probe of an hour would exceed the limit.
 */
const failed10m = failedIn('10m');
const failed30m = failedIn('30m');
const failed2h = failedIn('2h');
const failed6h = failedIn('6h');
const failed1d = failedIn('1d');
const failed3d = failedIn('3d');

/** 1: no probe failed in 30 days. 0: as many as the objective allows. Negative: more. Of a shorter time if Prometheus keeps less. */
export const budgetLeft = record(
  'electrumx:probes_error_budget_left:ratio',
  promql`1 - (1 - ${over('avg_over_time', probesSucceed, '30d')}) / ${PROBES_THAT_MAY_FAIL}`,
);

function failedIn(range: Duration) {
  return record(`electrumx:probes_failed:ratio${range}`, promql`1 - ${over('avg_over_time', probesSucceed, range)}`);
}

/**
 * The budget of 30 days is used `times` as fast as it would last: over the long time, and still over the short one. On a target that is not
 * known for the long time, one failed probe would be a large share of the few that there are.
 */
function burns(
  times: number,
  range: Duration,
  { long, short }: Record<'long' | 'short', Series<never>>,
): Vector<never> {
  const most = Number((times * PROBES_THAT_MAY_FAIL).toFixed(4));
  return promql`${long} > ${most} and ${short} > ${most} and ${over('present_over_time', probesSucceed, '1d', range)}`;
}

/** The short times are up to half an hour, and have the failures of an outage in them for as long after its end. */
const explained = promql`${hasJustFired('ElectrumXDown')} or ${hasJustFired('ElectrumXClientPortDown')} or ${hasJustFired('ElectrumXDaemonUnreachable')} or ${hasJustFired('ElectrumXWalletUnserved')}`;
const burnsFast = promql`(${burns(14.4, '2h', { long: failed2h, short: failed10m })} or ${burns(6, '6h', { long: failed6h, short: failed30m })}) unless (${explained})`;
const burnsSlowly = promql`${burns(3, '1d', { long: failed1d, short: failed2h })} or ${burns(1, '3d', { long: failed3d, short: failed6h })}`;

export const SERVICE_LEVEL: Group = {
  name: 'electrumx-service-level',
  rules: [
    probesSucceed,
    failed10m,
    failed30m,
    failed2h,
    failed6h,
    failed1d,
    failed3d,
    budgetLeft,
    alert({
      alert: 'ElectrumXErrorBudgetBurnFast',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: burnsFast,
      summary: '{{ $value | humanizePercentage }} of the probes of ElectrumX at {{ $labels.instance }} fail',
      description:
        'At this rate the error budget of 30 days is used up within 2 to 5 days. Wallets often get no answer, although each fault is short.',
      inhibits: ['ElectrumXErrorBudgetBurnSlow'],
    }),
    alert({
      alert: 'ElectrumXErrorBudgetBurnSlow',
      severity: 'warning',
      dashboard: 'electrumx-on-call',
      for: '15m',
      expr: burnsSlowly,
      summary: '{{ $value | humanizePercentage }} of the probes of ElectrumX at {{ $labels.instance }} fail',
      description:
        'That is more than the objective of 99.5% allows. At this rate no error budget will be left after 30 days.',
    }),
  ],
};
