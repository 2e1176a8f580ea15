// What groups reports: the subnets with the highest cost, by rank and not by name, and how many are over the limits.
import { costLimits } from '../../electrumx/defaults.ts';
import type { Group } from '../../electrumx/groups.ts';
import type { Results } from '../../scrape/collectors.ts';
import { groupLabel } from '../labels.ts';
import { byLabel, gauge, single, type Sample, type ScrapeData } from '../metric.ts';

export const GROUPS_METRICS = [
  gauge({
    name: 'electrumx_group_cost',
    help: 'Cost of the groups with the highest cost: that of open sessions plus retained cost. ElectrumX compares it with its limits.',
    source: 'groups: Cost, Retained',
    labels: ['rank', 'group'],
    read: ofHighest(({ cost }) => cost),
  }),
  gauge({
    name: 'electrumx_group_retained_cost',
    help: 'Cost retained from closed sessions. Decays over time.',
    source: 'groups: Retained',
    labels: ['rank', 'group'],
    read: ofHighest(({ retainedCost }) => retainedCost),
  }),
  gauge({
    name: 'electrumx_group_bandwidth_bytes',
    help: 'Bandwidth charged to the groups with the highest bandwidth. Decays over time. Up to 1.10.0 only: its groups have no cost.',
    source: 'groups: Bw',
    labels: ['rank', 'group'],
    read: ofHighest(({ bandwidthBytes }) => bandwidthBytes),
  }),
  gauge({
    name: 'electrumx_group_sessions',
    help: 'Open sessions of the groups with the highest cost.',
    source: 'groups: Sessions',
    labels: ['rank', 'group'],
    read: ofHighest(({ sessions }) => sessions),
  }),
  gauge({
    name: 'electrumx_group_pending_requests',
    help: 'Requests that are not answered yet, of the groups with the highest cost. Includes that of this exporter where LocalRPC is in a group.',
    source: 'groups: Reqs',
    labels: ['rank', 'group'],
    read: ofHighest(pendingRequests),
  }),
  gauge({
    name: 'electrumx_group_subs',
    help: 'Subscriptions of the groups with the highest cost.',
    source: 'groups: Subs',
    labels: ['rank', 'group'],
    read: ofHighest(({ subs }) => subs),
  }),
  gauge({
    name: 'electrumx_groups_over_limit',
    help: 'Subnets over COST_SOFT_LIMIT, whose clients are throttled, and over COST_HARD_LIMIT, whose clients are disconnected.',
    source: 'groups: Cost, Retained',
    labels: ['limit'],
    read: groupsOverLimit,
  }),
  gauge({
    name: 'electrumx_groups_cost',
    help: 'Total cost of all subnets.',
    source: 'groups: Cost, Retained',
    read: ({ results: { groups } }) => {
      const costs = costsOf(groups);
      return costs.length === 0 ? [] : single(costs.reduce((sum, cost) => sum + cost, 0));
    },
  }),
  gauge({
    name: 'electrumx_sessions_ungrouped',
    help: 'Sessions in no subnet, to which group limits do not apply: those from private addresses, such as those of a proxy, of Tor and of LocalRPC.',
    source: 'getinfo: sessions.count; groups: Sessions',
    read: sessionsUngrouped,
  }),
];

function costsOf(groups: Results['groups']): number[] {
  return (groups?.ranked ?? []).map(({ cost }) => cost).filter((cost) => cost !== undefined);
}

function ofHighest(value: (group: Group, data: ScrapeData) => number | undefined) {
  return (data: ScrapeData): Sample<'rank' | 'group'>[] => {
    const { top, names } = data.settings.collectors.groups;
    return (data.results.groups?.ranked.slice(0, top) ?? []).flatMap((group, index) => {
      const number = value(group, data);
      const labels = { rank: String(index + 1), ...(names && { group: groupLabel(group.name) }) };
      return number === undefined ? [] : [{ labels, value: number }];
    });
  };
}

/** From 1.8 to 1.10.0 the column is always 0, as is `requests` in getinfo: no number is better than that one. */
function pendingRequests({ kind, pendingRequests }: Group, { results: { getinfo } }: ScrapeData): number | undefined {
  return kind === 'slot' && !getinfo?.pendingRequests ? undefined : pendingRequests;
}

function groupsOverLimit({ results: { groups, getinfo }, settings }: ScrapeData) {
  const limits = costLimits(settings);
  const costs = costsOf(groups);
  if (!groups || !limits || (costs.length === 0 && !getinfo?.chargesCost)) return [];
  return byLabel('limit', [
    ['soft', costs.filter((cost) => cost > limits.soft).length],
    ['hard', costs.filter((cost) => cost > limits.hard).length],
  ]);
}

function sessionsUngrouped({ results: { groups, getinfo } }: ScrapeData) {
  if (!groups || getinfo?.sessions === undefined || groups.rows.some(({ kind }) => kind === 'slot')) return [];
  const grouped = groups.ranked.reduce((sum, { sessions }) => sum + sessions, 0);
  return single(Math.max(0, getinfo.sessions - grouped));
}
