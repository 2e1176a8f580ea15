// A plain row of a table, such as [7,"T10","203.0.113.7:40098",5.25,0], read where it lies: only what is asked for is made of it.
import { textReader } from './texts.ts';

/** A row, to be read before the next one is. */
export interface Row {
  readonly length: number;
  /** Its numbers, rounded to the ninth decimal: what a float from Python has behind that is noise. NaN for a text. */
  readonly numbers: Float64Array;
  /** `undefined` for a number. */
  readonly text: (place: number) => string | undefined;
}

export interface PlainRows {
  /** the row that was read last */
  readonly row: Row;
  /** Reads the row that starts at a byte. Gives the byte behind it, or `NOT_PLAIN` if it is anything but numbers and simple texts. */
  readonly read: (start: number) => number;
}

export const NOT_PLAIN = -1;

/** Those of sessions have 15 cells; one with more is not plain. */
const MOST_CELLS = 32;

// Characters stand as numbers here: V8 looks constants up each time, which took a tenth of all.

/** Where the text of each cell starts and ends, and its number: NaN for a text. */
interface Cells {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly numbers: Float64Array;
}

export function plainRows(bytes: Buffer): PlainRows {
  const textAt = textReader(bytes);
  const numbers = new Float64Array(MOST_CELLS);
  const starts = new Int32Array(MOST_CELLS);
  const ends = new Int32Array(MOST_CELLS);
  const cells = { starts, ends, numbers };
  const row = {
    length: 0,
    numbers,
    text: (place: number) => {
      const isText = place < row.length && Number.isNaN(numbers[place]);
      return isText ? textAt(starts[place] ?? 0, ends[place] ?? 0) : undefined;
    },
  };
  const read = (start: number): number => {
    if (bytes[start] !== 91 /* [ */) return NOT_PLAIN;
    let at = start + 1;
    for (let cell = 0; cell < MOST_CELLS; cell += 1) {
      at = bytes[at] === 34 /* " */ ? readText(bytes, at, cells, cell) : readNumber(bytes, at, cells, cell);
      if (at === NOT_PLAIN) return NOT_PLAIN;
      const next = bytes[at];
      if (next === 93 /* ] */) {
        row.length = cell + 1;
        return at + 1;
      }
      if (next !== 44 /* , */) return NOT_PLAIN;
      at += bytes[at + 1] === 32 /* space */ ? 2 : 1; // Python writes one unless told otherwise
    }
    return NOT_PLAIN;
  };
  return { row, read };
}

/** A text that stands as it is: printable ASCII without escapes. Gives the byte behind its closing quote. */
function readText(bytes: Buffer, quote: number, { starts, ends, numbers }: Cells, cell: number): number {
  let at = quote + 1;
  for (let byte = bytes[at]; byte !== 34 /* " */; byte = bytes[at]) {
    if (byte === undefined || byte < 32 || byte > 126 || byte === 92 /* \ */) return NOT_PLAIN;
    at += 1;
  }
  starts[cell] = quote + 1;
  ends[cell] = at;
  numbers[cell] = NaN;
  return at + 1;
}

const MOST_DECIMALS = 9;
const POWERS_OF_10 = Array.from({ length: MOST_DECIMALS + 1 }, (_, exponent) => 10 ** exponent);

/** A number without exponent that a double can hold with its decimals. Gives the byte behind it. */
function readNumber(bytes: Buffer, start: number, { numbers }: Cells, cell: number): number {
  const first = bytes[start] === 45 /* - */ ? start + 1 : start;
  let at = first;
  let whole = 0;
  for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
    whole = whole * 10 + digit;
    at += 1;
  }
  const hasLeadingZero = bytes[first] === 48 /* 0 */ && at > first + 1;
  if (at === first || hasLeadingZero) return NOT_PLAIN;
  let power = 1;
  let decimals = 0;
  if (bytes[at] === 46 /* . */) {
    const point = at;
    at += 1;
    for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
      if (at <= point + MOST_DECIMALS) decimals = decimals * 10 + digit;
      else if (at === point + MOST_DECIMALS + 1 && digit >= 5) decimals += 1;
      at += 1;
    }
    if (at === point + 1) return NOT_PLAIN;
    power = POWERS_OF_10[Math.min(at - point - 1, MOST_DECIMALS)] ?? NaN;
  }
  const scaled = whole * power + decimals;
  if (!(scaled <= Number.MAX_SAFE_INTEGER)) return NOT_PLAIN;
  numbers[cell] = scaled === 0 ? 0 : (first === start ? scaled : -scaled) / power;
  return at;
}

/** -1 if there is none. */
function digitAt(bytes: Buffer, at: number): number {
  const digit = (bytes[at] ?? 0) - 48; /* 0 */
  return digit <= 9 ? digit : -1;
}
