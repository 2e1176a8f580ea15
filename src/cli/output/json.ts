// JSON in and out as Python does it: 0 and 0.0 stay different, and integers over 2^53 keep their digits.

/** A JSON value. Python's int is a `bigint`, Python's float a `number`. */
export type Json = null | boolean | string | bigint | number | readonly Json[] | { readonly [key: string]: Json };

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|NaN/g;

/**
 * Parses JSON that may contain Python's NaN and Infinity, as `peers` does when a peer sends them. Throws a SyntaxError.
 * Node 20's JSON.parse gives revivers the number but not its digits. So each number is passed through as a string, and a first
 * letter marks what each string is.
 */
export function parseLossless(text: string): Json {
  const tagged = text.replace(TOKEN, (token: string, colon?: string) => {
    if (colon !== undefined) return token;
    if (token.startsWith('"')) return `"s${token.slice(1)}`;
    return `"${/^-?\d+$/.test(token) ? 'i' : 'f'}${token}"`;
  });
  return JSON.parse(tagged, (_key, value: unknown) => (typeof value === 'string' ? untag(value) : value)) as Json;
}

function untag(tagged: string): string | bigint | number {
  const text = tagged.slice(1);
  if (tagged.startsWith('i')) return BigInt(text);
  return tagged.startsWith('f') ? Number(text) : text;
}

/** One line, as Python's `json.dumps(value)`: ASCII only. Keys are in the order of the reply, except that integers come first. */
export function compactJson(value: Json): string {
  if (isList(value)) return `[${value.map(compactJson).join(', ')}]`;
  if (!isObject(value)) return scalar(value);
  const items = Object.entries(value).map(([key, item]) => `${quote(key)}: ${compactJson(item)}`);
  return `{${items.join(', ')}}`;
}

/** As Python's `json.dumps(value, indent=4, sort_keys=True)`: ASCII only, keys sorted by code point. */
export function prettyJson(value: Json, margin = '\n'): string {
  const inner = `${margin}    `;
  const between = (items: readonly string[]) => inner + items.join(`,${inner}`) + margin;
  if (isList(value)) return value.length === 0 ? '[]' : `[${between(value.map((item) => prettyJson(item, inner)))}]`;
  if (!isObject(value)) return scalar(value);
  const entries = Object.entries(value).sort(([a], [b]) => compareCodePoints(a, b));
  const items = entries.map(([key, item]) => `${quote(key)}: ${prettyJson(item, inner)}`);
  return items.length === 0 ? '{}' : `{${between(items)}}`;
}

/** Python's `repr` of a float: the same shortest digits as in JavaScript, with other rules for the exponent. */
export function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Whether a value is a JSON array. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Whether a value is a JSON object. */
export function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function scalar(value: null | boolean | string | bigint | number): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? pythonFloat(value) : String(value);
}

function quote(text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, escape);
}

/** Python's order of strings. JavaScript compares UTF-16 units, which puts U+FFxx after an emoji. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a, codePoint);
  const right = Array.from(b, codePoint);
  const difference = left.findIndex((point, i) => point !== right[i]);
  return difference === -1 ? left.length - right.length : (left[difference] ?? 0) - (right[difference] ?? -1);
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
