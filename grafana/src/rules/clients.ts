// Recordings and alerts: which clients use the server, and do some use it too much?
import { last15m, median15m } from '../last15m.ts';
import * as limits from '../limits.ts';
import { aggregate, counter, gauge, not, over, promql, quantile, rate } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';

const clients = aggregate('sum', last15m(gauge('electrumx_sessions_by_transport', { transport: not('rpc') })), {
  without: ['transport'],
});

/** Only with enough clients for a share of them. */
const throttledClients = record(
  'electrumx:throttled_clients:ratio',
  promql`${last15m(gauge('electrumx_sessions_throttled'))} / (${clients} > ${limits.CLIENTS_FOR_THROTTLED})`,
);

/** Groups without a cost, of servers up to 1.10.0, are time slots and no subnets. */
const largestSubnet = record(
  'electrumx:largest_subnet:ratio',
  promql`${aggregate(
    'max',
    promql`${last15m(gauge('electrumx_group_sessions'))} and ${last15m(gauge('electrumx_group_cost'))}`,
    { without: ['rank', 'group'] },
  )} / (${last15m(gauge('electrumx_sessions'))} > ${limits.SESSIONS_FOR_SUBNET})`,
);

const sessionsOpened = record(
  'electrumx:sessions_opened:rate20m',
  rate(counter('electrumx_sessions_opened_total'), '20m'),
);

/**
 * An average of the recorded rates, and not one rate over the day: where Prometheus has data of less than a day, that one would be far too
 * low, and every new installation would seem to be under attack. In the first twenty minutes nothing is usual yet.
 */
const usuallyOpened = over('avg_over_time', sessionsOpened, '1d', '20m');

export const CLIENTS: Group = {
  name: 'electrumx-clients',
  rules: [
    throttledClients,
    largestSubnet,
    sessionsOpened,
    alert({
      alert: 'ElectrumXClientsThrottled',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '15m',
      expr: promql`${over('avg_over_time', throttledClients, '30m')} > ${limits.THROTTLED_SHARE}`,
      summary: 'ElectrumX at {{ $labels.instance }} throttles {{ $value | humanizePercentage }} of its clients',
      description:
        'They are over COST_SOFT_LIMIT. Either some clients send too many expensive requests, or the limit is too low.',
    }),
    alert({
      alert: 'ElectrumXGroupsLockedOut',
      severity: 'info',
      dashboard: 'electrumx-clients',
      for: '30m',
      expr: promql`${quantile(0.5, gauge('electrumx_groups_over_limit', { limit: 'hard' }), '30m')} > ${limits.GROUPS_LOCKED_OUT}`,
      summary: 'ElectrumX at {{ $labels.instance }} has locked out {{ $value }} subnets',
      description:
        'They are over COST_HARD_LIMIT and are disconnected until their cost has decayed, which takes up to hours. In an attack that is the purpose of the limit.',
    }),
    alert({
      alert: 'ElectrumXSubnetDominates',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '10m',
      expr: promql`${median15m(largestSubnet)} > ${limits.SUBNET_SHARE}`,
      summary:
        'One subnet has {{ $value | humanizePercentage }} of the sessions of ElectrumX at {{ $labels.instance }}',
      description: 'It may be an attack, or many users behind one address.',
      inhibits: ['ElectrumXCollectorSkipped'],
    }),
    alert({
      alert: 'ElectrumXConnectionChurn',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '10m',
      expr: promql`${sessionsOpened} > ${limits.CHURN_PER_SECOND} and ${sessionsOpened} > ${limits.CHURN_TIMES_USUAL} * ${usuallyOpened} or ${sessionsOpened} > ${limits.CHURN_WHATEVER_IS_USUAL}`,
      summary: 'Clients open {{ $value | humanize }} sessions a second at ElectrumX at {{ $labels.instance }}',
      description: `That is more than ${limits.CHURN_TIMES_USUAL} times the average of the day before, or more than any server has in normal operation. Clients that connect, send a request and disconnect evade the session limits.`,
    }),
    // The lowest number: sessions that are stuck never end, and all others do.
    alert({
      alert: 'ElectrumXSessionsStuckClosing',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '10m',
      expr: promql`${over('min_over_time', gauge('electrumx_sessions_closing'), '30m')} > ${limits.SESSIONS_CLOSING}`,
      summary: 'ElectrumX at {{ $labels.instance }} has {{ $value }} sessions that never finish closing',
      description:
        'Closing a session takes seconds, and these have been closing for half an hour. They count against MAX_SESSIONS and hold memory.',
    }),
  ],
};
