// The row about the chain: daemon and index over time.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { states, timeSeries } from '../../panel/series.ts';
import { gauge } from '../../promql.ts';
import { blocksBehind, daemonStalledLimit } from '../../rules/chain.ts';
import { sinceBlock } from '../expressions.ts';
import { DAEMON_STATES } from '../steps.ts';

export const CHAIN: Row = {
  title: 'Are we at the tip?',
  height: 8,
  panels: [
    timeSeries(
      'Heights',
      [
        ['daemon', gauge('electrumx_daemon_height')],
        ['index', gauge('electrumx_db_height')],
      ],
      {
        asks: 'Do daemon and index move, and together?',
        normal: 'Normal: one line of stairs. In a sync the index moves at flushes only.',
        width: 7,
        unit: units.Number,
        alerts: ['ElectrumXSyncStalled'],
      },
    ),
    timeSeries('Blocks behind over time', [['blocks', blocksBehind]], {
      asks: 'Since when is the index behind, and does it catch up?',
      normal: 'Normal: 0 with short spikes. Critical above the red line. Negative: the daemon is below the index.',
      width: 6,
      unit: units.Number,
      steps: ['transparent', [limits.BLOCKS_BEHIND + 1, 'red']],
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXDaemonBelowIndex'],
    }),
    timeSeries(
      'Time since the daemon told a new block',
      [
        ['since', sinceBlock],
        ['limit', daemonStalledLimit],
      ],
      {
        asks: 'Is the daemon alive?',
        normal: 'Normal: a saw below the limit. Above it pages; a coin whose interval nobody knows has no limit.',
        width: 7,
        unit: units.Seconds,
        min: 0,
        colours: { limit: 'red' },
        alerts: ['ElectrumXDaemonHeightStalled'],
      },
    ),
    states('Daemon in use', ['daemon', gauge('electrumx_daemon_primary')], {
      asks: 'Is it the first of DAEMON_URL?',
      normal: 'Normal: yes. After a failover ElectrumX does not return by itself.',
      width: 4,
      unit: units.Number,
      ...DAEMON_STATES,
      alerts: ['ElectrumXDaemonFailedOver'],
    }),
  ],
};
