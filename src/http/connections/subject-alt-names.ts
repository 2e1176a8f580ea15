// The names in a client's certificate, for client_allowed_sans.
import { isIPv6 } from 'node:net';

/** One entry: its kind, then its value, which Node puts in quotes if it holds anything that could be mistaken for a separator. */
const ENTRY = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;
const KINDS = ['DNS', 'email', 'IP Address', 'URI'];

/**
 * DNS names, e-mail addresses, URIs, and IP addresses in their shortest form, as Go compares them; from what Node calls the
 * `subjectAltName`. None at all if that cannot be read to its end.
 */
export function namesIn(subjectAltName: string | undefined): readonly string[] {
  const text = subjectAltName ?? '';
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < text.length) {
    const [, kind = '', value = ''] = ENTRY.exec(text) ?? [];
    if (kind === '') return [];
    const name = unquoted(value);
    if (name === undefined) return [];
    if (KINDS.includes(kind)) names.push(kind === 'IP Address' && isIPv6(name) ? shortest(name) : name);
  }
  return names;
}

function unquoted(value: string): string | undefined {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    return undefined;
  }
}

function shortest(ipv6: string): string {
  return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
}
