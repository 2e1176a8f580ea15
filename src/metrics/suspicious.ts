// Untrusted strings that look like an attack: not what is merely unknown, but what ordinary software does not send.
import type { Peers } from '../electrumx/peers.ts';
import type { Sessions } from '../electrumx/sessions.ts';

/** The longest that ordinary software sends. ElectrumX cuts client names at 17 characters, and nothing else. */
const MAX_LENGTH = { client: 100, protocol: 20, host: 253, software: 100 } as const;
type Kind = keyof typeof MAX_LENGTH;

/** Control and format characters, lone surrogates, and characters with a meaning in markup, templates, queries or quoted strings. */
const SUSPICIOUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>"`\\{}]/u;

/** Whether a string looks like an attack. */
export function isSuspicious(kind: Kind, text: string | undefined): boolean {
  return text !== undefined && (text.length > MAX_LENGTH[kind] || SUSPICIOUS.test(text));
}

/** How many names and protocols of clients are suspicious. */
export function suspiciousInSessions({ clients }: Sessions): number {
  return suspicious('client', clients.byName) + suspicious('protocol', clients.byProtocol);
}

function suspicious(kind: Kind, counts: ReadonlyMap<string | undefined, number>): number {
  return [...counts].reduce((sum, [text, count]) => sum + (isSuspicious(kind, text) ? count : 0), 0);
}

/** How many hosts and names of software of peers are suspicious. */
export function suspiciousInPeers({ rows }: Peers): number {
  return rows.reduce(
    (sum, { host, software }) => sum + Number(isSuspicious('host', host)) + Number(isSuspicious('software', software)),
    0,
  );
}
