// Tables that come as arrays of arrays: the length of a row tells what its cells are.
import { isNumber } from './fields.ts';

/** Where each cell stands in rows of one length; a name that such rows do not have is not there. */
export type Places<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** The layouts of a table, made once by `layouts`. */
export interface Layouts<Name extends string> {
  readonly byLength: ReadonlyMap<number, { readonly at: Places<Name>; readonly numeric: readonly number[] }>;
  readonly longest: number;
}

/** The rows that could be read, and how many could not. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly badRows: number;
}

/**
 * `names` are those of the cells, for each length of row that some release sends. A longer row is read as the longest known. A row
 * in which a cell of `numeric` is no number is a bad one.
 */
export function layouts<Name extends string>(
  names: Readonly<Record<number, readonly Name[]>>,
  numeric: readonly Name[],
): Layouts<Name> {
  const known = Object.values(names).map((row) => {
    const at = Object.fromEntries(row.map((name, place) => [name, place])) as Places<Name>;
    return [row.length, { at, numeric: numeric.flatMap((name) => at[name] ?? []) }] as const;
  });
  return { byLength: new Map(known), longest: Math.max(...known.map(([length]) => length)) };
}

/**
 * Gives each row that `decode` can read to `take`, and returns how many could not be read: a bad row costs itself only. `undefined`:
 * this is no table at all.
 */
export function readRows<Name extends string, Row>(
  reply: unknown,
  { byLength, longest }: Layouts<Name>,
  decode: (cells: readonly unknown[], at: Places<Name>) => Row | undefined,
  take: (row: Row) => void,
): number | undefined {
  const slices = slicesOf(reply);
  if (!slices) return undefined;
  const readRow = (cells: readonly unknown[]) => {
    const layout = byLength.get(Math.min(cells.length, longest));
    return layout && areNumbers(cells, layout.numeric) ? decode(cells, layout.at) : undefined;
  };
  let badRows = 0;
  for (const slice of slices) {
    for (const cells of slice) {
      const row = isArray(cells) ? readRow(cells) : undefined;
      if (row === undefined) badRows += 1;
      else take(row);
    }
  }
  return badRows;
}

/** The cell at a place; `undefined` where rows of this length have none. */
export function cell(cells: readonly unknown[], place: number | undefined): unknown {
  return place === undefined ? undefined : cells[place];
}

/** A list as it is, or in slices that come one by one; `undefined` for everything else. */
export function slicesOf(reply: unknown): Iterable<readonly unknown[]> | undefined {
  if (isArray(reply)) return [reply];
  const isSliced = typeof reply === 'object' && reply !== null && Symbol.iterator in reply;
  return isSliced ? (reply as Iterable<readonly unknown[]>) : undefined;
}

// The library's own test makes `any[]` of `unknown`; a callback for each cell would cost more than what it does.
const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function areNumbers(cells: readonly unknown[], places: readonly number[]): boolean {
  for (const place of places) if (!isNumber(cells[place])) return false;
  return true;
}
