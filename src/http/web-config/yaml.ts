// Reads a YAML mapping whose values are texts, lists and mappings, and notes what is wrong with it without repeating secrets.
import { LineCounter, parseDocument } from 'yaml';

/** Takes down a mistake; `key` is a dotted path, `value` is shown unless it looks like a secret. */
export type Complain = (key: string, value: string | undefined, problem: string) => void;

/** A mapping of the file, with the keys that it has: `at` is the path to it, empty at the top. */
export interface Section {
  readonly at: string;
  readonly entries: ReadonlyMap<string, unknown>;
}

/** The mapping that is the whole file, empty if the file is. With syntax errors: `undefined`, and every one of them noted. */
export function readYaml(text: string, complain: Complain): Section | undefined {
  const lineCounter = new LineCounter();
  // Without types every value is the text that stands there, as Go reads it into a string: 0 is "0", 007 is "007".
  const document = parseDocument(text, { schema: 'failsafe', merge: true, prettyErrors: false, lineCounter });
  for (const { code, pos } of document.errors) {
    const { line, col } = lineCounter.linePos(pos[0]);
    // The library's own words can repeat a piece of the file.
    complain('', undefined, `no YAML at line ${line}, column ${col}: ${code.toLowerCase().replaceAll('_', ' ')}`);
  }
  if (document.errors.length > 0) return undefined;
  try {
    return section('', document.toJS({ mapAsMap: true }), complain);
  } catch {
    complain('', undefined, 'no YAML: an alias (*name) stands for nothing, or for too much');
    return undefined;
  }
}

/** A value as a mapping; nothing, `null` and `~` are an empty one. */
export function section(at: string, value: unknown, complain: Complain): Section {
  const empty = { at, entries: new Map<string, unknown>() };
  if (isNothing(value)) return empty;
  if (!(value instanceof Map)) {
    complain(at, undefined, 'expected a mapping, key: value');
    return empty;
  }
  const entries = new Map<string, unknown>();
  for (const [key, inside] of value as ReadonlyMap<unknown, unknown>) {
    if (typeof key === 'string') entries.set(key, inside);
    else complain(at, undefined, 'expected texts as keys');
  }
  return { at, entries };
}

/** The value of a key as text, `undefined` if there is none. */
export function scalar({ at, entries }: Section, key: string, complain: Complain): string | undefined {
  const value = entries.get(key);
  if (isNothing(value)) return undefined;
  if (typeof value === 'string') return value;
  complain(join(at, key), undefined, 'expected one value');
  return undefined;
}

/** The value of a key as a list of texts, empty if there is none. */
export function list({ at, entries }: Section, key: string, complain: Complain): readonly string[] {
  const value = entries.get(key);
  if (isNothing(value)) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  complain(join(at, key), undefined, 'expected a list of texts');
  return [];
}

/** On unless said otherwise; in all the words that YAML 1.1 has for it, as the toolkit takes them. */
export function boolean(from: Section, key: string, complain: Complain): boolean {
  const text = scalar(from, key, complain);
  if (text === undefined || /^(y|yes|true|on)$/i.test(text)) return true;
  if (!/^(n|no|false|off)$/i.test(text)) complain(join(from.at, key), text, 'expected true or false');
  return false;
}

export function join(at: string, key: string): string {
  return at === '' ? shown(key) : `${at}.${shown(key)}`;
}

/** A text as it may stand in a message: one line, not too long, and nothing like a hash or a key. */
export function shown(text: string): string {
  const secret = /\p{Cc}|-----|\$\d\w?\$|^[\w+/=-]{50,}$/u.test(text) || text.length > 200;
  return secret ? '<hidden>' : text;
}

/** What counts as not given: no value, a blank one, null. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || ['', '~', 'null'].includes(value as string);
}
