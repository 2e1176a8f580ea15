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
const subnetSessions = gauge('electrumx_group_sessions');

export const WHO: Row = {
  title: 'Who is doing it?',
  height: 7,
  panels: [
    bars('Subnets by cost', ['rank {{rank}}', promql`sort_desc(${costByRank})`], {
      asks: 'Does one subnet use most of the server?',
      normal:
        'Normal: all green. Only electrumx-rpc groups shows their addresses. The colours are those of the default limits.',
      width: 6,
      unit: units.Number,
      decimals: 0,
      min: 0,
      steps: ['green', [limits.COST_SOFT, 'orange'], [limits.COST_HARD, 'red']],
    }),
    timeSeries(
      'Sessions of the subnets with most cost',
      [
        ['largest', aggregate('max', subnetSessions, { by: [] })],
        ['all ten', aggregate('sum', subnetSessions, { by: [] })],
      ],
      {
        asks: 'Does one subnet fill the server?',
        normal: 'Normal: a few sessions each.',
        width: 6,
        unit: units.Number,
        min: 0,
        softMax: 10,
        alerts: ['ElectrumXSubnetDominates'],
      },
    ),
    timeSeries(
      'Throttled, closing, in no subnet',
      [
        ['throttled', gauge('electrumx_sessions_throttled')],
        ['closing', gauge('electrumx_sessions_closing')],
        ['in no subnet', gauge('electrumx_sessions_ungrouped')],
      ],
      {
        asks: 'Does the server slow clients down, and can it?',
        normal: 'Normal: near 0. Clients behind a proxy or Tor are in no subnet: group limits do not apply to them.',
        width: 6,
        unit: units.Number,
        min: 0,
        softMax: 10,
        colours: { throttled: 'orange' },
        alerts: ['ElectrumXClientsThrottled'],
      },
    ),
    timeSeries('New sessions', [['opened', rate(counter('electrumx_sessions_opened_total'), RATE_INTERVAL)]], {
      asks: 'Do clients connect, send a request and disconnect?',
      normal: 'Normal: steady. The exporter opens one at each scrape.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
      softMax: 1,
      steps: ['transparent', [limits.CHURN_PER_SECOND, 'orange']],
      alerts: ['ElectrumXConnectionChurn'],
    }),
  ],
};
