// Long tables, read a slice at a time: rows that are dropped as they come never fill the memory, which costs more than to parse them.
import { RpcError } from './errors.ts';
import { parseJson } from './json.ts';

/** A line whose result is a long list of lists: the line without the lists, and these in slices. */
export interface Table {
  readonly line: string;
  /** Throws an RpcError of kind `protocol` where the line is no JSON. */
  readonly slices: Iterable<readonly unknown[]>;
}

/** Characters that are parsed at a time; shorter lines are not worth it. */
const SLICE = 16_384;

// All that servers write around a table. What looks otherwise is read as a whole.
const BEFORE = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"id"\s*:\s*\d+\s*,\s*)?"result"\s*:\s*\[(?=\s*\[)/;
const AFTER = /\](?:\s*,\s*"id"\s*:\s*\d+)?\s*\}\s*$/;
const LONGEST_AROUND = 200;

/** The table in a line; `undefined` where there is none, or only a short one. */
export function tableIn(line: string): Table | undefined {
  if (line.length <= SLICE) return undefined;
  const before = BEFORE.exec(line.slice(0, LONGEST_AROUND))?.[0];
  const after = AFTER.exec(line.slice(-LONGEST_AROUND))?.[0];
  if (before === undefined || after === undefined) return undefined;
  const slices = { [Symbol.iterator]: () => readSlices(line, before.length, line.length - after.length) };
  return { line: before + after, slices };
}

function* readSlices(line: string, start: number, end: number): Generator<readonly unknown[], void, void> {
  for (let from = start, to = start; to < end; from = to + 1) {
    let rows: unknown;
    for (let size = SLICE; !isFilled(rows); size *= 2) {
      if (to === end) throw new RpcError('protocol', 'the reply is not JSON');
      to = cut(line, from + size, end);
      rows = parseJson(`[${line.slice(from, to)}]`);
    }
    yield rows;
  }
}

/**
 * Behind the next list that seems to end here. If it is a piece of a text, or a list in a list, then what stands before it cannot be
 * parsed: it lacks a closing quote or bracket. Twice as much is tried then, so that no text can make this slow.
 */
function cut(line: string, from: number, end: number): number {
  const found = line.indexOf('],', from);
  return found === -1 || found >= end ? end : found + 1;
}

function isFilled(rows: unknown): rows is unknown[] {
  return Array.isArray(rows) && rows.length > 0;
}
