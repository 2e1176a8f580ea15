// The row about who uses the server: subnets by rank, and what happens to sessions.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { bars } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate } from '../../promql.ts';

/** By rank, and never by the name of a group, even where those are exported. */
const costByRank = aggregate('max', gauge('electrumx_group_cost'), { by: ['rank'] });
const sessionsByRank = aggregate('max', gauge('electrumx_group_sessions'), { by: ['rank'] });

export const WHO: Row = {
  title: 'Who is doing it?',
  height: 8,
  panels: [
    bars('Subnets by cost', ['rank {{rank}}', promql`sort_desc(${costByRank})`], {
      asks: 'Does one subnet eat the server?',
      normal: 'Normal: all green. Their names stay on the host: electrumx-rpc groups. Colours: the default limits.',
      width: 6,
      unit: units.Number,
      decimals: 0,
      min: 0,
      steps: ['green', [limits.COST_SOFT, 'orange'], [limits.COST_HARD, 'red']],
    }),
    timeSeries('Sessions of the subnets that cost most', [['rank {{rank}}', sessionsByRank]], {
      asks: 'Who fills the server?',
      normal: 'Normal: a few sessions each. The subnet behind a rank changes.',
      width: 6,
      unit: units.Number,
      stacked: 'values',
      alerts: ['ElectrumXSubnetDominates'],
    }),
    timeSeries(
      'Throttled, closing, in no subnet',
      [
        ['throttled', gauge('electrumx_sessions_throttled')],
        ['closing', gauge('electrumx_sessions_closing')],
        ['in no subnet', gauge('electrumx_sessions_ungrouped')],
      ],
      {
        asks: 'Does the server defend itself, and can it?',
        normal: 'Normal: near 0. In no subnet are proxies, Tor and LocalRPC: limits of groups do not reach them.',
        width: 6,
        unit: units.Number,
        min: 0,
        alerts: ['ElectrumXClientsThrottled'],
      },
    ),
    timeSeries('New connections', [['opened', rate(counter('electrumx_sessions_opened_total'), RATE_INTERVAL)]], {
      asks: 'Do clients connect, ask and leave?',
      normal: 'Normal: steady. The exporter is one of them, at each scrape.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
      steps: ['transparent', [limits.CHURN_PER_SECOND, 'orange']],
      alerts: ['ElectrumXConnectionChurn'],
    }),
  ],
};
