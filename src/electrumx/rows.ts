// Tables of rows without names: the length of a row tells what its cells are.
import { isNumber, toText } from './fields.ts';

/** One row, to be read before the next one is. */
export interface Cells {
  readonly length: number;
  /** rounded to the ninth decimal: what a float from Python has behind that is noise; NaN where a cell is no number that counts */
  readonly numbers: Float64Array;
  /** a bit for each of the first 32 cells that is no number: 1 for the first one, 2 for the second one, 4 for the third one */
  readonly notNumbers: number;
  /** `undefined` where it is no text */
  readonly text: (place: number) => string | undefined;
}

/** Where each cell stands in rows of one length; a name that such rows do not have is not there. */
export type Places<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** The layouts of a table, made once by `layouts`. */
export interface Layouts<Name extends string> {
  /** `numeric`: a bit for each cell that has to be a number */
  readonly byLength: ReadonlyMap<number, { readonly at: Places<Name>; readonly numeric: number }>;
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
    const bits = numeric.flatMap((name) => at[name] ?? []).reduce((all, place) => all | (1 << place), 0);
    return [row.length, { at, numeric: bits }] as const;
  });
  return { byLength: new Map(known), longest: Math.max(...known.map(([length]) => length)) };
}

/** What is added up of a table, row by row: by a class, because ADR 8 says why closures would be slow. */
export interface Sums<Model> {
  take(row: unknown): void;
  result(): Model;
}

/** Takes all rows of a reply. `undefined`: it is no table. */
export function sumUp<Model>(reply: unknown, sums: Sums<Model>): Model | undefined {
  const rows = rowsOf(reply);
  if (!rows) return undefined;
  for (const row of rows) sums.take(row);
  return sums.result();
}

/** Rows that are taken in a millisecond or two. */
const ROWS_A_TURN = 2000;

/** Lets others have their turn. To reject is to give up. */
export type Pause = () => Promise<void>;

/** The same with pauses: 100,000 rows take a tenth of a second. */
export async function sumUpInTurns<Model>(reply: unknown, sums: Sums<Model>, pause: Pause): Promise<Model | undefined> {
  const rows = rowsOf(reply)?.[Symbol.iterator]();
  if (!rows) return undefined;
  for (;;) {
    for (let i = 0; i < ROWS_A_TURN; i += 1) {
      const next = rows.next();
      if (next.done) return sums.result();
      sums.take(next.value);
    }
    await pause();
  }
}

/** Where the cells of this row stand; `undefined` for a bad row: of no known length, or without a number where one has to be. */
export function placesIn<Name extends string>(
  { byLength, longest }: Layouts<Name>,
  { length, notNumbers }: Cells,
): Places<Name> | undefined {
  const layout = byLength.get(Math.min(length, longest));
  return layout && (layout.numeric & notNumbers) === 0 ? layout.at : undefined;
}

/** A list, or the rows of a table; `undefined` for everything else. */
function rowsOf(reply: unknown): Iterable<unknown> | undefined {
  const isIterable = typeof reply === 'object' && reply !== null && Symbol.iterator in reply;
  return isIterable ? (reply as Iterable<unknown>) : undefined;
}

/** The cells of a row; `undefined` for what is no list. A row that is read where it lies has a function for that, which no JSON has. */
export function cellsOf(row: unknown): Cells | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  if (!Array.isArray(row)) return typeof (row as Cells).text === 'function' ? (row as Cells) : undefined;
  const cells = row as readonly unknown[];
  // `|| 0`: there is no -0 either way
  const numbers = Float64Array.from(cells, (cell) => (isNumber(cell) ? Number(cell.toFixed(9)) || 0 : NaN));
  const notNumbers = numbers
    .slice(0, 32)
    .reduce((bits, number, place) => bits | (Number.isNaN(number) ? 1 << place : 0), 0);
  return { length: cells.length, numbers, notNumbers, text: (place) => toText(cells[place]) };
}

/** The number at a place; NaN where rows of this length have none, or none that can be counted with. */
export function numberAt({ numbers }: Cells, place: number | undefined): number {
  return place === undefined ? NaN : (numbers[place] ?? NaN);
}

export function textAt(cells: Cells, place: number | undefined): string | undefined {
  return place === undefined ? undefined : cells.text(place);
}
