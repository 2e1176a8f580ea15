// The row about the chain: daemon and index over time.
import type { Row } from '../dashboard.ts';
import * as limits from '../limits.ts';
import { states, timeSeries } from '../panel.ts';
import { gauge, promql } from '../promql.ts';
import { blocksBehind } from '../rules/chain.ts';

export const CHAIN: Row = {
  title: 'Chain: are we at the tip?',
  height: 8,
  panels: [
    timeSeries(
      'Heights',
      [
        ['daemon', gauge('electrumx_daemon_height')],
        ['index', gauge('electrumx_db_height')],
      ],
      { width: 7, unit: 'none', description: 'What the daemon last told, and what is in the index.' },
    ),
    timeSeries('Blocks behind', [['blocks', blocksBehind]], {
      width: 6,
      unit: 'none',
      description: 'The difference. The line is where it pages.',
      steps: ['transparent', [limits.BLOCKS_BEHIND + 1, 'red']],
    }),
    timeSeries(
      'Time since the daemon told a new block',
      [['since', promql`time() - ${gauge('electrumx_daemon_height_change_timestamp_seconds')}`]],
      {
        width: 7,
        unit: 's',
        description: 'A daemon that died shows here only. The line is the limit for Bitcoin.',
        steps: ['transparent', [limits.DAEMON_STALLED_SECONDS, 'red']],
      },
    ),
    states('Daemon in use', ['daemon', gauge('electrumx_daemon_primary')], {
      width: 4,
      unit: 'none',
      description: 'Whether it is the first of DAEMON_URL, if the exporter was told.',
      steps: ['orange', [1, 'green']],
      mappings: { 0: ['failed over', 'orange'], 1: ['first', 'green'] },
      noValue: 'not told',
    }),
  ],
};
