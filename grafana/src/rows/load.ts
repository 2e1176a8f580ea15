// The row about load: what is asked, and how long it waits.
import type { Row } from '../dashboard.ts';
import * as limits from '../limits.ts';
import { timeSeries } from '../panel.ts';
import { aggregate, counter, gauge, not, promql, rate } from '../promql.ts';
import { getinfoDuration } from '../rules/capacity.ts';

/** What wallets ask, without the questions of operators and of this exporter. */
const requests = aggregate(
  'sum',
  rate(counter('electrumx_requests_total', { method: not('getinfo', 'groups', 'sessions', 'peers') }), '5m'),
  { by: ['method'] },
);

export const LOAD: Row = {
  title: 'Load: are we full?',
  height: 8,
  panels: [
    timeSeries('Requests by method', [['{{method}}', promql`topk(8, ${requests})`]], {
      width: 8,
      unit: 'reqps',
      description: 'The eight most frequent methods.',
      stacked: true,
    }),
    timeSeries('Pending requests', [['pending', gauge('electrumx_pending_requests')]], {
      width: 5,
      unit: 'none',
      description: 'Lines: much, and too much.',
      steps: ['transparent', ...limits.PENDING_STEPS],
    }),
    timeSeries('Duration of getinfo', [['getinfo', getinfoDuration]], {
      width: 5,
      unit: 's',
      description: 'getinfo takes milliseconds: the rest is ElectrumX standing still.',
      steps: ['transparent', [limits.EVENT_LOOP_SLOW_SECONDS, 'red']],
    }),
    timeSeries(
      'Sessions',
      [
        ['open', gauge('electrumx_sessions')],
        ['MAX_SESSIONS', gauge('electrumx_config_max_sessions')],
      ],
      { width: 6, unit: 'none', description: 'LocalRPC is included, as MAX_SESSIONS counts them.', min: 0 },
    ),
  ],
};
