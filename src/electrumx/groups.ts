// What `groups` says: one row for each group of sessions that ElectrumX charges together.
import { toNumber } from './fields.ts';
import { cellsOf, layouts, numberAt, placesIn, sumUp, sumUpInTurns, textAt } from './rows.ts';
import type { Cells, Layouts, Pause, Places, Rows, Sums } from './rows.ts';

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
const LAYOUTS = layouts(
  {
    10: ['name', 'sessions', 'bandwidth', ...COUNTERS],
    11: ['name', 'sessions', 'cost', 'retainedCost', ...COUNTERS],
  },
  ['sessions', 'bandwidth', 'cost', 'retainedCost', ...COUNTERS],
);
type Cell = typeof LAYOUTS extends Layouts<infer Name> ? Name : never;

/** Decodes a `groups` result; rows of 10 and 11 cells. `undefined`: no ElectrumX answers like this. */
export function decodeGroups(reply: unknown): Groups | undefined {
  return sumUp(reply, new GroupList());
}

export function decodeGroupsInTurns(reply: unknown, pause: Pause): Promise<Groups | undefined> {
  return sumUpInTurns(reply, new GroupList(), pause);
}

class GroupList implements Sums<Groups> {
  readonly #rows: Group[] = [];
  #badRows = 0;

  take(row: unknown): void {
    const cells = cellsOf(row);
    const at = cells && placesIn(LAYOUTS, cells);
    const group = at && decodeGroup(cells, at);
    if (group) this.#rows.push(group);
    else this.#badRows += 1;
  }

  result(): Groups {
    return { rows: this.#rows, badRows: this.#badRows };
  }
}

/** `undefined`: it has no name, or a cost beyond all numbers. */
function decodeGroup(cells: Cells, at: Places<Cell>): Group | undefined {
  const name = textAt(cells, at.name) ?? toNumber(numberAt(cells, at.name))?.toString();
  const bandwidthBytes = toNumber(numberAt(cells, at.bandwidth));
  const retainedCost = toNumber(numberAt(cells, at.retainedCost));
  const cost = toNumber(numberAt(cells, at.cost) + numberAt(cells, at.retainedCost));
  if (name === undefined || (bandwidthBytes ?? cost) === undefined) return undefined;
  return {
    name,
    kind: cost === undefined ? 'slot' : TIME.test(name) ? 'time' : 'subnet',
    bandwidthBytes,
    retainedCost,
    cost,
    sessions: numberAt(cells, at.sessions),
    pendingRequests: numberAt(cells, at.reqs),
    subs: numberAt(cells, at.subs),
  };
}

const TIME = /^t\d+$/;

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
