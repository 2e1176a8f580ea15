// The row about who uses the server: subnets by rank, and what happens to sessions.
import type { Row } from '../dashboard.ts';
import * as limits from '../limits.ts';
import { bars, timeSeries } from '../panel.ts';
import { aggregate, counter, gauge, promql, rate } from '../promql.ts';

/** By rank, and never by the name of a group, even where those are exported. */
const costByRank = aggregate('max', gauge('electrumx_group_cost'), { by: ['rank'] });
const sessionsByRank = aggregate('max', gauge('electrumx_group_sessions'), { by: ['rank'] });

export const WHO: Row = {
  title: 'Who is doing it?',
  height: 8,
  panels: [
    bars('Subnets by cost', ['rank {{rank}}', promql`sort_desc(${costByRank})`], {
      width: 6,
      unit: 'none',
      description: 'Names are on the host: electrumx-rpc groups. Colours: the default soft and hard limit.',
      steps: ['green', [limits.COST_SOFT, 'orange'], [limits.COST_HARD, 'red']],
      min: 0,
    }),
    timeSeries('Sessions of the subnets that cost most', [['rank {{rank}}', sessionsByRank]], {
      width: 6,
      unit: 'none',
      description: 'By rank: the subnet behind a rank changes.',
      stacked: true,
    }),
    timeSeries(
      'Throttled, closing, in no subnet',
      [
        ['throttled', gauge('electrumx_sessions_throttled')],
        ['closing', gauge('electrumx_sessions_closing')],
        ['in no subnet', gauge('electrumx_sessions_ungrouped')],
      ],
      {
        width: 6,
        unit: 'none',
        description: 'In no subnet: from a proxy, Tor, or LocalRPC; limits of groups do not reach them.',
      },
    ),
    timeSeries('New connections', [['opened', rate(counter('electrumx_sessions_opened_total'), '5m')]], {
      width: 6,
      unit: 'cps',
      description: 'Clients that connect, ask and leave show here. The exporter is one of them, at each scrape.',
      min: 0,
    }),
  ],
};
