// The made-up clients: when they connect, what they send, when they leave.
import { HOSTILE_CLIENTS, type Claim } from './hostile.ts';
import { greet, sendRequest } from './requests.ts';
import { addSession, closeSession, removeSession } from './sessions.ts';
import type { Session, Transport, World } from './world.ts';

const CLIENTS = [
  { client: 'electrum/4.5.5', protocol: '1.4.2' },
  { client: 'electrum/4.6.2', protocol: '1.6.0' },
  { client: '3.3.8', protocol: '1.4' },
  { client: 'BlueWallet', protocol: '1.4' },
  { client: 'sparrow/1.9.1', protocol: '1.4' },
  { client: 'Nunchuk', protocol: '1.4' },
  { client: 'bitcoinj', protocol: '1.2' },
  { client: 'all_seeing_eye', protocol: '1.4.2' },
  { client: 'ledger-live-3.2 (Linux, 64 bit)', protocol: '1.4' },
] as const satisfies readonly Claim[];

const TRANSPORTS = ['ssl', 'ssl', 'ssl', 'ssl', 'ssl', 'ssl', 'tcp', 'tcp', 'tcp', 'ws'] as const;

/** The sessions of invented clients. */
const clientsOf = (world: World): Session[] => [...world.sessions.values()].filter(({ invented }) => invented);

/** How many clients the scenario has. */
function wanted({ size, conditions: { population, extraClients, maxClients } }: World): number {
  return Math.min(maxClients, Math.round(size * population) + extraClients);
}

/** Simulates the clients for one second, which ends at `world.time`. */
export function advanceClients(world: World): void {
  const { conditions, random, time } = world;
  let present = 0;
  for (const session of world.sessions.values()) {
    if (Math.min(session.leavesAt, session.goneAt ?? Infinity) <= time) leave(world, session);
    else if (session.goneAt === Infinity) continue;
    else if (session.invented) {
      present++;
      if (session.client !== undefined && random.chance(conditions.activity)) sendRequest(world, session);
      session.waiting = random.times(conditions.pending);
    }
  }
  const missing = wanted(world) - present;
  const coming = random.times(present / conditions.stay + missing / 10);
  for (let n = Math.min(coming, conditions.maxClients - present); n > 0; n--)
    arrive(world, random.below(wanted(world)));
}

/** Ends a session. In a scenario that closes none, the session stays in the state closing. */
function leave(world: World, session: Session): void {
  if (world.conditions.closes || !session.invented) removeSession(world, session);
  else Object.assign(session, { leavesAt: Infinity, goneAt: Infinity });
}

/** Applies a scenario to the clients at once: their number, names and costs, and how many leave. */
export function settleClients(world: World, cost: number | undefined, leaving: number): void {
  for (const stuck of clientsOf(world).filter(({ goneAt }) => goneAt === Infinity)) removeSession(world, stuck);
  const clients = clientsOf(world);
  for (const late of clients.splice(Math.max(0, wanted(world)))) removeSession(world, late);
  for (const [n, session] of clients.entries()) {
    introduce(world, session, n);
    session.leavesAt = world.time + world.random.lasting(world.conditions.stay);
    if (cost !== undefined) session.cost = cost * (0.5 + world.random.next());
    session.waiting = world.random.times(world.conditions.pending);
  }
  for (let n = clients.length; n < wanted(world); n++) arrive(world, n, cost);
  for (const session of clientsOf(world).slice(0, leaving)) leave(world, session);
}

/** Connects a client. `number` selects its name, and whether it is one of the extra clients. */
function arrive(world: World, number: number, cost = 0): void {
  const { random, time, startedAt, size } = world;
  const { subnet, population, stay, pending } = world.conditions;
  const session = addSession(world, {
    transport: random.pick<Transport>(TRANSPORTS),
    address: subnet === null || number < size * population ? address(world) : `${subnet}.${1 + random.below(254)}`,
    port: 1024 + random.below(64_000),
    connectedAt: Math.max(startedAt, time - random.next()),
    invented: true,
    leavesAt: time + random.lasting(stay),
    cost,
    waiting: random.times(pending),
  });
  if (random.chance(0.02)) return;
  introduce(world, session, number);
  greet(world, session);
}

/** An address of the networks for benchmarks and documentation, or loopback for clients that use Tor. */
function address({ random }: World): string {
  if (random.chance(0.06)) return '127.0.0.1';
  const hex = (limit: number) => (1 + random.below(limit)).toString(16);
  if (random.chance(0.1)) return `2001:db8:${hex(200)}::${hex(9999)}`;
  return `198.${18 + random.below(2)}.${random.below(256)}.${1 + random.below(254)}`;
}

/** Gives a session the name and the protocol of a client of the scenario. */
function introduce({ conditions }: World, session: Session, number: number): void {
  const claims: readonly Claim[] = conditions.hostile ? HOSTILE_CLIENTS : CLIENTS;
  const claim = claims[number % claims.length] ?? CLIENTS[0];
  session.client = claim.client;
  session.protocol = claim.protocol;
}

/** Turns the logging of requests on or off, for present and future clients. */
export function logClients(world: World, logged: boolean): void {
  world.logNew = logged;
  for (const session of clientsOf(world)) session.logged = logged;
}

/** Closes connections that were idle for `timeout` seconds. Invented clients are never idle for that long. */
export function closeIdle(world: World, timeout: number): void {
  for (const session of world.sessions.values()) {
    if (!session.invented && world.time - session.lastReceived > timeout) closeSession(world, session);
  }
}
