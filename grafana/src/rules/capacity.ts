// Recordings and alerts: is the server full or slow?
import * as limits from '../limits.ts';
import { gauge, over, promql } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';

/** Only where the exporter was told MAX_SESSIONS. */
export const sessionsUtilisation = record(
  'electrumx:sessions_utilisation:ratio',
  promql`${gauge('electrumx_sessions')} / ${gauge('electrumx_config_max_sessions')}`,
);

const pending = gauge('electrumx_pending_requests');

/** Asked before `sessions` in a scrape, so that it does not see the work which that one causes. */
export const getinfoDuration = gauge('electrumx_scrape_collector_duration_seconds', { collector: 'getinfo' });

export const CAPACITY: Group = {
  name: 'electrumx-capacity',
  rules: [
    sessionsUtilisation,
    // An average: when listeners reopen, the number may be just below 95% for one scrape.
    alert({
      alert: 'ElectrumXSessionsExhausted',
      severity: 'page',
      dashboard: 'electrumx-clients',
      for: '5m',
      expr: promql`${over('avg_over_time', sessionsUtilisation, '10m')} >= ${limits.SESSIONS_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is full: {{ $value | humanizePercentage }} of MAX_SESSIONS',
      description: 'At MAX_SESSIONS it stops listening until sessions have left: new wallets are refused.',
      inhibits: ['ElectrumXSessionsNearLimit', 'ElectrumXSubnetDominates'],
    }),
    alert({
      alert: 'ElectrumXSessionsNearLimit',
      severity: 'ticket',
      dashboard: 'electrumx-clients',
      for: '15m',
      expr: promql`${over('avg_over_time', sessionsUtilisation, '15m')} > ${limits.SESSIONS_NEARLY_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is at {{ $value | humanizePercentage }} of MAX_SESSIONS',
      description: 'At MAX_SESSIONS it would stop listening and refuse new wallets.',
    }),
    // The lowest of some minutes: short peaks after a block are normal.
    alert({
      alert: 'ElectrumXOverloaded',
      severity: 'page',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${over('min_over_time', pending, '5m')} > ${limits.PENDING_TOO_MANY}`,
      summary: 'ElectrumX at {{ $labels.instance }} is overloaded: {{ $value }} requests wait for an answer',
      description: `At any time of the last 5 minutes there were more than ${limits.PENDING_TOO_MANY}. Wallets wait, and requests run into their time limit.`,
      inhibits: ['ElectrumXPendingRequestsHigh', 'ElectrumXEventLoopSlow'],
    }),
    alert({
      alert: 'ElectrumXPendingRequestsHigh',
      severity: 'ticket',
      dashboard: 'electrumx-on-call',
      for: '5m',
      expr: promql`${over('min_over_time', pending, '10m')} > ${limits.PENDING_MANY}`,
      summary: 'ElectrumX at {{ $labels.instance }} answers slowly: {{ $value }} requests wait for an answer',
      description: `At any time of the last 10 minutes there were more than ${limits.PENDING_MANY}. With over ${limits.PENDING_TOO_MANY} the server is overloaded.`,
    }),
    alert({
      alert: 'ElectrumXEventLoopSlow',
      severity: 'ticket',
      dashboard: 'electrumx-on-call',
      for: '5m',
      expr: promql`${over('min_over_time', getinfoDuration, '10m')} > ${limits.EVENT_LOOP_SLOW_SECONDS}`,
      summary: 'ElectrumX at {{ $labels.instance }} needs {{ $value | humanizeDuration }} for getinfo',
      description:
        'getinfo itself takes milliseconds: for the rest of the time ElectrumX stands still, for every wallet.',
    }),
  ],
};
