// Session groups, as each era forms and shows them.
import { type Era, RULES, unanswered } from '../eras.ts';
import { subs, total } from '../world/sessions.ts';
import { isPrivate, type Session, SLOT_SECONDS, slotOf, subnetOf, type World } from '../world/world.ts';
import { type Json, sum } from './json.ts';

export interface Group {
  /** As in `world.retainedCosts`. */
  readonly key: string;
  readonly sessions: Session[];
  /** The total cost of its sessions. */
  cost: number;
  /** Cost retained from closed sessions. */
  readonly retained: number;
}

/** The share of the cost of the others in a group that a session is charged. */
export const weightOf = (key: string): number => (isSlot(key) ? 0.03 : 1);

const isSlot = (key: string) => key.startsWith('t');

/** The groups of a session in eras with named groups. */
export function groupKeys(world: World, session: Session, era: Era): string[] {
  const { groups } = RULES[era];
  const subnet = groups === 'slots and subnets' || !isPrivate(session.address) ? [subnetOf(session.address)] : [];
  if (groups === 'public networks') return subnet;
  return [`t${slotOf(world, session, SLOT_SECONDS)}`, ...subnet];
}

/** All groups of an era with named groups, by key: those with sessions, and those that still retain a cost. */
export function groupsOf(world: World, era: Era): Map<string, Group> {
  const { groups: named } = RULES[era];
  const groups = new Map<string, Group>();
  const enter = (key: string): Group => {
    const group = groups.get(key) ?? { key, sessions: [], cost: 0, retained: world.retainedCosts.get(key) ?? 0 };
    groups.set(key, group);
    return group;
  };
  for (const session of world.sessions.values()) {
    for (const key of groupKeys(world, session, era)) {
      const group = enter(key);
      group.sessions.push(session);
      group.cost += session.cost;
    }
  }
  for (const key of world.retainedCosts.keys()) {
    if (isSlot(key) ? named !== 'public networks' : named === 'slots and subnets' || !isPrivate(`${key}.`)) enter(key);
  }
  return groups;
}

/** The name that an era shows: octets, hextets or a network. */
export function groupName(key: string, era: Era): string {
  if (RULES[era].groups !== 'public networks') return key;
  if (!key.includes(':')) return `${key}.0/24`;
  const hextets = key.split(':').map((hextet) => hextet.replace(/^0+(?=.)/, ''));
  return `${hextets.join(':').replace(/(:0)+$/, '')}::/48`;
}

/** How many groups there are, in any era. */
export const groupCount = (world: World, era: Era): number =>
  (RULES[era].groups === 'slots' ? bandwidthSlots(world) : groupsOf(world, era)).size;

/** The reply to `groups`. */
export function groupRows(world: World, era: Era): Json {
  if (RULES[era].groups === 'slots') return slotRows(world, era);
  return [...groupsOf(world, era).values()].map(({ key, sessions, cost, retained }) => [
    groupName(key, era),
    sessions.length,
    sum(cost),
    sum(retained),
    ...totals(sessions, era),
  ]);
}

const BANDWIDTH_SLOT = 900;
/** Bytes that a session is forgiven each second. */
const BANDWIDTH_REFUND = 1000;

function bandwidthSlots(world: World): Map<number, Session[]> {
  const slots = new Map<number, Session[]>();
  for (const session of world.sessions.values()) {
    const slot = slotOf(world, session, BANDWIDTH_SLOT);
    const members = slots.get(slot);
    if (members) members.push(session);
    else slots.set(slot, [session]);
  }
  return slots;
}

/** Until C2 there is one group for each quarter of an hour of connecting, and bandwidth instead of costs. */
function slotRows(world: World, era: Era): Json {
  const bandwidth = ({ received, sent, connectedAt }: Session) =>
    Math.max(0, received.bytes + sent.bytes - Math.floor((world.now - connectedAt) * BANDWIDTH_REFUND));
  return [...bandwidthSlots(world)].map(([slot, sessions]) => [
    slot,
    sessions.length,
    total(sessions, bandwidth),
    ...totals(sessions, era),
  ]);
}

/** The columns that every era's groups have: reqs, txs sent, subs, received and sent messages and bytes. */
const totals = (sessions: readonly Session[], era: Era): number[] => [
  total(sessions, (session) => unanswered(session, era)),
  total(sessions, ({ txsSent }) => txsSent),
  total(sessions, subs),
  total(sessions, ({ received }) => received.count),
  total(sessions, ({ received }) => received.bytes),
  total(sessions, ({ sent }) => sent.count),
  total(sessions, ({ sent }) => sent.bytes),
];
