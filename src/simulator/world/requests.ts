// The requests of clients: how large and expensive each kind is, and what it changes.
import { type CacheName, count, type Session, type World } from './world.ts';

/** A kind of request: its sizes in bytes, its cost, and what it changes. */
interface RequestKind {
  readonly method: string;
  readonly received: number;
  readonly sent: number;
  readonly cost: number;
  readonly leaves?: 'scripthash' | 'outpoint' | 'tx' | 'error';
  readonly cache?: CacheName;
  /** How often it is sent, relative to other kinds; 1 if not given. */
  readonly weight?: number;
}

/** Of an address without a history. */
const SUBSCRIBE: RequestKind = {
  method: 'blockchain.scripthash.subscribe',
  received: 153,
  sent: 75,
  cost: 1.2,
  leaves: 'scripthash',
  cache: 'history',
};

const REQUESTS: readonly [RequestKind, ...RequestKind[]] = [
  SUBSCRIBE,
  { ...SUBSCRIBE, sent: 139 },
  { method: 'blockchain.scripthash.get_history', received: 154, sent: 1870, cost: 2.5, cache: 'history' },
  { method: 'blockchain.scripthash.get_balance', received: 155, sent: 71, cost: 1.1, cache: 'history' },
  { method: 'blockchain.transaction.get', received: 146, sent: 830, cost: 1 },
  { method: 'blockchain.transaction.get_merkle', received: 160, sent: 950, cost: 1.5, cache: 'merkle' },
  { method: 'blockchain.transaction.id_from_pos', received: 120, sent: 102, cost: 1, cache: 'txids' },
  { method: 'blockchain.transaction.broadcast', received: 720, sent: 102, cost: 0.4, leaves: 'tx' },
  { method: 'blockchain.outpoint.subscribe', received: 180, sent: 90, cost: 1, leaves: 'outpoint', cache: 'txo' },
  { method: 'blockchain.estimatefee', received: 77, sent: 52, cost: 2, cache: 'estimatefee' },
  { method: 'blockchain.headers.subscribe', received: 68, sent: 250, cost: 0.25 },
  { method: 'server.ping', received: 54, sent: 39, cost: 0.1, weight: 2 },
  { method: 'invalid method', received: 70, sent: 96, cost: 100, leaves: 'error', weight: 0.1 },
];

const TOTAL_WEIGHT = REQUESTS.reduce((so, { weight = 1 }) => so + weight, 0);

const HANDSHAKE: RequestKind = { method: 'server.version', received: 96, sent: 66, cost: 0.5 };
const BYTE_COST = 1e-5;

/** The first requests of a client: the handshake, then subscriptions to its addresses. */
export function greet(world: World, session: Session): void {
  countRequest(world, session, HANDSHAKE);
  for (let addresses = world.random.below(20); addresses > 0; addresses--) perform(world, session, SUBSCRIBE);
}

/** Lets a client send a request. */
export function sendRequest(world: World, session: Session): void {
  let rest = world.random.next() * TOTAL_WEIGHT;
  perform(world, session, REQUESTS.find(({ weight = 1 }) => (rest -= weight) < 0) ?? REQUESTS[0]);
}

function perform(world: World, session: Session, request: RequestKind): void {
  countRequest(world, session, request);
  if (request.leaves === 'scripthash') session.scripthashes++;
  if (request.leaves === 'outpoint') session.outpoints++;
  if (request.leaves === 'error') session.errors++;
  if (request.leaves === 'tx') {
    session.txsSent++;
    world.txsSent++;
  }
  if (request.cache) lookUp(world, request.cache);
}

/** Counts a request that was answered. */
function countRequest(world: World, session: Session, { method, received, sent, cost }: RequestKind): void {
  count(world.requestCounts, method);
  count(session.requestCounts, method);
  session.received.count++;
  session.received.bytes += received;
  session.sent.count++;
  session.sent.bytes += sent;
  session.lastReceived = world.time;
  session.cost += (cost + (received + sent) * BYTE_COST) * world.conditions.costFactor;
}

function lookUp(world: World, name: CacheName): void {
  const cache = world.caches[name];
  cache.lookups++;
  if (world.random.chance(0.6) && cache.entries > 0) cache.hits++;
  else cache.entries = Math.min(1000, cache.entries + 1);
}
