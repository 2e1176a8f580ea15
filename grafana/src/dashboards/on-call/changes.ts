// The row about what is different from yesterday, or was left as it should not be.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { names, stat } from '../../panel/numbers.ts';
import { aggregate, gauge, over, promql } from '../../promql.ts';
import { FLUSH_STEPS, NONE_STEPS } from '../steps.ts';

const missing = promql`1 - ${gauge('electrumx_scrape_collector_success')}`;

export const CHANGES: Row = {
  title: 'What changed?',
  height: 4,
  panels: [
    names('Version', ['{{version}}, {{coin}}', gauge('electrumx_info')], {
      asks: 'What runs?',
      normal: 'A change of the version is marked in blue on all panels.',
      width: 8,
      unit: units.Number,
      steps: ['blue'],
    }),
    stat('Restarts in a day', over('changes', gauge('electrumx_start_time_seconds'), '1d'), {
      asks: 'Does it come back again and again?',
      normal: 'Normal: 0. Each is marked in red on all panels.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXRestarting'],
    }),
    stat('Flush count', gauge('electrumx_db_flushes'), {
      asks: 'How near is the end of the history database?',
      normal: 'Grows by one a block. The server dies at 65,536.',
      width: 4,
      unit: units.LocaleFormat,
      steps: FLUSH_STEPS,
      alerts: ['ElectrumXFlushCountCritical', 'ElectrumXFlushCountHigh'],
    }),
    stat('Sessions logged', gauge('electrumx_sessions_logged'), {
      asks: 'Does anybody log what wallets ask?',
      normal: 'Normal: 0, but while somebody looks for a fault.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXSessionLoggingOn'],
    }),
    stat('Collectors without data', aggregate('sum', missing, { by: ['job', 'instance'] }), {
      asks: 'Is there anything that this dashboard cannot see?',
      normal: 'Normal: 0. The dashboard about the exporter says which, and why.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
      alerts: ['ElectrumXCollectorFailing'],
    }),
  ],
};
