// Recordings and alerts: who uses the server, and does somebody use it too much?
import { lately } from '../lately.ts';
import * as limits from '../limits.ts';
import { aggregate, counter, gauge, not, over, promql, rate } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';

const clients = aggregate('sum', lately(gauge('electrumx_sessions_by_transport', { transport: not('rpc') })), {
  without: ['transport'],
});

/** Groups without a cost, of servers up to 1.10.0, are slots of time and no subnets. */
const largestSubnet = aggregate(
  'max',
  promql`${lately(gauge('electrumx_group_sessions'))} and ${lately(gauge('electrumx_group_cost'))}`,
  {
    without: ['rank', 'group'],
  },
);

export const sessionsOpened = record(
  'electrumx:sessions_opened:rate10m',
  rate(counter('electrumx_sessions_opened_total'), '10m'),
);

/**
 * An average of the rates that were recorded, and not one rate over the day: where Prometheus knows less than a day, that one would be far
 * too low, and every new installation would look attacked. In the first ten minutes nothing is usual yet.
 */
const usuallyOpened = over('avg_over_time', sessionsOpened, '1d', '10m');

export const CLIENTS: Group = {
  name: 'electrumx-clients',
  rules: [
    sessionsOpened,
    alert({
      alert: 'ElectrumXClientsThrottled',
      severity: 'ticket',
      dashboard: 'electrumx-clients',
      for: '30m',
      expr: promql`${lately(gauge('electrumx_sessions_throttled'))} / (${clients} > ${limits.CLIENTS_FOR_THROTTLED}) > ${limits.THROTTLED_SHARE}`,
      summary: 'ElectrumX at {{ $labels.instance }} slows down {{ $value | humanizePercentage }} of its clients',
      description: 'They are over COST_SOFT_LIMIT. Either some of them ask for too much, or the limit is too tight.',
    }),
    alert({
      alert: 'ElectrumXGroupsLockedOut',
      severity: 'info',
      dashboard: 'electrumx-clients',
      for: '30m',
      expr: promql`${lately(gauge('electrumx_groups_over_limit', { limit: 'hard' }))} > ${limits.GROUPS_LOCKED_OUT}`,
      summary: 'ElectrumX at {{ $labels.instance }} has locked out {{ $value }} subnets',
      description:
        'They are over COST_HARD_LIMIT, and are cut off until what they have cost has drained, which takes up to hours. Under an attack that is as it should be.',
    }),
    alert({
      alert: 'ElectrumXSubnetDominates',
      severity: 'ticket',
      dashboard: 'electrumx-clients',
      for: '15m',
      expr: promql`${largestSubnet} > ${limits.SUBNET_SHARE} * (${lately(gauge('electrumx_sessions'))} > ${limits.SESSIONS_FOR_SUBNET})`,
      summary: 'One subnet has {{ $value }} sessions of ElectrumX at {{ $labels.instance }}',
      description: 'That is more than a quarter of all. It may be an attack, or many users behind one address.',
      inhibits: ['ElectrumXCollectorSkipped'],
    }),
    alert({
      alert: 'ElectrumXConnectionChurn',
      severity: 'ticket',
      dashboard: 'electrumx-clients',
      for: '10m',
      expr: promql`${sessionsOpened} > ${limits.CHURN_PER_SECOND} and ${sessionsOpened} > ${limits.CHURN_TIMES_USUAL} * ${usuallyOpened} or ${sessionsOpened} > ${limits.CHURN_WHATEVER_IS_USUAL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is given {{ $value | humanize }} new sessions a second',
      description: `That is more than ${limits.CHURN_TIMES_USUAL} times what was usual in the day before, or more than any server has in peace. Who connects, asks and leaves gets around the limits of sessions.`,
    }),
    alert({
      alert: 'ElectrumXSessionsStuckClosing',
      severity: 'ticket',
      dashboard: 'electrumx-clients',
      for: '10m',
      expr: promql`${over('min_over_time', gauge('electrumx_sessions_closing'), '30m')} > ${limits.SESSIONS_CLOSING}`,
      summary: 'ElectrumX at {{ $labels.instance }} cannot get rid of {{ $value }} sessions that it closes',
      description:
        'Closing takes seconds, and these have been there for half an hour. They count against MAX_SESSIONS and keep their memory.',
    }),
  ],
};
