// JSON as Python writes it: floats keep their point, everything outside ASCII is escaped, and old servers add spaces.

const FLOAT = Symbol('float');

/** A number that is a float on the server: 0 is written as `0.0`. Plain numbers are ints and must be whole. */
export interface Float {
  readonly [FLOAT]: number;
}

export type Json = null | boolean | number | string | Float | readonly Json[] | { readonly [key: string]: Json };

/** A number that is written with a decimal point. */
export const float = (value: number): Float => ({ [FLOAT]: value });

/** The result of Python's `sum`: the int 0 if nothing was added, else a float. */
export const sum = (value: number): Json => (value === 0 ? 0 : float(value));

/** Encodes a value. Compact JSON has no space after `,` and `:`. */
export function encode(value: Json, { compactJson }: { readonly compactJson: boolean }): string {
  const comma = compactJson ? ',' : ', ';
  const colon = compactJson ? ':' : ': ';
  const write = (item: Json): string => {
    if (typeof item === 'string') return text(item);
    if (item === null || typeof item !== 'object') return String(item);
    if (isList(item)) return `[${item.map(write).join(comma)}]`;
    if (isFloat(item)) return floatText(item[FLOAT]);
    return `{${Object.entries(item)
      .map(([key, field]) => text(key) + colon + write(field))
      .join(comma)}}`;
  };
  return write(value);
}

// The library's own test does not narrow readonly arrays.
const isList = (item: object): item is readonly Json[] => Array.isArray(item);
const isFloat = (item: object): item is Float => FLOAT in item;
const floatText = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function text(value: string): string {
  const escape = (char: string) => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0');
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, escape);
}

/** Any value as Python's `str` shows it: exact for strings, numbers and constants, as JSON for the rest. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Whether Python treats a value as true: not None, zero or empty. */
export function truthy(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

/** Python's name for the type of a JSON value. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (typeof value === 'object') return Array.isArray(value) ? 'list' : 'dict';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  return typeof value === 'boolean' ? 'bool' : 'str';
}
