// The row that is read first: numbers with a colour.
import type { Row } from '../dashboard.ts';
import * as limits from '../limits.ts';
import { dial, names, stat } from '../panel.ts';
import { firing, gauge, promql } from '../promql.ts';
import { sessionsUtilisation } from '../rules/capacity.ts';
import { blocksBehind } from '../rules/chain.ts';
import { goodPeers } from '../rules/peers.ts';

const NOT_TOLD = 'not told';

export const VERDICT: Row = {
  title: 'Verdict',
  height: 4,
  panels: [
    names('Firing alerts', ['{{severity}}: {{alertname}}', firing()], {
      width: 6,
      unit: 'none',
      description: 'Each has a section in docs/runbook.md.',
      steps: ['green', [1, 'red']],
      noValue: 'none',
    }),
    stat('LocalRPC', gauge('electrumx_up'), {
      width: 2,
      unit: 'none',
      description: 'Did ElectrumX answer getinfo in the last scrape?',
      steps: ['red', [1, 'green']],
      mappings: { 0: ['DOWN', 'red'], 1: ['UP', 'green'] },
      noValue: 'exporter down',
    }),
    stat('Blocks behind', blocksBehind, {
      width: 3,
      unit: 'none',
      description: 'The daemon is this far ahead of the index. 0 also while the daemon is dead: see its age.',
      steps: ['green', [1, 'orange'], [limits.BLOCKS_BEHIND + 1, 'red']],
    }),
    dial('Sessions used', sessionsUtilisation, {
      width: 3,
      unit: 'percentunit',
      description: 'Of MAX_SESSIONS, if the exporter was told.',
      min: 0,
      max: 1,
      steps: ['green', [limits.SESSIONS_NEARLY_FULL, 'orange'], [limits.SESSIONS_FULL, 'red']],
      noValue: NOT_TOLD,
    }),
    stat('Pending requests', gauge('electrumx_pending_requests'), {
      width: 3,
      unit: 'none',
      description: 'Received and not answered yet. Over 250 is much, over 1000 is too much.',
      steps: ['green', ...limits.PENDING_STEPS],
    }),
    stat('Good peers', goodPeers, {
      width: 3,
      unit: 'none',
      description: 'Verified within 3 hours. 0 is normal with peer discovery switched off.',
      steps: ['orange', [1, 'green']],
    }),
    stat('Uptime', promql`time() - ${gauge('electrumx_start_time_seconds')}`, {
      width: 4,
      unit: 's',
      description: 'Since ElectrumX started.',
      steps: ['orange', [limits.HOUR, 'green']],
    }),
  ],
};
