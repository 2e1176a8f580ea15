// Tables that come as arrays of arrays: the length of a row tells what its cells are.

/** Names of the cells, for each length of row that some release sends. A longer row is read as the longest known. */
export type Layouts = Readonly<Record<number, readonly string[]>>;

/** The rows that could be read, and how many could not. */
export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly badRows: number;
}

/** Decodes each row; a row that `decode` refuses costs that row only. `undefined`: this is no table at all. */
export function decodeRows<Row>(
  reply: unknown,
  layouts: Layouts,
  decode: (cells: Readonly<Record<string, unknown>>) => Row | undefined,
): Rows<Row> | undefined {
  if (!Array.isArray(reply)) return undefined;
  const longest = Math.max(...Object.keys(layouts).map(Number));
  const rows: Row[] = [];
  for (const cells of reply as unknown[]) {
    const layout = Array.isArray(cells) ? layouts[Math.min(cells.length, longest)] : undefined;
    const row = layout && decode(Object.fromEntries(layout.map((name, i) => [name, (cells as unknown[])[i]])));
    if (row !== undefined) rows.push(row);
  }
  return { rows, badRows: reply.length - rows.length };
}

/** The named cells as numbers, or `undefined` when one of them is not a finite number. */
export function numericCells<Name extends string>(
  cells: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Record<Name, number> | undefined {
  const valid = names.every((name) => Number.isFinite(cells[name]));
  return valid ? (cells as Record<Name, number>) : undefined;
}
