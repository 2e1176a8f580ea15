// Replies as tables, by their shape and never by a version, and tables as the text of the official script.
import { GROUP_CELLS, isTimeGroup } from '../../electrumx/groups.ts';
import type { CellNames } from '../../electrumx/rows.ts';
import { SESSION_CELLS } from '../../electrumx/session-row.ts';
import type { TableName } from '../args/commands.ts';
import { COLUMNS, type Column } from './columns.ts';
import { escapeUnsafe } from './escape.ts';
import { formatValue } from './formats.ts';
import { isList, isObject, type Json } from './json.ts';

/** The cells of one row by the name of their field. */
export type TableRow = Readonly<Record<string, Json | undefined>>;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
}

/** The Host column of `peers`: its width differs between releases that send the same reply. */
export type HostWidth = 'wide' | 'narrow';

/** Reads a reply. `undefined`: it is not a table, as `peers` up to 0.10.19. */
export function readTable(name: TableName, reply: Json, hostWidth: HostWidth): Table | undefined {
  if (!isList(reply)) return undefined;
  if (name === 'peers') return readPeers(reply, hostWidth);
  return readRows(reply, name === 'sessions' ? SESSION_CELLS : GROUP_CELLS, COLUMNS[name]);
}

/**
 * The width of the Host column in the official script of this server. A `peers` reply does not show it, but `groups` does: e-x since
 * 1.16, with wide hosts, has groups by subnet only. All others have at least one group by time, numbered or `t<n>`: that of our session.
 */
export function hostWidthOf(groups: Json): HostWidth {
  const byTime = (row: Json) => isList(row) && (typeof row[0] === 'bigint' || isTimeGroup(formatValue(row[0])));
  return isList(groups) && !groups.some(byTime) ? 'wide' : 'narrow';
}

/** The lines of the official script, byte for byte, except that unsafe characters are escaped. `now` in epoch seconds. */
export function plainLines({ columns, rows }: Table, now: number): string[] {
  const line = (cell: (column: Column) => string) =>
    columns.reduce(
      (start, column, i) => start + (i === 0 || column.tight ? '' : ' ') + pad(escapeUnsafe(cell(column)), column),
      '',
    );
  return [line(({ title }) => title), ...rows.map((row) => line(({ field, format }) => format(row[field], now)))];
}

function pad(shown: string, { align, width }: Column): string {
  const missing = ' '.repeat(Math.max(0, width - Array.from(shown).length));
  return align === '<' ? shown + missing : missing + shown;
}

/** All rows have the layout of the first. A row that is longer than the longest layout begins like it. */
function readRows(reply: readonly Json[], layouts: CellNames<string>, columns: readonly Column[]): Table {
  const length = isList(reply[0]) ? reply[0].length : Infinity;
  const fields = Object.values(layouts).findLast((layout) => layout.length <= length) ?? [];
  const rows = reply.map((row) =>
    Object.fromEntries(fields.map((field, i) => [field, isList(row) ? row[i] : undefined])),
  );
  const isShown = ({ field, onlyWith }: Column) =>
    fields.includes(field) && (onlyWith === undefined || fields.includes(onlyWith));
  return { columns: columns.filter(isShown), rows };
}

function readPeers(reply: readonly Json[], hostWidth: HostWidth): Table {
  const old = reply.some((peer) => isObject(peer) && 'last_connect' in peer);
  const absent = [
    hostWidth === 'wide' ? 'host' : 'wideHost',
    ...(old ? ['min', 'max', 'lastGood'] : ['oldMin', 'oldMax', 'lastConnect']),
  ];
  return { columns: COLUMNS.peers.filter(({ field }) => !absent.includes(field)), rows: reply.map(peerRow) };
}

function peerRow(item: Json): TableRow {
  const peer = objectOrEmpty(item);
  const features = objectOrEmpty(peer['features']);
  const ports = objectOrEmpty(objectOrEmpty(features['hosts'])[formatValue(peer['host'])]);
  return {
    host: peer['host'],
    wideHost: peer['host'],
    status: peer['status'],
    tcp: ports['tcp_port'],
    ssl: ports['ssl_port'],
    server: features['server_version'],
    min: features['protocol_min'],
    max: features['protocol_max'],
    oldMin: features['protocol_min'],
    oldMax: features['protocol_max'],
    pruning: features['pruning'],
    lastConnect: peer['last_connect'],
    lastGood: peer['last_good'],
    lastTry: peer['last_try'],
    tries: peer['try_count'],
    source: peer['source'],
    ip: peer['ip_addr'],
  };
}

function objectOrEmpty(value: Json | undefined): TableRow {
  return isObject(value) ? value : {};
}
