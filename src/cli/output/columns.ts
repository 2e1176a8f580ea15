// The columns of the three tables as data: titles, widths and formats of the official script, and how much each matters.
import type { TableName } from '../args/commands.ts';
import { ago, count, kilobytes, lasted, text } from './formats.ts';
import type { Json } from './json.ts';

export interface Column {
  readonly title: string;
  /** `<` aligns to the left, `>` to the right; longer texts stick out. */
  readonly align: '<' | '>';
  readonly width: number;
  /** The cell of a row that it shows. A table has the columns whose field it has. */
  readonly field: string;
  /** `now` in epoch seconds. */
  readonly show: (value: Json | undefined, now: number) => string;
  /** Where the terminal is too narrow for all, the lowest ranks stay. */
  readonly rank: number;
  /** The official script forgot the blank before this column. */
  readonly tight?: true;
}

const SESSIONS: readonly Column[] = [
  { title: 'ID', align: '<', width: 6, field: 'id', show: text, rank: 1 },
  { title: 'Flags', align: '<', width: 5, field: 'flags', show: text, rank: 4 },
  { title: 'Client', align: '>', width: 17, field: 'client', show: text, rank: 5 },
  { title: 'Proto', align: '>', width: 5, field: 'proto', show: text, rank: 11 },
  { title: 'Cost', align: '>', width: 7, field: 'cost', show: count, rank: 3 },
  { title: 'XCost', align: '>', width: 7, field: 'extra_cost', show: count, rank: 9 },
  { title: 'Reqs', align: '>', width: 5, field: 'reqs', show: count, rank: 8 },
  { title: 'Txs', align: '>', width: 5, field: 'txs', show: count, rank: 15 },
  { title: 'Subs', align: '>', width: 7, field: 'subs', show: count, rank: 7 },
  { title: 'Recv', align: '>', width: 7, field: 'recv_count', show: count, rank: 13 },
  { title: 'Recv KB', align: '>', width: 7, field: 'recv_size', show: kilobytes, rank: 12 },
  { title: 'Sent', align: '>', width: 7, field: 'send_count', show: count, rank: 14 },
  { title: 'Sent KB', align: '>', width: 7, field: 'send_size', show: kilobytes, rank: 10 },
  { title: 'Time', align: '>', width: 9, field: 'time', show: lasted, rank: 6 },
  { title: 'Peer', align: '>', width: 21, field: 'peer', show: text, rank: 2 },
];

const GROUPS: readonly Column[] = [
  { title: 'ID', align: '<', width: 6, field: 'id', show: text, rank: 1 },
  { title: 'Name', align: '<', width: 14, field: 'name', show: text, rank: 1 },
  { title: 'Sessions', align: '>', width: 9, field: 'sessions', show: count, rank: 3 },
  { title: 'Bwidth KB', align: '>', width: 9, field: 'bandwidth', show: kilobytes, rank: 4 },
  { title: 'Cost', align: '>', width: 8, field: 'cost', show: count, rank: 4 },
  { title: 'Retained', align: '>', width: 8, field: 'retained', show: count, rank: 5 },
  { title: 'Reqs', align: '>', width: 6, field: 'reqs', show: count, rank: 6 },
  { title: 'Txs', align: '>', width: 6, field: 'txs', show: count, rank: 12 },
  { title: 'Subs', align: '>', width: 8, field: 'subs', show: count, rank: 7 },
  { title: 'Recv', align: '>', width: 7, field: 'recv_count', show: count, rank: 10, tight: true },
  { title: 'Recv KB', align: '>', width: 9, field: 'recv_size', show: kilobytes, rank: 8 },
  { title: 'Sent', align: '>', width: 7, field: 'send_count', show: count, rank: 11 },
  { title: 'Sent KB', align: '>', width: 9, field: 'send_size', show: kilobytes, rank: 9 },
  // not in the official script: marks of `view.ts`
  { title: 'Over', align: '<', width: 4, field: 'over', show: text, rank: 2 },
];

/** The Host column got its 62 places, enough for an onion address, in e-x 1.16; every other script has 30. */
const WIDE_HOST = 62;

const PEERS: readonly Column[] = [
  { title: 'Host', align: '<', width: WIDE_HOST, field: 'wide_host', show: first(WIDE_HOST), rank: 1 },
  { title: 'Host', align: '<', width: 30, field: 'host', show: first(30), rank: 1 },
  { title: 'Status', align: '<', width: 6, field: 'status', show: text, rank: 2 },
  { title: 'TCP', align: '>', width: 5, field: 'tcp', show: or(''), rank: 9 },
  { title: 'SSL', align: '>', width: 5, field: 'ssl', show: or(''), rank: 6 },
  { title: 'Server', align: '<', width: 17, field: 'server', show: or('unknown'), rank: 8 },
  // 0.11 to 1.0.8, whose versions have three characters
  { title: 'Min', align: '>', width: 3, field: 'old_min', show: text, rank: 10 },
  { title: 'Max', align: '>', width: 3, field: 'old_max', show: text, rank: 11 },
  { title: 'Min', align: '>', width: 4, field: 'min', show: text, rank: 10 },
  { title: 'Max', align: '>', width: 4, field: 'max', show: text, rank: 11 },
  { title: 'Pruning', align: '>', width: 8, field: 'pruning', show: or(''), rank: 13 },
  { title: 'Last Conn', align: '>', width: 11, field: 'last_connect', show: ago, rank: 3 },
  { title: 'Last Good', align: '>', width: 11, field: 'last_good', show: ago, rank: 3 },
  { title: 'Last Try', align: '>', width: 11, field: 'last_try', show: ago, rank: 4 },
  { title: 'Tries', align: '>', width: 5, field: 'tries', show: text, rank: 5 },
  { title: 'Source', align: '>', width: 20, field: 'source', show: first(20), rank: 12 },
  { title: 'IP Address', align: '<', width: 15, field: 'ip', show: or(''), rank: 7 },
];

export const COLUMNS: Readonly<Record<TableName, readonly Column[]>> = {
  sessions: SESSIONS,
  groups: GROUPS,
  peers: PEERS,
};

/** The titles that a table may have, in one release or another. */
export const TITLES: Readonly<Record<TableName, readonly string[]>> = {
  sessions: titles(SESSIONS),
  groups: titles(GROUPS),
  peers: titles(PEERS),
};

/** The title that a person means: small letters, and no blanks or any sign for them, do as well; a leading `-` is left aside. */
export function findColumn(among: readonly string[], name: string): string | undefined {
  const plain = (title: string) => title.toLowerCase().replace(/[^a-z]/g, '');
  return among.find((title) => plain(title) === plain(name));
}

function titles(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ title }) => title))];
}

function first(length: number): Column['show'] {
  return (value) => Array.from(text(value)).slice(0, length).join('');
}

/** Python's `value or fallback`. */
function or(fallback: string): Column['show'] {
  return (value) => (value ? text(value) : fallback);
}
