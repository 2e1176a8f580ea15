// Recordings and alerts: is the server full or slow?
import * as limits from '../limits.ts';
import { gauge, over, promql, quantile } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';
import { median15m } from '../last15m.ts';

/** Only where the exporter knows MAX_SESSIONS. */
export const sessionsUtilisation = record(
  'electrumx:sessions_utilisation:ratio',
  promql`${gauge('electrumx_sessions')} / ${gauge('electrumx_config_max_sessions')}`,
);

const pending = gauge('electrumx_pending_requests');

/** Collected before `sessions`, so that it does not measure the work of that one. */
export const getinfoDuration = gauge('electrumx_scrape_collector_duration_seconds', { collector: 'getinfo' });

export const CAPACITY: Group = {
  name: 'electrumx-capacity',
  rules: [
    sessionsUtilisation,
    // An average: when listeners reopen, the number may be just below 95% for one scrape.
    alert({
      alert: 'ElectrumXSessionsExhausted',
      severity: 'critical',
      dashboard: 'electrumx-clients',
      for: '2m',
      expr: promql`${over('avg_over_time', sessionsUtilisation, '10m')} >= ${limits.SESSIONS_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is full: {{ $value | humanizePercentage }} of MAX_SESSIONS',
      description: 'At MAX_SESSIONS it closes its listeners until sessions have ended. New wallets are refused.',
      inhibits: ['ElectrumXSessionsNearLimit', 'ElectrumXSubnetDominates'],
    }),
    alert({
      alert: 'ElectrumXSessionsNearLimit',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '15m',
      expr: promql`${over('avg_over_time', sessionsUtilisation, '15m')} > ${limits.SESSIONS_NEARLY_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is at {{ $value | humanizePercentage }} of MAX_SESSIONS',
      description: 'At MAX_SESSIONS it closes its listeners and refuses new wallets.',
    }),
    // Medians: short peaks after a block are normal.
    alert({
      alert: 'ElectrumXOverloaded',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${median15m(pending)} > ${limits.PENDING_TOO_MANY}`,
      summary: 'ElectrumX at {{ $labels.instance }} is overloaded: {{ $value }} requests are pending',
      description: `For most of the last 15 minutes more than ${limits.PENDING_TOO_MANY} requests were pending. Wallets wait, and requests time out.`,
      inhibits: ['ElectrumXPendingRequestsHigh', 'ElectrumXEventLoopSlow'],
    }),
    alert({
      alert: 'ElectrumXPendingRequestsHigh',
      severity: 'warning',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${quantile(0.5, pending, '30m')} > ${limits.PENDING_MANY}`,
      summary: 'ElectrumX at {{ $labels.instance }} answers slowly: {{ $value }} requests are pending',
      description: `For most of the last half hour more than ${limits.PENDING_MANY} requests were pending. Above ${limits.PENDING_TOO_MANY} the server is overloaded.`,
    }),
    alert({
      alert: 'ElectrumXEventLoopSlow',
      severity: 'warning',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${quantile(1 - limits.SHARE_OF_SLOW_SCRAPES, getinfoDuration, '30m')} > ${limits.EVENT_LOOP_SLOW_SECONDS}`,
      summary: 'ElectrumX at {{ $labels.instance }} often needs {{ $value | humanizeDuration }} for getinfo',
      description:
        'getinfo itself takes milliseconds. For the rest of the time the event loop of ElectrumX is blocked, for every wallet.',
    }),
  ],
};
