// Alerts: what grows until it breaks, what was left switched on, and what strangers try.
import { lately } from '../lately.ts';
import {
  FLUSH_COUNT_AHEAD_SECONDS,
  FLUSH_COUNT_CRITICAL,
  FLUSH_COUNT_HIGH,
  FLUSH_COUNT_MAX,
  HOSTILE_TEXTS,
} from '../limits.ts';
import { gauge, over, predictLinear, promql } from '../promql.ts';
import { alert, type Group } from '../rule.ts';

const flushCount = gauge('electrumx_db_flushes');

export const HYGIENE: Group = {
  name: 'electrumx-hygiene',
  rules: [
    alert({
      alert: 'ElectrumXFlushCountHigh',
      severity: 'ticket',
      dashboard: 'electrumx-index',
      for: '1h',
      expr: promql`${lately(flushCount)} > ${FLUSH_COUNT_HIGH} or ${lately(flushCount)} and ${predictLinear(flushCount, '7d', FLUSH_COUNT_AHEAD_SECONDS)} > ${FLUSH_COUNT_MAX}`,
      summary: 'The history database of ElectrumX at {{ $labels.instance }} has been flushed {{ $value }} times',
      description: `At ${FLUSH_COUNT_MAX + 1} the server dies. This one has passed ${FLUSH_COUNT_HIGH}, or gets to the end within 30 days at its pace.`,
    }),
    alert({
      alert: 'ElectrumXFlushCountCritical',
      severity: 'page',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${lately(flushCount)} > ${FLUSH_COUNT_CRITICAL}`,
      summary: `ElectrumX at {{ $labels.instance }} dies soon: {{ $value }} of at most ${FLUSH_COUNT_MAX} flushes`,
      description: `Less than ${FLUSH_COUNT_MAX + 1 - FLUSH_COUNT_CRITICAL} flushes are left; at the tip each block is one. Stop it in order and compact the database.`,
      inhibits: ['ElectrumXFlushCountHigh'],
    }),
    // The highest of some minutes: a scrape that fails, or a restart, must not begin the hours anew.
    alert({
      alert: 'ElectrumXSessionLoggingOn',
      severity: 'info',
      dashboard: 'electrumx-clients',
      for: '6h',
      expr: promql`${over('max_over_time', gauge('electrumx_sessions_logged'), '15m')} > 0`,
      summary: 'ElectrumX at {{ $labels.instance }} logs the requests of {{ $value }} sessions',
      description:
        'It has done so for 6 hours: what wallets ask for goes to its log. Probably someone forgot to switch it off.',
    }),
    alert({
      alert: 'ElectrumXHostileInput',
      severity: 'info',
      dashboard: 'electrumx-exporter',
      for: '15m',
      expr: promql`${lately(gauge('electrumx_scrape_collector_suspicious_strings'))} > ${HOSTILE_TEXTS}`,
      summary:
        'ElectrumX at {{ $labels.instance }} shows {{ $value }} harmful texts of strangers in {{ $labels.collector }}',
      description:
        'They sent control characters, markup or overlong text, as no honest software does. No metric carries any of it, but other programs that show it may not be as careful.',
    }),
  ],
};
