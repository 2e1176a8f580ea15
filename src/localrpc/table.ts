// Tables in replies, read row by row where they lie: rows that nobody keeps need not be made, which costs more than to read them.
import { RpcError } from './errors.ts';
import { notJson, parseJson } from './json.ts';
import { isWithin, measure, type ParseLimits } from './measure.ts';
import { NOT_PLAIN, PlainRow } from './row.ts';

/** A reply line whose result is a list of lists or of objects. */
export interface Table {
  /** the line with an empty list in place of the rows */
  readonly around: string;
  /**
   * Each row: a `Row`, to be read before the next one; or what its JSON says, if that is more than numbers and simple texts; `undefined` for
   * one that is too large. Throws an RpcError of kind `protocol` where the line turns out to be no JSON, `too_large` if it has too many rows.
   */
  readonly rows: Iterable<unknown>;
}

/** More than any server can have of anything: each of its sessions takes a file descriptor. */
const MOST_ROWS = 2 ** 20;

// All that servers write around a table. What looks otherwise is read as a whole.
const BEFORE = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"id"\s*:\s*\d+\s*,\s*)?"result"\s*:\s*\[(?=\s*[[{])/;
const AFTER = /\](?:\s*,\s*"id"\s*:\s*\d+)?\s*\}\s*$/;
const LONGEST_AROUND = 200;

/** The table in a line; `undefined` where there is none. A row that has to be parsed has to be within the limits. */
export function tableIn(line: Buffer, limits: ParseLimits): Table | undefined {
  const before = BEFORE.exec(line.toString('latin1', 0, LONGEST_AROUND))?.[0];
  if (before === undefined) return undefined;
  const after = AFTER.exec(line.toString('latin1', Math.max(before.length, line.length - LONGEST_AROUND)))?.[0];
  if (after === undefined) return undefined;
  const rows = { [Symbol.iterator]: () => readRows(line, before.length, line.length - after.length, limits) };
  return { around: before + after, rows };
}

/** The rows between two places of a line. Behind the last one there is still the bracket that closes the table, so that nothing ends there. */
function* readRows(line: Buffer, start: number, end: number, limits: ParseLimits): Generator<unknown, void, void> {
  const plain = new PlainRow(line);
  let at = behindSpace(line, start);
  for (let rows = 1; ; rows += 1) {
    if (rows > MOST_ROWS) throw new RpcError('too_large', `the reply has over ${MOST_ROWS} rows`);
    let row: unknown = plain;
    let behind = plain.read(at);
    if (behind === NOT_PLAIN) {
      const size = measure(line, at);
      behind = size.end;
      row = isWithin(limits, size) ? parseJson(line.toString('utf8', at, behind)) : undefined;
    }
    if (behind > end) throw notJson();
    yield row;
    at = behindSpace(line, behind);
    if (at === end) return;
    if (line[at] !== COMMA) throw notJson();
    at = behindSpace(line, at + 1);
  }
}

const [TAB, RETURN, SPACE, COMMA] = [9, 13, 32, 44];

function behindSpace(bytes: Buffer, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte === SPACE || byte === TAB || byte === RETURN; byte = bytes[at]) at += 1;
  return at;
}
