// The columns of the three tables: titles, widths and formats of the official script, and their priority on a narrow terminal.
import type { TableName } from '../args/commands.ts';
import { formatAge, formatDuration, formatInteger, formatKilobytes, formatValue } from './formats.ts';
import type { Json } from './json.ts';

export interface Column {
  readonly title: string;
  /** `<` aligns to the left, `>` to the right. */
  readonly align: '<' | '>';
  /** The minimum width. Longer values are not cut. */
  readonly width: number;
  /** The cell of a row that it shows. A table has the columns whose fields it has. */
  readonly field: string;
  /** The column is for tables that have this field, too. */
  readonly onlyWith?: string;
  /** Formats a cell; `now` in epoch seconds. */
  readonly format: (value: Json | undefined, now: number) => string;
  /** On a terminal that is too narrow for all columns, those with the lowest ranks are shown. */
  readonly rank: number;
  /** No blank before this column: the official script has none there. */
  readonly tight?: true;
}

const SESSIONS: readonly Column[] = [
  { title: 'ID', align: '<', width: 6, field: 'id', format: formatValue, rank: 1 },
  { title: 'Flags', align: '<', width: 5, field: 'flags', format: formatValue, rank: 4 },
  { title: 'Client', align: '>', width: 17, field: 'client', format: formatValue, rank: 5 },
  { title: 'Proto', align: '>', width: 5, field: 'protocol', format: formatValue, rank: 11 },
  { title: 'Cost', align: '>', width: 7, field: 'cost', format: formatInteger, rank: 3 },
  { title: 'XCost', align: '>', width: 7, field: 'extraCost', format: formatInteger, rank: 9 },
  { title: 'Reqs', align: '>', width: 5, field: 'reqs', format: formatInteger, rank: 8 },
  { title: 'Txs', align: '>', width: 5, field: 'txs', format: formatInteger, rank: 15 },
  { title: 'Subs', align: '>', width: 7, field: 'subs', format: formatInteger, rank: 7 },
  { title: 'Recv', align: '>', width: 7, field: 'recvCount', format: formatInteger, rank: 13 },
  { title: 'Recv KB', align: '>', width: 7, field: 'recvSize', format: formatKilobytes, rank: 12 },
  { title: 'Sent', align: '>', width: 7, field: 'sendCount', format: formatInteger, rank: 14 },
  { title: 'Sent KB', align: '>', width: 7, field: 'sendSize', format: formatKilobytes, rank: 10 },
  { title: 'Time', align: '>', width: 9, field: 'time', format: formatDuration, rank: 6 },
  { title: 'Peer', align: '>', width: 21, field: 'peer', format: formatValue, rank: 2 },
];

const GROUPS: readonly Column[] = [
  { title: 'ID', align: '<', width: 6, field: 'name', onlyWith: 'bandwidth', format: formatValue, rank: 1 },
  { title: 'Name', align: '<', width: 14, field: 'name', onlyWith: 'cost', format: formatValue, rank: 1 },
  { title: 'Sessions', align: '>', width: 9, field: 'sessions', format: formatInteger, rank: 3 },
  { title: 'Bwidth KB', align: '>', width: 9, field: 'bandwidth', format: formatKilobytes, rank: 4 },
  { title: 'Cost', align: '>', width: 8, field: 'cost', format: formatInteger, rank: 4 },
  { title: 'Retained', align: '>', width: 8, field: 'retainedCost', format: formatInteger, rank: 5 },
  { title: 'Reqs', align: '>', width: 6, field: 'reqs', format: formatInteger, rank: 6 },
  { title: 'Txs', align: '>', width: 6, field: 'txs', format: formatInteger, rank: 12 },
  { title: 'Subs', align: '>', width: 8, field: 'subs', format: formatInteger, rank: 7 },
  { title: 'Recv', align: '>', width: 7, field: 'recvCount', format: formatInteger, rank: 10, tight: true },
  { title: 'Recv KB', align: '>', width: 9, field: 'recvSize', format: formatKilobytes, rank: 8 },
  { title: 'Sent', align: '>', width: 7, field: 'sendCount', format: formatInteger, rank: 11 },
  { title: 'Sent KB', align: '>', width: 9, field: 'sendSize', format: formatKilobytes, rank: 9 },
  // not in the official script: added by arrange.ts
  { title: 'Over', align: '<', width: 4, field: 'over', format: formatValue, rank: 2 },
];

/** The width of the Host column in e-x since 1.16, enough for an onion address. All other scripts have 30. */
const WIDE_HOST = 62;

const PEERS: readonly Column[] = [
  { title: 'Host', align: '<', width: WIDE_HOST, field: 'wideHost', format: firstCharacters(WIDE_HOST), rank: 1 },
  { title: 'Host', align: '<', width: 30, field: 'host', format: firstCharacters(30), rank: 1 },
  { title: 'Status', align: '<', width: 6, field: 'status', format: formatValue, rank: 2 },
  { title: 'TCP', align: '>', width: 5, field: 'tcp', format: withFallback(''), rank: 9 },
  { title: 'SSL', align: '>', width: 5, field: 'ssl', format: withFallback(''), rank: 6 },
  { title: 'Server', align: '<', width: 17, field: 'server', format: withFallback('unknown'), rank: 8 },
  // 0.11 to 1.0.8: versions have three characters
  { title: 'Min', align: '>', width: 3, field: 'oldMin', format: formatValue, rank: 10 },
  { title: 'Max', align: '>', width: 3, field: 'oldMax', format: formatValue, rank: 11 },
  { title: 'Min', align: '>', width: 4, field: 'min', format: formatValue, rank: 10 },
  { title: 'Max', align: '>', width: 4, field: 'max', format: formatValue, rank: 11 },
  { title: 'Pruning', align: '>', width: 8, field: 'pruning', format: withFallback(''), rank: 13 },
  { title: 'Last Conn', align: '>', width: 11, field: 'lastConnect', format: formatAge, rank: 3 },
  { title: 'Last Good', align: '>', width: 11, field: 'lastGood', format: formatAge, rank: 3 },
  { title: 'Last Try', align: '>', width: 11, field: 'lastTry', format: formatAge, rank: 4 },
  { title: 'Tries', align: '>', width: 5, field: 'tries', format: formatValue, rank: 5 },
  { title: 'Source', align: '>', width: 20, field: 'source', format: firstCharacters(20), rank: 12 },
  { title: 'IP Address', align: '<', width: 15, field: 'ip', format: withFallback(''), rank: 7 },
];

export const COLUMNS: Readonly<Record<TableName, readonly Column[]>> = {
  sessions: SESSIONS,
  groups: GROUPS,
  peers: PEERS,
};

/** All titles of a table, over all releases. */
export const TITLES: Readonly<Record<TableName, readonly string[]>> = {
  sessions: titles(SESSIONS),
  groups: titles(GROUPS),
  peers: titles(PEERS),
};

/** The title that matches `name`. Case and everything but letters are ignored: `recv_kb` and `-recvkb` match `Recv KB`. */
export function findTitle(titlesToSearch: readonly string[], name: string): string | undefined {
  const normalize = (title: string) => title.toLowerCase().replace(/[^a-z]/g, '');
  return titlesToSearch.find((title) => normalize(title) === normalize(name));
}

function titles(columns: readonly Column[]): string[] {
  return [...new Set(columns.map(({ title }) => title))];
}

function firstCharacters(length: number): Column['format'] {
  return (value) => Array.from(formatValue(value)).slice(0, length).join('');
}

/** Python's `value or fallback`. */
function withFallback(fallback: string): Column['format'] {
  return (value) => (value ? formatValue(value) : fallback);
}
