// A table for those who want more than the official script's: groups marked, and less of it or in another order.
import { findColumn, type Column } from './columns.ts';
import type { TableName } from './commands.ts';
import { printable } from './escape.ts';
import { finite } from './format.ts';
import { markLimits, type Limits } from './limits.ts';
import type { View } from './options.ts';
import type { Row, Table } from './tables.ts';

/** Marks groups over `limits`, then applies `--filter`, `--sort` and `--top`, in this order. `now` in epoch seconds. */
export function arrange(table: Table, { filter, sort, top }: View, limits: Limits, now: number): Table {
  const { columns, rows } = markLimits(table, limits);
  const wanted = filter === undefined ? rows : rows.filter((row) => contains(columns, row, filter, now));
  const column = sort === undefined ? undefined : sortColumn(columns, sort);
  const sorted = column ? sortBy(wanted, column, sort?.startsWith('-') ? -1 : 1, now) : wanted;
  return { columns, rows: sorted.slice(0, top) };
}

/** The column that `--sort` names, if this server's table has it. */
function sortColumn(columns: readonly Column[], sort: string): Column | undefined {
  const titles = columns.map(({ title }) => title);
  return columns.find(({ title }) => title === findColumn(titles, sort));
}

/** Says that `--sort` names a column that this server's table does not have; `undefined` if it has. */
export function sortNote(name: TableName, { columns }: Table, { sort }: View): string | undefined {
  if (sort === undefined || sortColumn(columns, sort)) return undefined;
  return `this server has no column ${sort} in ${name}: not sorted`;
}

function contains(columns: readonly Column[], row: Row, filter: string, now: number): boolean {
  const wanted = filter.toLowerCase();
  return columns.some(({ field, show }) => printable(show(row[field], now)).toLowerCase().includes(wanted));
}

/** By numbers where there are some, or else by what is shown. */
function sortBy(rows: readonly Row[], { field, show }: Column, sign: 1 | -1, now: number): Row[] {
  const keyed = rows.map((row) => ({ row, key: finite(row[field]) ?? show(row[field], now) }));
  const order = (a: number | string, b: number | string) => emptyLast(a, b) || sign * compare(a, b);
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ row }) => row);
}

function emptyLast(a: number | string, b: number | string): number {
  return Number(a === '') - Number(b === '');
}

/** Numbers first, the biggest at the top, which of times is the latest; then texts from A to Z. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number') return typeof b === 'number' ? b - a : -1;
  return typeof b === 'number' ? 1 : a.localeCompare(b, 'en');
}
