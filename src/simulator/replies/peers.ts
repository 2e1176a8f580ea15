// The reply to `peers`, in any era.
import { type Era, RULES, since } from '../eras.ts';
import { onTheClock, type Peer, type World } from '../world/world.ts';
import { float, type Json } from './json.ts';

type Status = 'bad' | 'good' | 'never' | 'stale';

function statusOf({ bad, lastGood }: Peer, { now }: World, era: Era): Status {
  if (bad) return 'bad';
  if (lastGood > now - RULES[era].peerGoodFor) return 'good';
  return lastGood ? 'stale' : 'never';
}

/** How many peers have each status. */
export function peerCounts(world: World, era: Era): Readonly<Record<Status | 'total', number>> {
  const counts = { bad: 0, good: 0, never: 0, stale: 0, total: world.peers.length };
  for (const peer of world.peers) counts[statusOf(peer, world, era)]++;
  return counts;
}

/** Bad ones last, those seen last first. */
export function peerList(world: World, era: Era): Json {
  return world.peers
    .toSorted((a, b) => Number(a.bad) - Number(b.bad) || b.lastGood - a.lastGood)
    .map((peer) => ({
      host: peer.host,
      features: featuresOf(peer, era),
      source: peer.source,
      ip_addr: peer.ip,
      ...(era === 'B1' ? { good_ports: [] } : {}),
      last_good: peer.lastGood && float(onTheClock(world, peer.lastGood)),
      last_try: peer.lastTry && float(onTheClock(world, peer.lastTry)),
      try_count: peer.tryCount,
      status: statusOf(peer, world, era),
    }));
}

/** What the peer sent, with the server's reading of the fields that it knows put in. */
function featuresOf({ host, features }: Peer, era: Era): Json {
  const { pruning, server_version: version, protocol_min: min, protocol_max: max, hosts } = features;
  const ports = {
    ssl_port: portOf(hosts, host, 'ssl_port'),
    tcp_port: portOf(hosts, host, 'tcp_port'),
  };
  return {
    ...features,
    pruning: typeof pruning === 'number' ? pruning : null,
    server_version: typeof version === 'string' ? version : null,
    protocol_min: protocol(min),
    protocol_max: protocol(max),
    ...(since(era, 'B2') ? ports : {}),
  };
}

const protocol = (claimed: Json | undefined): string =>
  typeof claimed === 'string' && /^\d+(\.\d+)*$/.test(claimed) ? claimed : '0.0';

function portOf(hosts: Json | undefined, host: string, key: string): number | null {
  const ports = field(hosts, host);
  const port = Number(field(ports, key));
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

function field(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as { readonly [key: string]: Json })[key];
}
