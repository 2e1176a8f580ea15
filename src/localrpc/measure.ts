// How large a JSON value is before it is parsed: many small values take fifty times the memory of their text, and seconds.

/** Of what may be parsed at a time. */
export interface ParseLimits {
  readonly maxParsedBytes: number;
  /** numbers, texts, keys, lists and objects in one value, whatever it is nested in */
  readonly maxParsedValues: number;
}

/** Where a value starts and ends in the bytes, and how many values are in it: about right if it is JSON, and at least linear if not. */
export interface Size {
  readonly start: number;
  readonly end: number;
  readonly values: number;
}

const [QUOTE, COMMA, COLON, BACKSLASH] = [34, 44, 58, 92];
const [BRACKET, CLOSING_BRACKET, BRACE, CLOSING_BRACE] = [91, 93, 123, 125];

/**
 * Finds the end of the value that starts at `start`: it is behind the bracket that closes its first one, or at what stands behind a value
 * without brackets. Whatever else can be wrong with it shows when it is parsed.
 */
export function measure(bytes: Buffer, start: number): Size {
  let depth = 0;
  let values = 1;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = closingQuote(bytes, at);
    } else if (byte === BRACKET || byte === BRACE) {
      depth += 1;
      values += 1;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) {
      if (depth <= 1) return { start, end: at + depth, values };
      depth -= 1;
    } else if (byte === COMMA || byte === COLON) {
      if (depth === 0) return { start, end: at, values };
      values += 1;
    }
  }
  return { start, end: bytes.length, values };
}

export function isWithin({ maxParsedBytes, maxParsedValues }: ParseLimits, { start, end, values }: Size): boolean {
  return end - start <= maxParsedBytes && values <= maxParsedValues;
}

function closingQuote(bytes: Buffer, quote: number): number {
  let at = quote + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
