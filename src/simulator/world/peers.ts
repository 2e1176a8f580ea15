// The peers of the server: which there are, when they are tried, which answer.
import type { Json } from '../replies/json.ts';
import { hostilePeers } from './hostile.ts';
import type { Peer, World } from './world.ts';

const PEERS = 24;
const VERIFY_EVERY = 3 * 3600 - 600;
const RETRY_AFTER = 300;

/** The name that this server reports for itself. It is one of its peers. */
export const SERVER_HOST = 'electrum0.example.org';

/** The peers that a process starts with: most good, some stale, some never seen, one bad. The first is the server itself. */
export function somePeers({ random, startedAt }: World): Peer[] {
  return Array.from({ length: PEERS }, (_, n) => {
    const onion = n % 6 === 5;
    const host = onion ? `peer${n}`.padEnd(56, 'abcdefgh') + '.onion' : `electrum${n}.example.org`;
    const peer = peerFromRealName(`${host} v1.4.2 ${onion ? 't' : 's t'}`, 'coins.py');
    const [lastTry, nextTry] = [startedAt - random.below(3600), startedAt + random.below(VERIFY_EVERY)];
    if (n % 5 === 4) return { ...peer, lastTry, nextTry, tryCount: 1 + random.below(4) };
    const known = { ...verified(peer, lastTry, onion ? null : `198.18.255.${n + 1}`), nextTry };
    if (n === 1) return { ...known, lastGood: startedAt - 2 * 86_400 };
    return { ...known, reachable: true, bad: n === 2 };
  });
}

/** A peer after it has answered. */
function verified(peer: Peer, at: number, ip: string | null): Peer {
  const hosts: Json = { [peer.host]: { tcp_port: 50001, ssl_port: peer.host.endsWith('.onion') ? null : 50002 } };
  const features = {
    hosts,
    pruning: null,
    server_version: 'ElectrumX 1.16.0',
    protocol_min: '1.4',
    protocol_max: '1.4.2',
    genesis_hash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
    hash_function: 'sha256',
    services: [`tcp://${peer.host}:50001`],
  };
  return { ...peer, features, source: 'peer', ip, lastGood: at, lastTry: at, tryCount: 0 };
}

const DEFAULT_PORTS = { s: '50002', t: '50001' } as const;

/** Reads a name such as `ecdsa.net v1.0 s110 t`: host, protocol, ports of SSL and TCP. */
export function peerFromRealName(name: string, source: string): Peer {
  const [host = 'nohost', ...parts] = name.split(/\s+/).filter(Boolean);
  const features: Record<string, Json> = {};
  const ports: Record<string, Json> = {};
  for (const part of parts) {
    const [letter, rest] = [part[0], part.slice(1)];
    if (letter === 's') ports['ssl_port'] = rest || DEFAULT_PORTS.s;
    if (letter === 't') ports['tcp_port'] = rest || DEFAULT_PORTS.t;
    if (letter === 'v') features['protocol_max'] = features['protocol_min'] = rest;
    if (letter === 'p') features['pruning'] = rest;
  }
  return newPeer(host, { ...features, ...ports, hosts: { [host]: ports } }, source);
}

function newPeer(host: string, features: Peer['features'], source: string): Peer {
  const unknown = { ip: null, lastGood: 0, lastTry: 0, tryCount: 0, bad: false, reachable: false, nextTry: Infinity };
  return { host, features, source, ...unknown };
}

/** Adds a peer, to be tried soon; one that is known already is ignored. */
export function addPeer(world: World, peer: Peer): void {
  if (world.peers.some(({ host }) => host === peer.host)) return;
  world.peers.push({ ...peer, nextTry: world.time + 10 });
}

/** Simulates one second: tries the peers that are due. */
export function advancePeers(world: World): void {
  if (world.conditions.peers === 'untried') return;
  world.peers = world.peers.map((peer) => (peer.nextTry <= world.time ? tried(world, peer) : peer));
}

/** Whether the scenario lets a peer be reached. */
function answers({ host }: Peer, { conditions: { peers } }: World): boolean {
  return peers === 'all' || (peers === 'others' && host !== SERVER_HOST);
}

function tried(world: World, peer: Peer): Peer {
  const { time, random } = world;
  if (peer.reachable && answers(peer, world)) {
    const ip = peer.host.endsWith('.onion') ? null : `198.18.255.${1 + random.below(254)}`;
    return { ...verified(peer, time, peer.ip ?? ip), bad: peer.bad, nextTry: time + VERIFY_EVERY };
  }
  const tryCount = peer.tryCount + 1;
  return { ...peer, lastTry: time, tryCount, nextTry: time + RETRY_AFTER * 2 ** Math.min(tryCount, 6) };
}

const TWO_DAYS = 2 * 86_400;
/** Longer than the interval of the checks, shorter than the time after which a peer is stale. */
const TWO_AND_A_HALF_HOURS = 2.5 * 3600;

/** Applies a scenario to the peers at once: lost or found again, with or without hostile ones. */
export function settlePeers(world: World): void {
  const { conditions, time } = world;
  const hostile = hostilePeers();
  const others = world.peers.filter((peer) => !hostile.some(({ host }) => host === peer.host));
  world.peers = others.map((peer) => {
    if (conditions.peers === 'untried')
      return { ...peer, lastGood: Math.min(peer.lastGood, time - TWO_AND_A_HALF_HOURS) };
    if (!answers(peer, world))
      return peer.lastGood ? { ...peer, lastGood: time - TWO_DAYS, lastTry: time, tryCount: 1 } : peer;
    return peer.reachable && peer.lastGood <= time - TWO_AND_A_HALF_HOURS ? tried(world, peer) : peer;
  });
  if (!conditions.hostile) return;
  for (const { host, features } of hostile) {
    world.peers.push({ ...newPeer(host, features, host), lastTry: time, tryCount: 1 });
  }
}
