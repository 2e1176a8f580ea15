// --filter, --sort and --top, and the column that marks groups over their cost limits.
import { costLimits } from '../../electrumx/defaults.ts';
import { isTimeGroup } from '../../electrumx/groups.ts';
import { pythonInteger } from '../../electrumx/python-integer.ts';
import type { TableName } from '../args/commands.ts';
import type { RowSelection, SortOrder } from '../args/parse.ts';
import { COLUMNS, type Column } from './columns.ts';
import { escapeUnsafe } from './escape.ts';
import { finiteNumber, formatValue } from './formats.ts';
import type { Table, TableRow } from './tables.ts';

/** ElectrumX throttles groups over the soft limit, and disconnects those over the hard limit. `undefined`: there are no limits. */
export type GroupCostLimits = ReturnType<typeof costLimits>;

/** COST_SOFT_LIMIT and COST_HARD_LIMIT of the environment, else ElectrumX's defaults. */
export function costLimitsFrom(env: Readonly<Record<string, string | undefined>>): GroupCostLimits {
  const limit = (name: string) => pythonInteger(env[name] ?? '');
  return costLimits({ costSoftLimit: limit('COST_SOFT_LIMIT'), costHardLimit: limit('COST_HARD_LIMIT') });
}

/** Marks groups over `limits`, then applies `--filter`, `--sort` and `--top`, in this order. `now` in epoch seconds. */
export function arrange(table: Table, selection: RowSelection, limits: GroupCostLimits, now: number): Table {
  const { filter, sort, top } = selection;
  const { columns, rows } = markLimits(table, limits);
  const matching = filter === undefined ? rows : rows.filter((row) => contains(columns, row, filter, now));
  const column = sort && columns.find(({ title }) => title === sort.column);
  const sorted = column ? sortRows(matching, column, sort, now) : matching;
  return { columns, rows: sorted.slice(0, top) };
}

/** A note for a sort column that this server's table does not have. `undefined` if it has. */
export function sortNote(name: TableName, { columns }: Table, { sort }: RowSelection): string | undefined {
  if (!sort || columns.some(({ title }) => title === sort.column)) return undefined;
  return `not sorted: ${name} of this server have no column ${sort.column}`;
}

/** Adds the column Over, `soft` or `hard`, to a table of groups. Tables without costs stay as they are. */
function markLimits(table: Table, limits: GroupCostLimits): Table {
  if (!table.columns.some(({ field }) => field === 'retainedCost')) return table;
  const columns = [...table.columns, ...COLUMNS.groups.filter(({ field }) => field === 'over')];
  return { columns, rows: table.rows.map((row) => ({ ...row, over: limitExceeded(row, limits) })) };
}

/** ElectrumX compares the limits with the group's cost and its retained cost together. */
function limitExceeded(row: TableRow, limits: GroupCostLimits): 'soft' | 'hard' | '' {
  const cost = (finiteNumber(row['cost']) ?? 0) + (finiteNumber(row['retainedCost']) ?? 0);
  // groups by time of connecting (1.10.1 to 1.15, and kyuupichan) count only 3%, and are never over a limit by themselves
  if (!limits || isTimeGroup(formatValue(row['name']))) return '';
  return cost > limits.hard ? 'hard' : cost > limits.soft ? 'soft' : '';
}

function contains(columns: readonly Column[], row: TableRow, filter: string, now: number): boolean {
  const lower = filter.toLowerCase();
  return columns.some(({ field, format }) => escapeUnsafe(format(row[field], now)).toLowerCase().includes(lower));
}

/** Sorts numbers by value and everything else by what is shown. Empty cells are last in either direction. */
function sortRows(rows: readonly TableRow[], column: Column, { reverse }: SortOrder, now: number): TableRow[] {
  const { field, format } = column;
  const direction = reverse ? -1 : 1;
  const keyed = rows.map((row) => ({ row, key: finiteNumber(row[field]) ?? format(row[field], now) }));
  const order = (a: number | string, b: number | string) =>
    Number(a === '') - Number(b === '') || direction * compareKeys(a, b);
  return keyed.sort((a, b) => order(a.key, b.key)).map(({ row }) => row);
}

/** Numbers first, the largest (of times the latest) at the top; then strings from A to Z. */
function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number') return typeof b === 'number' ? b - a : -1;
  return typeof b === 'number' ? 1 : a.localeCompare(b, 'en');
}
