// What groups shows: the subnets that cost most, by rank and not by name, and how many are over the limits.
import type { Group } from '../../electrumx/groups.ts';
import { by, gauge, only, type Sample, type View } from '../metric.ts';
import { groupLabel } from '../labels.ts';
import { costLimits } from '../limits.ts';

export const GROUPS_METRICS = [
  gauge({
    name: 'electrumx_group_cost',
    help: 'Cost of the groups that cost most, as ElectrumX compares it with its limits: of their sessions, and retained.',
    source: 'groups: Cost, Retained',
    labels: ['rank', 'group'],
    read: ranked(({ cost }) => cost),
  }),
  gauge({
    name: 'electrumx_group_retained_cost',
    help: 'The part of the cost that sessions which left have left behind; it drains slowly.',
    source: 'groups: Retained',
    labels: ['rank', 'group'],
    read: ranked(({ retainedCost }) => retainedCost),
  }),
  gauge({
    name: 'electrumx_group_bandwidth_bytes',
    help: 'Bandwidth charged to the groups that use most; refunded over time. Up to 1.10.0, whose groups have no cost.',
    source: 'groups: Bw',
    labels: ['rank', 'group'],
    read: ranked(({ bandwidthBytes }) => bandwidthBytes),
  }),
  gauge({
    name: 'electrumx_group_sessions',
    help: 'Open sessions of the groups that cost most.',
    source: 'groups: Sessions',
    labels: ['rank', 'group'],
    read: ranked(({ sessions }) => sessions),
  }),
  gauge({
    name: 'electrumx_group_pending_requests',
    help: 'Requests not yet answered of the groups that cost most; the question of this exporter is one, where LocalRPC has a group.',
    source: 'groups: Reqs',
    labels: ['rank', 'group'],
    read: ranked(pendingRequests),
  }),
  gauge({
    name: 'electrumx_group_subs',
    help: 'Subscriptions of the groups that cost most.',
    source: 'groups: Subs',
    labels: ['rank', 'group'],
    read: ranked(({ subs }) => subs),
  }),
  gauge({
    name: 'electrumx_groups_over_limit',
    help: 'Subnets over COST_SOFT_LIMIT, whose clients are slowed down, and over COST_HARD_LIMIT, which are locked out.',
    source: 'groups: Cost, Retained',
    labels: ['limit'],
    read: groupsOverLimit,
  }),
  gauge({
    name: 'electrumx_groups_cost',
    help: 'Cost of all subnets together.',
    source: 'groups: Cost, Retained',
    read: ({ groups }) => {
      const costs = costsOf(groups);
      return costs.length === 0 ? [] : only(costs.reduce((sum, cost) => sum + cost, 0));
    },
  }),
  gauge({
    name: 'electrumx_sessions_ungrouped',
    help: 'Sessions in no subnet: from private addresses such as a proxy, Tor or LocalRPC itself, out of reach of group limits.',
    source: 'getinfo: sessions.count; groups: Sessions',
    read: sessionsUngrouped,
  }),
];

/** Groups by time are left out everywhere: their sessions are in a subnet's group, too, and would count twice. */
function subnets(groups: View['groups']): Group[] {
  return (groups?.rows ?? []).filter(({ kind }) => kind !== 'time');
}

function costsOf(groups: View['groups']): number[] {
  return subnets(groups)
    .map(({ cost }) => cost)
    .filter((cost) => cost !== undefined);
}

function ranked(value: (group: Group, view: View) => number | undefined) {
  return (view: View): Sample<'rank' | 'group'>[] => {
    return costliest(view).flatMap((group, index) => {
      const number = value(group, view);
      const labels = { rank: String(index + 1), ...(view.told.groupNames && { group: groupLabel(group.name) }) };
      return number === undefined ? [] : [{ labels, value: number }];
    });
  };
}

/** Those of a scrape, found once for all metrics that show them. */
const COSTLIEST = new WeakMap<View, readonly Group[]>();

function costliest(view: View): readonly Group[] {
  const known = COSTLIEST.get(view);
  if (known) return known;
  const found = largest(subnets(view.groups), view.told.topGroups);
  COSTLIEST.set(view, found);
  return found;
}

/** The groups that cost most, in order. One pass: to sort thousands for ten of them would take longer than the rest. */
function largest(groups: readonly Group[], count: number): Group[] {
  const weight = ({ cost, bandwidthBytes }: Group) => cost ?? bandwidthBytes ?? 0;
  const found: Group[] = [];
  for (const group of groups) {
    const least = found[count - 1];
    if (least && weight(group) <= weight(least)) continue;
    const place = found.findIndex((other) => weight(other) < weight(group));
    found.splice(place === -1 ? found.length : place, 0, group);
    found.length = Math.min(found.length, count);
  }
  return found;
}

/** From 1.8 to 1.10.0 the column is always 0, as `requests` of getinfo is: no number is better than that one. */
function pendingRequests({ kind, pendingRequests }: Group, { getinfo }: View): number | undefined {
  return kind === 'slot' && !getinfo?.pendingRequests ? undefined : pendingRequests;
}

function groupsOverLimit({ groups, getinfo, told }: View) {
  const limits = costLimits(told);
  const costs = costsOf(groups);
  if (!groups || !limits || (costs.length === 0 && !getinfo?.chargesCost)) return [];
  return by('limit', [
    ['soft', costs.filter((cost) => cost > limits.soft).length],
    ['hard', costs.filter((cost) => cost > limits.hard).length],
  ]);
}

function sessionsUngrouped({ groups, getinfo }: View) {
  if (!groups || getinfo?.sessions === undefined || groups.rows.some(({ kind }) => kind === 'slot')) return [];
  const grouped = subnets(groups).reduce((sum, { sessions }) => sum + sessions, 0);
  return only(Math.max(0, getinfo.sessions - grouped));
}
