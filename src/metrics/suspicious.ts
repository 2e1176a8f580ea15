// Strangers' text that is meant to do harm: not what is merely unknown, but what no honest software sends.
import type { Peers } from '../electrumx/peers.ts';
import type { Sessions } from '../electrumx/sessions.ts';

/** The longest that honest software sends. ElectrumX cuts names of clients at 17 characters, and nothing else. */
const LONGEST = { client: 100, protocol: 20, host: 253, software: 100 } as const;
type Kind = keyof typeof LONGEST;

/** Control and format characters, halves of pairs, and what has a meaning in markup, templates, queries or between quotes. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}<>"`\\{}]/u;

/** Whether somebody means harm by it, as far as the text alone can tell. */
export function isHostile(kind: Kind, text: string | undefined): boolean {
  return text !== undefined && (text.length > LONGEST[kind] || HARMFUL.test(text));
}

/** How many names and protocols of clients are hostile. */
export function hostileInSessions({ clients }: Sessions): number {
  return hostile('client', clients.byName) + hostile('protocol', clients.byProtocol);
}

function hostile(kind: Kind, counts: ReadonlyMap<string | undefined, number>): number {
  return [...counts].reduce((sum, [text, count]) => sum + (isHostile(kind, text) ? count : 0), 0);
}

/** How many hosts and names of software of peers are hostile. */
export function hostileInPeers({ rows }: Peers): number {
  return rows.reduce(
    (sum, { host, software }) => sum + Number(isHostile('host', host)) + Number(isHostile('software', software)),
    0,
  );
}
