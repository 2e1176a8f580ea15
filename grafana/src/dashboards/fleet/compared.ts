// The row that compares servers over time.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { gauge } from '../../promql.ts';
import { blocksBehind } from '../../rules/chain.ts';
import { goodPeers } from '../../rules/peers.ts';
import { lines, PENDING_STEPS } from '../steps.ts';

export const COMPARED: Row = {
  title: 'Is it one server, or all of them?',
  height: 7,
  panels: [
    timeSeries('Index lag', [['{{instance}}', blocksBehind]], {
      asks: 'Does one server fall behind, or do all?',
      normal: 'Normal: 0 with short peaks. All at once: the daemon that they share, or the chain.',
      width: 6,
      unit: units.Number,
      softMax: limits.BLOCKS_BEHIND + 2,
      steps: ['transparent', [limits.BLOCKS_BEHIND + 1, 'red']],
      legend: 'none',
    }),
    timeSeries('Sessions', [['{{instance}}', gauge('electrumx_sessions')]], {
      asks: 'Do clients move from one server to another?',
      normal: 'Normal: steady. When one server loses sessions, the others gain them.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
      legend: 'none',
    }),
    timeSeries('Pending requests', [['{{instance}}', gauge('electrumx_pending_requests')]], {
      asks: 'Does one server reply slowly, or do all?',
      normal: 'Normal: near 0, with peaks after a block.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
      steps: lines(PENDING_STEPS),
      legend: 'none',
    }),
    timeSeries('Good peers', [['{{instance}}', goodPeers]], {
      asks: 'Does one server lose its peers, or do all?',
      normal: 'Normal: about the same everywhere.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
      legend: 'none',
    }),
  ],
};
