// Reads a YAML mapping whose values are strings, lists and mappings, and reports what is wrong with it without repeating secrets.
import { LineCounter, parseDocument } from 'yaml';

/** Records an error; `key` is a dotted path, `value` is shown unless it looks like a secret. */
export type Report = (key: string, value: string | undefined, problem: string) => void;

/** A mapping of the file; `at` is the path to it, empty at the top. */
export interface Section {
  readonly at: string;
  readonly entries: ReadonlyMap<string, unknown>;
}

/** The whole file as a mapping, empty if the file is. `undefined` after syntax errors, each of which is reported. */
export function readYaml(source: string, report: Report): Section | undefined {
  const lineCounter = new LineCounter();
  // Without types every value stays the string in the file, as Go reads it into a string: 0 is "0", 007 is "007".
  const document = parseDocument(source, { schema: 'failsafe', merge: true, prettyErrors: false, lineCounter });
  for (const { code, pos } of document.errors) {
    const { line, col } = lineCounter.linePos(pos[0]);
    // The library's message is not shown: it can repeat a piece of the file.
    report('', undefined, `invalid YAML at line ${line}, column ${col}: ${code.toLowerCase().replaceAll('_', ' ')}`);
  }
  if (document.errors.length > 0) return undefined;
  try {
    return section('', document.toJS({ mapAsMap: true }), report);
  } catch {
    report('', undefined, 'invalid YAML: an alias (*name) without an anchor, or aliases that expand too far');
    return undefined;
  }
}

/** A value as a mapping; a missing value, `null` and `~` are an empty one. */
export function section(at: string, value: unknown, report: Report): Section {
  const empty = { at, entries: new Map<string, unknown>() };
  if (isUnset(value)) return empty;
  if (!(value instanceof Map)) {
    report(at, undefined, 'expected a mapping, key: value');
    return empty;
  }
  const entries = new Map<string, unknown>();
  for (const [key, inside] of value as ReadonlyMap<unknown, unknown>) {
    if (typeof key === 'string') entries.set(key, inside);
    else report(at, undefined, 'expected strings as keys');
  }
  return { at, entries };
}

/** The value of a key as a string, `undefined` if it is not set. */
export function scalar({ at, entries }: Section, key: string, report: Report): string | undefined {
  const value = entries.get(key);
  if (isUnset(value)) return undefined;
  if (typeof value === 'string') return value;
  report(join(at, key), undefined, 'expected a single value');
  return undefined;
}

/** The value of a key as a list of strings, empty if it is not set. */
export function list({ at, entries }: Section, key: string, report: Report): readonly string[] {
  const value = entries.get(key);
  if (isUnset(value)) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  report(join(at, key), undefined, 'expected a list of strings');
  return [];
}

/** True by default. Takes every spelling of YAML 1.1, as exporter-toolkit does. */
export function boolean(from: Section, key: string, report: Report): boolean {
  const value = scalar(from, key, report);
  if (value === undefined || /^(y|yes|true|on)$/i.test(value)) return true;
  if (!/^(n|no|false|off)$/i.test(value)) report(join(from.at, key), value, 'expected true or false');
  return false;
}

/** The dotted path of a key inside a section. */
export function join(at: string, key: string): string {
  return at === '' ? redacted(key) : `${at}.${redacted(key)}`;
}

/** A string of the file for a message: one line of at most 200 characters, and `<hidden>` if it looks like a hash or a key. */
export function redacted(value: string): string {
  const secret = /\p{Cc}|-----|\$\d\w?\$|^[\w+/=-]{50,}$/u.test(value) || value.length > 200;
  return secret ? '<hidden>' : value;
}

/** Whether a value counts as not given: missing, blank, `~` or `null`. */
export function isUnset(value: unknown): boolean {
  return value === undefined || value === null || ['', '~', 'null'].includes(value as string);
}
