// What `peers` says: the other servers that this one knows of.
import { fieldsOf, number, text } from './fields.ts';
import type { Rows } from './rows.ts';

/** One peer. All strings are untrusted input. */
export interface Peer {
  readonly host: string | undefined;
  readonly status: string | undefined;
  /** `features.server_version`, such as `ElectrumX 1.16.0` */
  readonly software: string | undefined;
  /** seconds since the epoch; 0 = never verified */
  readonly lastGood: number;
}

export type Peers = Rows<Peer>;

const lastGood = number('last_good', 'last_connect');
const host = text('host');
const status = text('status');
const serverVersion = text('features/server_version');

/** Decodes a `peers` result: a list since 0.11. Older servers answer with a dict of IRC nicks, which says nothing of use. */
export function decodePeers(reply: unknown): Peers | undefined {
  if (!Array.isArray(reply)) return fieldsOf(reply) && { rows: [], badRows: 0 };
  const rows = (reply as unknown[]).filter((peer) => fieldsOf(peer) !== undefined).map(decodePeer);
  return { rows, badRows: reply.length - rows.length };
}

function decodePeer(peer: unknown): Peer {
  return {
    host: host(peer),
    status: status(peer),
    software: serverVersion(peer),
    lastGood: lastGood(peer) ?? 0,
  };
}
