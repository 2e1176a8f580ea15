// Replies as tables, by their shape and never by a version; and a table as the text of the official script of its generation.
import { COLUMNS, type Column } from './columns.ts';
import type { TableName } from '../args/commands.ts';
import { printable } from './escape.ts';
import { text } from './formats.ts';
import { isList, isObject, type Json } from './json.ts';

/** Cells by the name of their field. */
export type Row = Readonly<Record<string, Json | undefined>>;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

const COUNTERS = ['reqs', 'txs', 'subs', 'recv_count', 'recv_size', 'send_count', 'send_size'];

// What the cells of a row are, by how many there are, the newest first. A longer row begins like the newest.
const SESSION_ROWS = [
  ['id', 'flags', 'peer', 'client', 'proto', 'cost', 'extra_cost', ...COUNTERS, 'time'],
  ['id', 'flags', 'peer', 'client', 'proto', 'cost', ...COUNTERS, 'time'],
  ['id', 'flags', 'peer', 'client', 'proto', ...COUNTERS, 'time'],
  ['id', 'flags', 'peer', 'client', ...COUNTERS, 'time'],
];
const GROUP_ROWS = [
  ['name', 'sessions', 'cost', 'retained', ...COUNTERS],
  ['id', 'sessions', 'bandwidth', ...COUNTERS],
];

/** Reads a reply; `wideHosts` as `hasWideHosts` says. `undefined`: it is no table, as `peers` up to 0.10.19. */
export function readTable(name: TableName, reply: Json, wideHosts: boolean): Table | undefined {
  if (!isList(reply)) return undefined;
  if (name === 'peers') return readPeers(reply, wideHosts);
  return readRows(reply, name === 'sessions' ? SESSION_ROWS : GROUP_ROWS, COLUMNS[name]);
}

/**
 * Whether the official script of this server has wide host names in `peers`. That reply does not tell; `groups` does: e-x since
 * 1.16 has groups by subnet only, all others have one by time, numbered or `t<n>`, for the asker's session at least.
 */
export function hasWideHosts(groups: Json): boolean {
  const byTime = (row: Json) => isList(row) && (typeof row[0] === 'bigint' || /^t\d+$/.test(text(row[0])));
  return isList(groups) && !groups.some(byTime);
}

/** The lines of the official script, byte for byte, but for unsafe characters: those are escaped, and counted as shown. */
export function plainLines({ columns, rows }: Table, now: number): string[] {
  const line = (cell: (column: Column) => string) =>
    columns.reduce(
      (sum, column, i) => sum + (i === 0 || column.tight ? '' : ' ') + pad(printable(cell(column)), column),
      '',
    );
  return [line(({ title }) => title), ...rows.map((row) => line(({ field, show }) => show(row[field], now)))];
}

function pad(shown: string, { align, width }: Column): string {
  const missing = ' '.repeat(Math.max(0, width - Array.from(shown).length));
  return align === '<' ? shown + missing : missing + shown;
}

function readRows(reply: readonly Json[], layouts: readonly string[][], columns: readonly Column[]): Table {
  const length = isList(reply[0]) ? reply[0].length : Infinity;
  const fields = layouts.find((layout) => layout.length <= length) ?? [];
  const rows = reply.map((row) =>
    Object.fromEntries(fields.map((field, i) => [field, isList(row) ? row[i] : undefined])),
  );
  return { columns: columns.filter(({ field }) => fields.includes(field)), rows };
}

function readPeers(reply: readonly Json[], wideHosts: boolean): Table {
  const old = reply.some((peer) => isObject(peer) && 'last_connect' in peer);
  const absent = [
    wideHosts ? 'host' : 'wide_host',
    ...(old ? ['min', 'max', 'last_good'] : ['old_min', 'old_max', 'last_connect']),
  ];
  return { columns: COLUMNS.peers.filter(({ field }) => !absent.includes(field)), rows: reply.map(peerRow) };
}

function peerRow(item: Json): Row {
  const peer = object(item);
  const features = object(peer['features']);
  const ports = object(object(features['hosts'])[text(peer['host'])]);
  return {
    host: peer['host'],
    wide_host: peer['host'],
    status: peer['status'],
    tcp: ports['tcp_port'],
    ssl: ports['ssl_port'],
    server: features['server_version'],
    min: features['protocol_min'],
    max: features['protocol_max'],
    old_min: features['protocol_min'],
    old_max: features['protocol_max'],
    pruning: features['pruning'],
    last_connect: peer['last_connect'],
    last_good: peer['last_good'],
    last_try: peer['last_try'],
    tries: peer['try_count'],
    source: peer['source'],
    ip: peer['ip_addr'],
  };
}

function object(value: Json | undefined): Row {
  return isObject(value) ? value : {};
}
