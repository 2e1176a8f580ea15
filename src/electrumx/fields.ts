// Readers for single fields of a reply. A field that is missing or of another type is absent: `undefined`, never 0.

/** A JSON object. Its keys are untrusted: read them with `get` only. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object with keys, or `undefined` for arrays, null and everything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The value at a path of own keys, such as `['sessions', 'count']`. */
export function get(source: unknown, ...path: string[]): unknown {
  let value = source;
  for (const key of path) {
    const fields = fieldsOf(value);
    if (!fields || !Object.hasOwn(fields, key)) return undefined;
    value = fields[key];
  }
  return value;
}

/** A number up to 2^53, else `undefined`: no server has more of anything, and a counter would never recover. */
export function toNumber(value: unknown): number | undefined {
  return isNumber(value) ? value : undefined;
}

/** Whether a value is a number up to 2^53. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Reads the first of several spellings of one number; `'sessions/count'` is a key inside a key. */
export function number(...spellings: string[]): (source: unknown) => number | undefined {
  return firstOf(spellings, toNumber);
}

/** Reads the first of several spellings of one string. */
export function text(...spellings: string[]): (source: unknown) => string | undefined {
  return firstOf(spellings, toText);
}

function firstOf<T>(spellings: string[], convert: (value: unknown) => T | undefined) {
  const paths = spellings.map((spelling) => spelling.split('/'));
  return (source: unknown): T | undefined => {
    for (const path of paths) {
      const value = convert(get(source, ...path));
      if (value !== undefined) return value;
    }
    return undefined;
  };
}
