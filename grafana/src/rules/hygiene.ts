// Alerts: what grows until it breaks, what was left switched on, and what clients try.
import { last15m, median15m, WEEK } from '../last15m.ts';
import {
  BLOCKS_OF_A_SYNC,
  FLUSH_COUNT_AHEAD_SECONDS,
  FLUSH_COUNT_CRITICAL,
  FLUSH_COUNT_HIGH,
  FLUSH_COUNT_MAX,
  SUSPICIOUS_STRINGS,
} from '../limits.ts';
import { gauge, over, predictLinear, promql } from '../promql.ts';
import { alert, type Group } from '../rule.ts';
import { blocksBehind } from './chain.ts';

const flushCount = gauge('electrumx_db_flushes');

export const HYGIENE: Group = {
  name: 'electrumx-hygiene',
  rules: [
    // A sync flushes far more often than the tip does: a week with a sync in it predicts nothing, and less than a week says little.
    alert({
      alert: 'ElectrumXFlushCountHigh',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '1h',
      expr: promql`${last15m(flushCount)} > ${FLUSH_COUNT_HIGH} or ${last15m(flushCount)} and ${predictLinear(flushCount, WEEK, FLUSH_COUNT_AHEAD_SECONDS)} > ${FLUSH_COUNT_MAX} and ${over('present_over_time', flushCount, '1d', '6d')} unless ${over('max_over_time', blocksBehind, WEEK)} > ${BLOCKS_OF_A_SYNC}`,
      summary: 'The history database of ElectrumX at {{ $labels.instance }} has been flushed {{ $value }} times',
      description: `At ${FLUSH_COUNT_MAX + 1} the server crashes. This one has passed ${FLUSH_COUNT_HIGH}, or reaches the end within 30 days at its current rate.`,
    }),
    alert({
      alert: 'ElectrumXFlushCountCritical',
      severity: 'critical',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${last15m(flushCount)} > ${FLUSH_COUNT_CRITICAL}`,
      summary: `ElectrumX at {{ $labels.instance }} will crash soon: {{ $value }} of at most ${FLUSH_COUNT_MAX} flushes`,
      description: `Fewer than ${FLUSH_COUNT_MAX + 1 - FLUSH_COUNT_CRITICAL} flushes are left, and at the tip each block takes one. Stop the server and compact its database.`,
      inhibits: ['ElectrumXFlushCountHigh'],
    }),
    // The highest of some minutes: a failed scrape or a restart must not start the hours anew.
    alert({
      alert: 'ElectrumXSessionLoggingOn',
      severity: 'info',
      dashboard: 'electrumx-clients',
      for: '6h',
      expr: promql`${over('max_over_time', gauge('electrumx_sessions_logged'), '15m')} > 0`,
      summary: 'ElectrumX at {{ $labels.instance }} logs the requests of {{ $value }} sessions',
      description:
        'It has done so for 6 hours. Its log contains the addresses that wallets query. Probably someone forgot to switch it off.',
    }),
    alert({
      alert: 'ElectrumXHostileInput',
      severity: 'info',
      dashboard: 'electrumx-exporter',
      for: '15m',
      expr: promql`${median15m(gauge('electrumx_scrape_collector_suspicious_strings'))} > ${SUSPICIOUS_STRINGS}`,
      summary: 'ElectrumX at {{ $labels.instance }} has {{ $value }} suspicious strings in {{ $labels.collector }}',
      description:
        'Clients or peers sent strings that ordinary software does not send: with control characters or markup, or overlong. No metric contains them, but other programs may show them unescaped.',
    }),
  ],
};
