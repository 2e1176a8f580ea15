// What `groups` says: one row for each group of sessions that ElectrumX charges together.
import { isNumber, toNumber } from './fields.ts';
import {
  layouts,
  numberAt,
  positionsIn,
  stringAt,
  type CellNames,
  type Positions,
  type Row,
  type Rows,
} from './rows.ts';

/**
 * One group. Sizes in bytes. Up to 1.10.0 groups have a bandwidth, later ones a cost: that of their open sessions, and the part that
 * is retained from closed ones.
 */
export interface Group {
  /** a subnet since 1.10.1; before that the number of a 15-minute slot */
  readonly name: string;
  /** `time`: sessions that connected in the same five minutes (1.10.1 to 1.15 and kyuupichan); each is in a subnet's group as well */
  readonly kind: 'subnet' | 'slot' | 'time';
  readonly sessions: number;
  readonly bandwidthBytes: number | undefined;
  /** what ElectrumX compares with its limits: the cost of the sessions plus `retainedCost` */
  readonly cost: number | undefined;
  readonly retainedCost: number | undefined;
  readonly pendingRequests: number;
  readonly subs: number;
}

export interface Groups extends Rows<Group> {
  /**
   * The groups whose limits count, the highest cost or bandwidth first. Time groups are left out: their sessions are in a subnet's group as
   * well and would count twice.
   */
  readonly ranked: readonly Group[];
}

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize'] as const;

export type GroupCell = 'name' | 'sessions' | 'bandwidth' | 'cost' | 'retainedCost' | (typeof COUNTERS)[number];

export const GROUP_CELLS: CellNames<GroupCell> = {
  10: ['name', 'sessions', 'bandwidth', ...COUNTERS],
  11: ['name', 'sessions', 'cost', 'retainedCost', ...COUNTERS],
};

const LAYOUTS = layouts(GROUP_CELLS, ['sessions', 'bandwidth', 'cost', 'retainedCost', ...COUNTERS]);

/** Decodes a `groups` result with rows of 10 or 11 cells. `undefined`: no ElectrumX answers like this. */
export function decodeGroups(reply: unknown): Groups | undefined {
  if (!Array.isArray(reply)) return undefined;
  const rows: Group[] = [];
  for (const row of reply as unknown[]) {
    const at = positionsIn(LAYOUTS, row);
    const group = at && decodeGroup(row as Row, at);
    if (group) rows.push(group);
  }
  return { rows, badRows: reply.length - rows.length, ranked: ranked(rows) };
}

function ranked(rows: readonly Group[]): readonly Group[] {
  const weight = ({ cost, bandwidthBytes }: Group) => cost ?? bandwidthBytes ?? 0;
  return rows.filter(({ kind }) => kind !== 'time').sort((a, b) => weight(b) - weight(a));
}

/** `undefined` for a row without a name, or with a cost beyond 2^53. */
function decodeGroup(row: Row, at: Positions<GroupCell>): Group | undefined {
  const name = stringAt(row, at.name) ?? toNumber(row[at.name])?.toString();
  const bandwidthBytes = toNumber(row[at.bandwidth]);
  const retainedCost = toNumber(row[at.retainedCost]);
  const cost = retainedCost === undefined ? undefined : toNumber(numberAt(row, at.cost) + retainedCost);
  if (name === undefined || !isNumber(bandwidthBytes ?? cost)) return undefined;
  return {
    name,
    kind: cost === undefined ? 'slot' : isTimeGroup(name) ? 'time' : 'subnet',
    bandwidthBytes,
    retainedCost,
    cost,
    sessions: numberAt(row, at.sessions),
    pendingRequests: numberAt(row, at.reqs),
    subs: numberAt(row, at.subs),
  };
}

/** Whether a group is of sessions that connected in the same five minutes: `t0`, `t1`, ... */
export function isTimeGroup(name: string): boolean {
  return /^t\d+$/.test(name);
}

/**
 * How many pairs of sessions the server walks to answer `sessions`: the sum of the squared sizes of groups that have a cost.
 * `newcomers` connected after the groups were read; in the worst case all of them are in the largest group.
 */
export function sessionPairs(groups: Groups, newcomers = 0): number {
  const sizes = groups.rows.filter(({ kind }) => kind !== 'slot').map(({ sessions }) => sessions);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const squares = sizes.reduce((sum, size) => sum + size ** 2, 0);
  return sizes.length === 0 ? 0 : squares - largest ** 2 + (largest + newcomers) ** 2;
}
