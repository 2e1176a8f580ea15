// The rows about what clients cost, and whose cost it is.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { table } from '../../panel/table.ts';
import { aggregate, gauge, type Vector } from '../../promql.ts';
import { lines, PENDING_STEPS } from '../steps.ts';

const LIMIT_COLOURS = { COST_SOFT_LIMIT: 'orange', COST_HARD_LIMIT: 'red' };

export const COST: Row = {
  title: 'Who costs?',
  height: 8,
  panels: [
    timeSeries('Sessions by cost', [['{{band}}', gauge('electrumx_sessions_by_cost')]], {
      asks: 'How many clients are slowed down, and how many are about to be cut off?',
      normal: 'Normal: all green. The bands are those between COST_SOFT_LIMIT and COST_HARD_LIMIT.',
      width: 6,
      unit: units.Number,
      stacked: 'shares',
      colours: { below_soft: 'green', soft_to_hard: 'orange', over_hard: 'red' },
    }),
    timeSeries(
      'Highest cost of a session',
      [
        ['session', gauge('electrumx_session_cost_max')],
        ['COST_SOFT_LIMIT', gauge('electrumx_config_cost_soft_limit')],
        ['COST_HARD_LIMIT', gauge('electrumx_config_cost_hard_limit')],
      ],
      {
        asks: 'Are the limits too tight, or too wide?',
        normal: 'Normal: far below the soft limit. The limits are shown if the exporter was told.',
        width: 6,
        unit: units.Short,
        min: 0,
        colours: LIMIT_COLOURS,
      },
    ),
    timeSeries(
      'Cost of all subnets',
      [
        ['all', gauge('electrumx_groups_cost')],
        ['retained, of those that cost most', aggregate('sum', gauge('electrumx_group_retained_cost'), { by: [] })],
      ],
      {
        asks: 'Is it those who are here, or those who came, asked and left?',
        normal: 'Normal: retained is the smaller part. It drains slowly after its clients have left.',
        width: 6,
        unit: units.Short,
        min: 0,
      },
    ),
    timeSeries('Subnets over a limit', [['{{limit}} limit', gauge('electrumx_groups_over_limit')]], {
      asks: 'How many subnets are slowed down or locked out?',
      normal: 'Normal: 0, or a few over the soft limit. Above the line so many are locked out that it is told.',
      width: 6,
      unit: units.Number,
      min: 0,
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
      'Subnets that cost most',
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
        asks: 'What does each of them do?',
        normal:
          'Their names stay on the host: electrumx-rpc groups. Colours: the default limits. Bandwidth: up to 1.10.0.',
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
        asks: 'Does the server see where its clients come from?',
        normal: 'No subnets but many sessions: a proxy hides the addresses, and limits of groups reach nobody.',
        width: 8,
        unit: units.Number,
        min: 0,
      },
    ),
  ],
};
