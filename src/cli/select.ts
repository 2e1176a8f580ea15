// A table for those who want more than the official script's: groups marked, and less of it or in another order.
import { findColumn, type Column } from './columns.ts';
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
export function sortColumn(columns: readonly Column[], sort: string): Column | undefined {
  const titles = columns.map(({ title }) => title);
  return columns.find(({ title }) => title === findColumn(titles, sort));
}

function contains(columns: readonly Column[], row: Row, filter: string, now: number): boolean {
  const wanted = filter.toLowerCase();
  return columns.some(({ field, show }) => printable(show(row[field], now)).toLowerCase().includes(wanted));
}

/** By numbers where there are some, or else by what is shown. */
function sortBy(rows: readonly Row[], { field, show }: Column, sign: 1 | -1, now: number): Row[] {
  const keyed = rows.map((row) => ({ row, key: finite(row[field]) ?? show(row[field], now) }));
  return keyed.sort((a, b) => sign * compare(a.key, b.key)).map(({ row }) => row);
}

/** Numbers first, the biggest at the top; then texts from A to Z; cells with nothing in them last. */
function compare(a: number | string, b: number | string): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  if (typeof a === 'number') return typeof b === 'number' ? b - a : -1;
  return typeof b === 'number' ? 1 : a.localeCompare(b, 'en');
}
