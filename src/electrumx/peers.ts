// What `peers` says: the other servers that this one knows.
import { BlockList, isIP } from 'node:net';
import { fieldsOf, number, text } from './fields.ts';
import type { Rows } from './rows.ts';

/** One peer. All strings are untrusted input. */
export interface Peer {
  readonly host: string | undefined;
  readonly status: string | undefined;
  /** `features.server_version`, such as `ElectrumX 1.16.0` */
  readonly software: string | undefined;
  /** `features.protocol_max`, such as `1.4.2`. Until the peer is reached, it is what the server was given with the peer's name */
  readonly protocolMax: string | undefined;
  /** seconds since the epoch; 0 = never verified */
  readonly lastGood: number;
  /** seconds since the epoch; 0 = never tried */
  readonly lastTry: number;
  /** tries since the last successful one, a try in progress included */
  readonly tries: number | undefined;
}

export type Peers = Rows<Peer>;

const lastGood = number('last_good', 'last_connect');
const lastTry = number('last_try');
const tries = number('try_count');
const host = text('host');
const status = text('status');
const serverVersion = text('features/server_version');
const protocolMax = text('features/protocol_max');

/** Decodes a `peers` result: a list since 0.11. Older servers reply with a dict of IRC nicks, of which nothing is exported. */
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
    protocolMax: protocolMax(peer),
    lastGood: lastGood(peer) ?? 0,
    lastTry: lastTry(peer) ?? 0,
    tries: tries(peer),
  };
}

/** The network that a peer is reached in. */
export type Network = 'clearnet' | 'onion';

/** The network of a host name or an address. */
export function networkOf(host: string): Network {
  return /\.onion\.?$/i.test(host) ? 'onion' : 'clearnet';
}

function privateNetworks(): BlockList {
  const networks = new BlockList();
  networks.addSubnet('10.0.0.0', 8);
  networks.addSubnet('100.64.0.0', 10);
  networks.addSubnet('127.0.0.0', 8);
  networks.addSubnet('169.254.0.0', 16);
  networks.addSubnet('172.16.0.0', 12);
  networks.addSubnet('192.168.0.0', 16);
  networks.addAddress('::1', 'ipv6');
  networks.addSubnet('fc00::', 7, 'ipv6');
  networks.addSubnet('fe80::', 10, 'ipv6');
  return networks;
}

const PRIVATE = privateNetworks();

/** Whether ElectrumX lists a server under this host: it lists none with an address of a private network (`is_public` in lib/peer.py). */
export function isListable(host: string): boolean {
  const version = isIP(host);
  return version === 0 || !PRIVATE.check(host, version === 6 ? 'ipv6' : 'ipv4');
}
