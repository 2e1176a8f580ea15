// A table for those who want more than the official script's: groups over their limits marked, and less of it or in another order.
import { COLUMNS, findColumn, type Column } from './columns.ts';
import type { TableName } from '../args/commands.ts';
import { printable } from './escape.ts';
import { finite, text } from './formats.ts';
import type { View } from '../args/parse.ts';
import type { Row, Table } from './tables.ts';

/** What a session may cost: over the soft limit ElectrumX slows it down, over the hard one it throws it out. */
export interface Limits {
  readonly soft: number;
  readonly hard: number;
}

/** ElectrumX's own COST_SOFT_LIMIT and COST_HARD_LIMIT, for those who run this with its environment, or else its defaults. */
export function limitsFrom(env: Readonly<Record<string, string | undefined>>): Limits {
  const limit = (name: string, fallback: number) => (/^\d+$/.test(env[name] ?? '') ? Number(env[name]) : fallback);
  return { soft: limit('COST_SOFT_LIMIT', 1000), hard: limit('COST_HARD_LIMIT', 10_000) };
}

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

/** The table of groups with one column more, that says `soft` or `hard`. A table without costs stays as it is. */
function markLimits(table: Table, limits: Limits): Table {
  if (!table.columns.some(({ field }) => field === 'retained')) return table;
  const columns = [...table.columns, ...COLUMNS.groups.filter(({ field }) => field === 'over')];
  return { columns, rows: table.rows.map((row) => ({ ...row, over: over(row, limits) })) };
}

/** Each session of a subnet is charged with what the group costs and with what it retained; a hard limit of 0 means no limit. */
function over(row: Row, { soft, hard }: Limits): 'soft' | 'hard' | '' {
  const cost = (finite(row['cost']) ?? 0) + (finite(row['retained']) ?? 0);
  // groups by time of connecting (1.10.1 to 1.15, and kyuupichan's) weigh 3 %: their sum is not what is compared
  if (hard === 0 || /^t\d+$/.test(text(row['name']))) return '';
  return cost > hard ? 'hard' : cost > soft ? 'soft' : '';
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
