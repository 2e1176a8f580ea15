// A plain row of a table, such as [7,"T10","203.0.113.7:40098",5.25,0], read where it lies: only what is asked for is made of it.
import { TextReader } from './texts.ts';

/** A row, to be read before the next one is. */
export interface Row {
  readonly length: number;
  /** Its numbers, rounded to the ninth decimal: what a float from Python has behind that is noise. NaN for a text. */
  readonly numbers: Float64Array;
  /** a bit for each cell that is a text: 1 for the first one, 2 for the second one, 4 for the third one */
  readonly notNumbers: number;
  /** `undefined` for a number. */
  text(place: number): string | undefined;
}

export const NOT_PLAIN = -1;

/** Those of sessions have 15 cells; one with more is not plain. */
const MOST_CELLS = 32;

/** The rest of a number's decimals is noise. */
const MOST_DECIMALS = 9;
const POWERS_OF_10 = Array.from({ length: MOST_DECIMALS + 1 }, (_, exponent) => 10 ** exponent);

/** How far a double can be from its text, as a part of it, in thousandths of the last decimal; with a factor of two to spare. */
const INEXACT = 2 ** -52 * 10 ** MOST_DECIMALS * 1000;

/** 1 for a character that stands in a text as it is: printable ASCII but for the quote and the backslash. */
const STANDS = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[ !#-[\]-~]/.test(String.fromCharCode(byte))));

// Characters stand as numbers here, and constants above the functions: V8 looks them up each time, which took a tenth of all.

/** The rows of `bytes`, one after the other. A class: ADR 8 says why. */
export class PlainRow implements Row {
  length = 0;
  notNumbers = 0;
  readonly numbers = new Float64Array(MOST_CELLS);
  readonly #starts = new Int32Array(MOST_CELLS);
  readonly #ends = new Int32Array(MOST_CELLS);
  readonly #bytes: Buffer;
  readonly #texts: TextReader;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#texts = new TextReader(bytes);
  }

  text(place: number): string | undefined {
    const isText = place < this.length && this.notNumbers & (1 << place);
    return isText ? this.#texts.textAt(this.#starts[place] ?? 0, this.#ends[place] ?? 0) : undefined;
  }

  /** Reads the row that starts at a byte. Gives the byte behind it, or `NOT_PLAIN` if it is anything but numbers and simple texts. */
  read(start: number): number {
    const bytes = this.#bytes;
    const numbers = this.numbers;
    const starts = this.#starts;
    const ends = this.#ends;
    if (bytes[start] !== 91 /* [ */) return NOT_PLAIN;
    let at = start + 1;
    this.notNumbers = 0;
    for (let cell = 0; cell < MOST_CELLS; cell += 1) {
      if (bytes[at] === 34 /* " */) {
        starts[cell] = at + 1;
        at = endOfText(bytes, at + 1);
        if (bytes[at] !== 34) return NOT_PLAIN;
        ends[cell] = at;
        numbers[cell] = NaN;
        this.notNumbers |= 1 << cell;
        at += 1;
      } else {
        const first = bytes[at] === 45 /* - */ ? at + 1 : at;
        const isNegative = first > at;
        let whole = 0;
        for (at = first; isDigit(bytes[at] ?? 0); at += 1) whole = whole * 10 + ((bytes[at] ?? 0) - 48);
        const hasLeadingZero = bytes[first] === 48 /* 0 */ && at > first + 1;
        if (at === first || hasLeadingZero || whole > Number.MAX_SAFE_INTEGER) return NOT_PLAIN;
        numbers[cell] = whole;
        if (bytes[at] === 46 /* . */) at = readDecimals(bytes, at + 1, numbers, cell);
        if (isNegative) numbers[cell] = 0 - (numbers[cell] ?? 0); // the other minus would make -0 of 0
      }
      const next = bytes[at];
      if (next === 93 /* ] */) {
        this.length = cell + 1;
        return at + 1;
      }
      if (next !== 44 /* , */) return NOT_PLAIN;
      at += bytes[at + 1] === 32 /* space */ ? 2 : 1; // Python writes one unless told otherwise
    }
    return NOT_PLAIN;
  }
}

function endOfText(bytes: Buffer, start: number): number {
  let at = start;
  while (STANDS[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= 48 /* 0 */ && byte <= 57; /* 9 */
}

/** Adds decimals to the whole part in `numbers`. Gives the byte behind them; a double has to hold the number with them. */
function readDecimals(bytes: Buffer, start: number, numbers: Float64Array, cell: number): number {
  const end = start + MOST_DECIMALS;
  let decimals = 0;
  let at = start;
  for (; at < end && isDigit(bytes[at] ?? 0); at += 1) decimals = decimals * 10 + ((bytes[at] ?? 0) - 48);
  if (at === start) return NOT_PLAIN;
  const power = POWERS_OF_10[at - start] ?? NaN;
  if (at === end && isDigit(bytes[at] ?? 0)) {
    let rest = 0;
    for (let weight = 100; isDigit(bytes[at] ?? 0); at += 1, weight = Math.floor(weight / 10)) {
      rest += ((bytes[at] ?? 0) - 48) * weight;
    }
    // Near the middle the double decides, of which this text is only a neighbour: JSON.parse knows it.
    if (Math.abs(rest - 500) <= 1 + ((numbers[cell] ?? 0) + 1) * INEXACT) return NOT_PLAIN;
    if (rest > 500) decimals += 1;
  }
  const scaled = (numbers[cell] ?? 0) * power + decimals;
  if (scaled > Number.MAX_SAFE_INTEGER) return NOT_PLAIN;
  numbers[cell] = scaled / power;
  return at;
}
