// What `groups` says: one row for each group of sessions that ElectrumX charges together.
import { toNumber, toText } from './fields.ts';
import { decodeRows, numericCells, type Rows } from './rows.ts';

/**
 * One group. Sizes in bytes. Up to 1.10.0 groups carry a bandwidth, later ones a cost: what its sessions cost now, and what sessions
 * that left have left behind.
 */
export interface Group {
  /** a subnet, since 1.10.1; before that the number of a 15-minute slot */
  readonly name: string;
  /** `time`: sessions that connected within the same five minutes (1.10.1 to 1.15 and kyuupichan); each is in a subnet's group as well */
  readonly kind: 'subnet' | 'slot' | 'time';
  readonly sessions: number;
  readonly bandwidthBytes: number | undefined;
  /** what ElectrumX compares with its limits: the cost of its sessions plus `retainedCost` */
  readonly cost: number | undefined;
  readonly retainedCost: number | undefined;
  readonly pendingRequests: number;
  readonly subs: number;
}

export type Groups = Rows<Group>;

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize'] as const;
const LAYOUTS = {
  10: ['name', 'sessions', 'bandwidth', ...COUNTERS],
  11: ['name', 'sessions', 'cost', 'retainedCost', ...COUNTERS],
};

/** Decodes a `groups` result; rows of 10 and 11 cells. `undefined`: no ElectrumX answers like this. */
export function decodeGroups(reply: unknown): Groups | undefined {
  return decodeRows(reply, LAYOUTS, decodeGroup);
}

function decodeGroup(cells: Readonly<Record<string, unknown>>): Group | undefined {
  const numbers = numericCells(cells, ['sessions', ...COUNTERS]);
  const name = typeof cells['name'] === 'number' ? String(cells['name']) : toText(cells['name']);
  const charges = 'bandwidth' in cells ? bandwidth(cells) : costs(cells);
  if (!numbers || !charges || name === undefined) return undefined;
  return {
    name,
    kind: 'bandwidth' in cells ? 'slot' : /^t\d+$/.test(name) ? 'time' : 'subnet',
    ...charges,
    sessions: numbers.sessions,
    pendingRequests: numbers.reqs,
    subs: numbers.subs,
  };
}

type Charges = Pick<Group, 'bandwidthBytes' | 'cost' | 'retainedCost'>;

function bandwidth(cells: Readonly<Record<string, unknown>>): Charges | undefined {
  const bandwidthBytes = toNumber(cells['bandwidth']);
  return bandwidthBytes === undefined ? undefined : { bandwidthBytes, cost: undefined, retainedCost: undefined };
}

function costs(cells: Readonly<Record<string, unknown>>): Charges | undefined {
  const numbers = numericCells(cells, ['cost', 'retainedCost']);
  if (!numbers) return undefined;
  const { retainedCost } = numbers;
  const cost = toNumber(numbers.cost + retainedCost);
  return cost === undefined ? undefined : { bandwidthBytes: undefined, cost, retainedCost };
}

/**
 * How many pairs of sessions `sessions` makes the server walk: the sum of the squared sizes of groups that carry a cost. `newcomers`
 * have come since the groups were read; the worst is that all of them are in the largest group.
 */
export function sessionPairs(groups: Groups, newcomers = 0): number {
  const sizes = groups.rows.filter(({ kind }) => kind !== 'slot').map(({ sessions }) => sessions);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const squares = sizes.reduce((sum, size) => sum + size ** 2, 0);
  return sizes.length === 0 ? 0 : squares - largest ** 2 + (largest + newcomers) ** 2;
}
