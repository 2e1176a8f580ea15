// Recordings and alerts: is the server full or slow?
import * as limits from '../limits.ts';
import { gauge, over, promql, quantile } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';
import { median15m } from '../last15m.ts';

const sessions = gauge('electrumx_sessions');
const sessionsLimit = gauge('electrumx_sessions_limit');
const assumed = gauge('electrumx_sessions_limit_info', { source: 'default' });

/** More sessions than ElectrumX allows by default: its MAX_SESSIONS is higher, and not known to the exporter. */
const defaultIsWrong = promql`${over('max_over_time', sessions, '1d')} > ${limits.SESSIONS_DISPROVE_DEFAULT} * ${sessionsLimit} and ignoring (source) ${assumed}`;

/** Of the limit in force. Absent where the default is assumed and proves wrong. */
export const sessionsUtilisation = record(
  'electrumx:sessions_utilisation:ratio',
  promql`${sessions} / ${sessionsLimit} unless ${defaultIsWrong}`,
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
      summary: 'ElectrumX at {{ $labels.instance }} is full: {{ $value | humanizePercentage }} of its sessions limit',
      description:
        'At electrumx_sessions_limit it closes its client ports until sessions have ended. New wallets are refused. electrumx_sessions_limit_info shows whether the limit is MAX_SESSIONS, the default, or the limit of open files.',
      inhibits: [
        'ElectrumXSessionsNearLimit',
        'ElectrumXSubnetDominates',
        'ElectrumXFileDescriptorsHigh',
        'ElectrumXClientPortDown',
        'ElectrumXErrorBudgetBurnFast',
        'ElectrumXErrorBudgetBurnSlow',
      ],
    }),
    alert({
      alert: 'ElectrumXSessionsNearLimit',
      severity: 'warning',
      dashboard: 'electrumx-clients',
      for: '15m',
      expr: promql`${over('avg_over_time', sessionsUtilisation, '15m')} > ${limits.SESSIONS_NEARLY_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} is at {{ $value | humanizePercentage }} of its sessions limit',
      description:
        'At electrumx_sessions_limit it closes its client ports and refuses new wallets. electrumx_sessions_limit_info shows whether the limit is MAX_SESSIONS, the default, or the limit of open files.',
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
      inhibits: [
        'ElectrumXPendingRequestsHigh',
        'ElectrumXClientsThrottled',
        'ElectrumXEventLoopSlow',
        'ElectrumXWalletSlow',
        'ElectrumXErrorBudgetBurnFast',
        'ElectrumXErrorBudgetBurnSlow',
      ],
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
