// Tables of rows without keys: the length of a row says which cell is where.
import { isNumber } from './fields.ts';

export type Row = readonly unknown[];

/** The rows that could be read, and how many could not. */
export interface Rows<Item> {
  readonly rows: readonly Item[];
  readonly badRows: number;
}

/** The names of the cells, by the length of the row. */
export type CellNames<Name extends string> = Readonly<Record<number, readonly Name[]>>;

/** The index of each cell in rows of one length; -1 for cells that such rows do not have. */
export type Positions<Name extends string> = Readonly<Record<Name, number>>;

export interface Layouts<Name extends string> {
  /** `numeric`: the indexes of the cells that have to be numbers */
  readonly byLength: ReadonlyMap<number, { readonly at: Positions<Name>; readonly numeric: readonly number[] }>;
  readonly longest: number;
}

/** Prepares the layouts of a table. A row in which one of the `numeric` cells is not a number is a bad row. */
export function layouts<Name extends string>(cells: CellNames<Name>, numeric: readonly Name[]): Layouts<Name> {
  const all = [...new Set(Object.values(cells).flat())];
  const byLength = new Map(
    Object.values(cells).map((names) => {
      const at = Object.fromEntries(all.map((name) => [name, names.indexOf(name)])) as Positions<Name>;
      return [names.length, { at, numeric: numeric.map((name) => at[name]).filter((index) => index >= 0) }];
    }),
  );
  return { byLength, longest: Math.max(...byLength.keys()) };
}

/**
 * Where the cells of a row are. A row longer than the longest known layout is read as that one. `undefined` for a bad row: not a list,
 * of an unknown length, or without a number where one has to be.
 */
export function positionsIn<Name extends string>(
  { byLength, longest }: Layouts<Name>,
  row: unknown,
): Positions<Name> | undefined {
  if (!Array.isArray(row)) return undefined;
  const cells: Row = row;
  const layout = byLength.get(Math.min(cells.length, longest));
  if (!layout) return undefined;
  for (const index of layout.numeric) if (!isNumber(cells[index])) return undefined;
  return layout.at;
}

/** The number in a cell that `positionsIn` has checked. */
export function numberAt(row: Row, index: number): number {
  return row[index] as number;
}

/** The string in a cell; `undefined` where there is none. */
export function stringAt(row: Row, index: number): string | undefined {
  const cell = row[index];
  return typeof cell === 'string' ? cell : undefined;
}
