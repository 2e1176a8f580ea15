// What `peers` says: the other servers that this one knows of.
import { fieldsOf, get, number, text } from './fields.ts';
import { cellsOf, sumUp, sumUpInTurns } from './rows.ts';
import type { Pause, Rows, Sums } from './rows.ts';

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
  return sumUp(reply, new PeerList()) ?? ofNicks(reply);
}

export async function decodePeersInTurns(reply: unknown, pause: Pause): Promise<Peers | undefined> {
  return (await sumUpInTurns(reply, new PeerList(), pause)) ?? ofNicks(reply);
}

function ofNicks(reply: unknown): Peers | undefined {
  return fieldsOf(reply) && { rows: [], badRows: 0 };
}

class PeerList implements Sums<Peers> {
  readonly #rows: Peer[] = [];
  #badRows = 0;

  take(peer: unknown): void {
    if (fieldsOf(peer) && !cellsOf(peer)) this.#rows.push(decodePeer(peer));
    else this.#badRows += 1;
  }

  result(): Peers {
    return { rows: this.#rows, badRows: this.#badRows };
  }
}

function decodePeer(peer: unknown): Peer {
  return {
    host: host(peer),
    status: status(peer),
    software: text('server_version')(get(peer, 'features')),
    lastGood: lastGood(peer) ?? 0,
  };
}
