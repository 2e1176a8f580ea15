// What `peers` says: the other servers that this one knows of.
import { fieldsOf, get, number, text } from './fields.ts';
import { slicesOf, type Rows } from './rows.ts';

/** One peer. All texts come from strangers. */
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

/** Decodes a `peers` result: a list since 0.11; older servers answer with a dict of IRC nicks, which tells nothing of use. */
export function decodePeers(reply: unknown): Peers | undefined {
  const slices = slicesOf(reply);
  if (!slices) return fieldsOf(reply) && { rows: [], badRows: 0 };
  const peers = [...slices].flat();
  const rows = peers.filter((peer) => fieldsOf(peer)).map(decodePeer);
  return { rows, badRows: peers.length - rows.length };
}

function decodePeer(peer: unknown): Peer {
  return {
    host: host(peer),
    status: status(peer),
    software: text('server_version')(get(peer, 'features')),
    lastGood: lastGood(peer) ?? 0,
  };
}
