// The rows about what clients cost, and which subnets cause it.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { table } from '../../panel/table.ts';
import { aggregate, gauge, type Vector } from '../../promql.ts';
import { lines, PENDING_STEPS } from '../steps.ts';

const inBand = (band: string) => gauge('electrumx_sessions_by_cost', { band });

export const COST: Row = {
  title: 'Who causes cost?',
  height: 8,
  panels: [
    timeSeries(
      'Sessions by cost',
      [
        ['below the soft limit', inBand('below_soft')],
        ['throttled', inBand('soft_to_hard')],
        ['over the hard limit', inBand('over_hard')],
      ],
      {
        asks: 'How many clients are throttled, and how many are about to be disconnected?',
        normal: 'Normal: all green. The limits are COST_SOFT_LIMIT and COST_HARD_LIMIT.',
        width: 6,
        unit: units.Number,
        stacked: 'shares',
        colours: { 'below the soft limit': 'green', throttled: 'orange', 'over the hard limit': 'red' },
      },
    ),
    timeSeries(
      'Highest cost of a session',
      [
        ['session', gauge('electrumx_session_cost_max')],
        ['soft limit', gauge('electrumx_config_cost_soft_limit')],
        ['hard limit', gauge('electrumx_config_cost_hard_limit')],
      ],
      {
        asks: 'Are the limits too low or too high?',
        normal: 'Normal: far below the soft limit. Configured limits are drawn as lines.',
        width: 6,
        unit: units.Short,
        scale: 'logarithmic',
        limits: { 'soft limit': 'orange', 'hard limit': 'red' },
      },
    ),
    timeSeries(
      'Cost of all subnets',
      [
        ['all', gauge('electrumx_groups_cost')],
        ['retained, of those with most', aggregate('sum', gauge('electrumx_group_retained_cost'), { by: [] })],
      ],
      {
        asks: 'Is it the cost of open sessions, or of closed ones?',
        normal: 'Normal: the retained part is the smaller one. It decays after its clients have disconnected.',
        width: 6,
        unit: units.Short,
        min: 0,
        softMax: 100,
      },
    ),
    timeSeries('Subnets over a limit', [['{{limit}} limit', gauge('electrumx_groups_over_limit')]], {
      asks: 'How many subnets are throttled or locked out?',
      normal: 'Normal: 0, or a few over the soft limit. Above the line there is an alert.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: limits.GROUPS_LOCKED_OUT + 2,
      steps: ['transparent', [limits.GROUPS_LOCKED_OUT, 'red']],
      colours: { 'soft limit': 'orange', 'hard limit': 'red' },
      alerts: ['ElectrumXGroupsLockedOut'],
    }),
  ],
};

/** Subnets by rank, and never by name, even where those are exported. */
function byRank(of: Vector<'rank' | 'group'>): Vector<'rank'> {
  return aggregate('max', of, { by: ['rank'] });
}

const plain = { unit: units.Number, decimals: 0 };
const costSteps = ['transparent', [limits.COST_SOFT, 'orange'], [limits.COST_HARD, 'red']] as const;

export const SUBNETS: Row = {
  title: 'Which subnets?',
  height: 10,
  panels: [
    table(
      'Subnets with most cost',
      [
        { name: 'Cost', expr: byRank(gauge('electrumx_group_cost')), ...plain, steps: costSteps },
        { name: 'Retained', expr: byRank(gauge('electrumx_group_retained_cost')), ...plain },
        { name: 'Sessions', expr: byRank(gauge('electrumx_group_sessions')), ...plain },
        {
          name: 'Pending',
          expr: byRank(gauge('electrumx_group_pending_requests')),
          ...plain,
          steps: lines(PENDING_STEPS),
        },
        { name: 'Subscriptions', expr: byRank(gauge('electrumx_group_subs')), ...plain },
        { name: 'Bandwidth', expr: byRank(gauge('electrumx_group_bandwidth_bytes')), unit: units.BytesIEC },
      ],
      {
        asks: 'What does each of them use?',
        normal:
          'Only electrumx-rpc groups shows their addresses. The colours are those of the default limits. ElectrumX reports the bandwidth up to 1.10.0.',
        width: 16,
        unit: units.Number,
        rows: ['rank'],
        sort: { by: 'Cost', highestFirst: true },
        alerts: ['ElectrumXSubnetDominates'],
      },
    ),
    timeSeries(
      'Subnets, and sessions in none',
      [
        ['subnets', gauge('electrumx_groups')],
        ['sessions in none', gauge('electrumx_sessions_ungrouped')],
      ],
      {
        asks: 'Does the server see the addresses of its clients?',
        normal: 'No subnets but many sessions: a proxy hides the addresses, and group limits apply to no client.',
        width: 8,
        unit: units.Number,
        min: 0,
        softMax: 10,
      },
    ),
  ],
};
