// A table in another order, or less of it: `--filter`, `--sort` and `--top`, in this order.
import { findColumn } from './columns.ts';
import { printable } from './escape.ts';
import { markLimits, type Limits } from './limits.ts';
import type { View } from './options.ts';
import { sortKey, type Table } from './tables.ts';

/** What a table is for those who do not just want the official script's: groups over `limits` are marked, and `view` chooses. */
export function arrange(table: Table, view: View, limits: Limits, now: number): Table {
  return select(markLimits(table, limits), view, now);
}

/** What `view` leaves of the table. A column that this server's table does not have sorts nothing. `now` in epoch seconds. */
function select(table: Table, { filter, sort, top }: View, now: number): Table {
  let rows = table.rows;
  if (filter !== undefined) {
    const wanted = filter.toLowerCase();
    const shown = table.columns.map(
      ({ field, show }) =>
        (row: (typeof rows)[number]) =>
          printable(show(row[field], now)),
    );
    rows = rows.filter((row) => shown.some((cell) => cell(row).toLowerCase().includes(wanted)));
  }
  const title = sort === undefined ? undefined : findColumn(table.columns.map((column) => column.title), sort); // prettier-ignore
  const column = table.columns.find((one) => one.title === title);
  if (column) {
    const sign = sort?.startsWith('-') ? -1 : 1;
    rows = rows
      .map((row) => ({ row, key: sortKey(row, column, now) }))
      .sort((a, b) => sign * compare(a.key, b.key))
      .map(({ row }) => row);
  }
  return { columns: table.columns, rows: rows.slice(0, top) };
}

/** Numbers first, the biggest at the top; then texts from A to Z. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number') return typeof b === 'number' ? b - a : -1;
  return typeof b === 'number' ? 1 : a.localeCompare(b, 'en');
}
