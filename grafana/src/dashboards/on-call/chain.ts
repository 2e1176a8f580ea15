// The row about the chain: daemon and index over time.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { gauge } from '../../promql.ts';
import { blocksBehind, daemonStalledLimit } from '../../rules/chain.ts';
import { inMinutes, MINUTES, sinceBlock } from '../expressions.ts';

export const CHAIN: Row = {
  title: 'Are we at the tip?',
  height: 6,
  panels: [
    timeSeries(
      'Heights',
      [
        ['daemon', gauge('electrumx_daemon_height')],
        ['index', gauge('electrumx_db_height')],
      ],
      {
        asks: 'Do daemon and index rise together?',
        normal: 'Normal: both lines are one. During a sync the index changes only at flushes.',
        width: 8,
        unit: units.Number,
        alerts: ['ElectrumXSyncStalled'],
      },
    ),
    timeSeries('Index lag over time', [['blocks', blocksBehind]], {
      asks: 'How long has the index been behind, and does it catch up?',
      normal:
        'Normal: 0 with short peaks. Above the red line there is a critical alert. Negative: the daemon is below the index.',
      width: 8,
      unit: units.Number,
      softMax: limits.BLOCKS_BEHIND + 2,
      steps: ['transparent', [limits.BLOCKS_BEHIND + 1, 'red']],
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXDaemonBelowIndex'],
    }),
    timeSeries(
      'Time since the last block',
      [
        ['since', inMinutes(sinceBlock)],
        ['limit', inMinutes(daemonStalledLimit)],
      ],
      {
        asks: 'Does the daemon report new blocks?',
        normal:
          'Normal: below the limit, above which there is a critical alert. Coins without a known block interval have no limit.',
        width: 8,
        unit: MINUTES,
        decimals: 0,
        min: 0,
        softMax: 30,
        limits: { limit: 'red' },
        alerts: ['ElectrumXDaemonHeightStalled'],
      },
    ),
  ],
};
