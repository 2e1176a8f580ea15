// The subject alternative names of a client certificate, for client_allowed_sans.
import { isIPv6 } from 'node:net';

/** One entry: its kind, then its value, which Node quotes if it contains anything that looks like a separator. */
const ENTRY = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;
const KINDS = ['DNS', 'email', 'IP Address', 'URI'];

/**
 * DNS names, e-mail addresses, URIs and IP addresses (in their shortest form, as Go compares them) of the string that Node gives as
 * `subjectAltName`. Empty if any part of it cannot be parsed.
 */
export function parseSubjectAltNames(subjectAltName: string | undefined): readonly string[] {
  const source = subjectAltName ?? '';
  const names: string[] = [];
  ENTRY.lastIndex = 0;
  while (ENTRY.lastIndex < source.length) {
    const [, kind = '', value = ''] = ENTRY.exec(source) ?? [];
    if (kind === '') return [];
    const name = unquote(value);
    if (name === undefined) return [];
    if (KINDS.includes(kind)) names.push(kind === 'IP Address' && isIPv6(name) ? shorten(name) : name);
  }
  return names;
}

function unquote(value: string): string | undefined {
  if (!value.startsWith('"')) return value;
  try {
    return JSON.parse(value) as string;
  } catch {
    return undefined;
  }
}

function shorten(ipv6: string): string {
  return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
}
