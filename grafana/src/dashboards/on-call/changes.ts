// The row about what has changed since yesterday, and what is in an unusual state.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { labelValue, stat } from '../../panel/numbers.ts';
import { aggregate, gauge, over, promql } from '../../promql.ts';
import { uptime } from '../expressions.ts';
import { DAEMON_STATES, FLUSH_STEPS, NONE_STEPS, UPTIME_STEPS } from '../steps.ts';

const missing = promql`1 - ${gauge('electrumx_scrape_collector_success')} - ${gauge('electrumx_scrape_collector_skipped')}`;

export const CHANGES: Row = {
  title: 'What changed?',
  height: 4,
  panels: [
    labelValue('Version', gauge('electrumx_info'), {
      label: 'version',
      asks: 'Which release runs?',
      normal: 'All graphs mark a change of the version in blue.',
      width: 3,
      unit: units.String,
      steps: ['blue'],
      states: { unknown: ['before 1.3', 'blue'] },
    }),
    stat('Uptime', uptime, {
      asks: 'How long ago did ElectrumX start?',
      normal: 'Normal: days. Each restart disconnects all wallets.',
      width: 3,
      unit: units.Seconds,
      decimals: 1,
      steps: UPTIME_STEPS,
      alerts: ['ElectrumXRestarting'],
    }),
    stat('Restarts', over('changes', gauge('electrumx_start_time_seconds'), '1d'), {
      asks: 'How often did it restart within a day?',
      normal: 'Normal: 0. All graphs mark restarts in red.',
      width: 3,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXRestarting'],
    }),
    stat('Daemon used', gauge('electrumx_daemon_primary'), {
      asks: 'Does it use the first daemon of DAEMON_URL?',
      normal: 'Normal: the first. After a failover ElectrumX does not return by itself.',
      width: 3,
      unit: units.Number,
      ...DAEMON_STATES,
      alerts: ['ElectrumXDaemonFailedOver'],
    }),
    stat('Good peers', aggregate('max', gauge('electrumx_peers', { status: 'good' }), { without: ['status'] }), {
      asks: 'How many other servers has it verified?',
      normal: 'Normal: dozens, or 0 if peer discovery is off.',
      width: 3,
      unit: units.Number,
      steps: ['orange', [1, 'green']],
      alerts: ['ElectrumXNoGoodPeers'],
    }),
    stat('Flush count', gauge('electrumx_db_flushes'), {
      asks: 'How close is the history database to its limit?',
      normal: 'It rises by one with each block. The server crashes at 65,536.',
      width: 3,
      unit: units.LocaleFormat,
      steps: FLUSH_STEPS,
      alerts: ['ElectrumXFlushCountCritical', 'ElectrumXFlushCountHigh'],
    }),
    stat('Logged', gauge('electrumx_sessions_logged'), {
      asks: 'How many sessions have their requests logged?',
      normal: 'Normal: 0, unless someone is debugging.',
      width: 3,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXSessionLoggingOn'],
    }),
    stat('No data', aggregate('sum', missing, { by: ['job', 'instance'] }), {
      asks: 'How many collectors fail?',
      normal: 'Normal: 0. The dashboard about the exporter shows which, and why.',
      width: 3,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXCollectorFailing'],
    }),
  ],
};
