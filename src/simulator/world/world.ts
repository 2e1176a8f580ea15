// The state of one simulated server process: everything that any era's replies are made of, and nothing of any era.
import type { Json } from '../replies/json.ts';
import type { Random } from './random.ts';
import type { Conditions, Scenario } from './scenarios.ts';

/** Times are seconds since the epoch, with fractions, on the clock of the world. */
export interface World {
  /** The world runs this many times as fast as the clock. At `bornAt` both show the same time. */
  readonly speed: number;
  readonly bornAt: number;
  readonly seed: number;
  /** Clients in calm times. */
  readonly size: number;
  readonly random: Random;
  /** The present, and how far the world is simulated: whole seconds since the start, so up to a second less. */
  now: number;
  time: number;
  pid: number;
  startedAt: number;
  scenario: Scenario;
  conditions: Conditions;
  /** Set by `stop`. */
  stopping: boolean;
  readonly coin: string;
  readonly daemon: Daemon;
  /** `caughtUp`: the index has reached the daemon since the process began; until then there is no reorg. */
  readonly db: { height: number; flushCount: number; caughtUp: boolean };
  /** The height of the tip that wallets were last notified of. */
  walletTip: number;
  nextSessionId: number;
  /** By id, oldest first. LocalRPC sessions are in it. */
  readonly sessions: Map<number, Session>;
  /** Cost retained from closed sessions, by time slot (`t3`) and by subnet (`198.18.7`). */
  readonly retainedCosts: Map<string, number>;
  /** Whether new sessions are logged. */
  logNew: boolean;
  txsSent: number;
  readonly requestCounts: Map<string, number>;
  readonly caches: Readonly<Record<CacheName, Cache>>;
  peers: Peer[];
}

export interface Daemon {
  /** DAEMON_URL of the process. */
  readonly configured: readonly string[];
  urls: readonly string[];
  current: number;
  height: number;
  /** Its height when the world began, and when it found each block after that. */
  readonly bornHeight: number;
  readonly foundAt: number[];
}

export type CacheName = 'history' | 'merkle' | 'txids' | 'estimatefee' | 'txo';

export interface Cache {
  lookups: number;
  hits: number;
  entries: number;
}

export type Transport = 'tcp' | 'ssl' | 'ws' | 'rpc';

export interface Session {
  readonly id: number;
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
  readonly connectedAt: number;
  /** Whether the session is made up, or has a connection. LocalRPC's all have one. */
  readonly invented: boolean;
  /** When the client disconnects. */
  leavesAt: number;
  /** When it will have been closed; undefined unless it is being closed. */
  goneAt: number | undefined;
  /** The whole name that it gave; undefined before the handshake, like the protocol. */
  client: string | undefined;
  protocol: string | undefined;
  logged: boolean;
  cost: number;
  /** Requests in the queue. */
  waiting: number;
  /** Requests in progress. */
  answering: number;
  errors: number;
  txsSent: number;
  scripthashes: number;
  outpoints: number;
  received: Traffic;
  sent: Traffic;
  lastReceived: number;
  readonly requestCounts: Map<string, number>;
}

export interface Traffic {
  count: number;
  bytes: number;
}

export interface Peer {
  readonly host: string;
  /** From its real name, or as the peer sent them. */
  features: { readonly [key: string]: Json };
  source: string;
  ip: string | null;
  lastGood: number;
  lastTry: number;
  tryCount: number;
  bad: boolean;
  readonly reachable: boolean;
  nextTry: number;
}

/** Converts a time of the world to the clock's. Replies contain the clock's time. */
export const onTheClock = ({ bornAt, speed }: World, moment: number): number => bornAt + (moment - bornAt) / speed;

/** Converts a time of the clock to the world's. */
export const inTheWorld = ({ bornAt, speed }: World, time: number): number => bornAt + (time - bornAt) * speed;

/** Seconds on the clock since a moment of the world. */
export const ageOf = (world: World, since: number): number => (world.now - since) / world.speed;

/** Adds `by` to the count of a name. */
export const count = (counts: Map<string, number>, name: string, by = 1): void => {
  counts.set(name, (counts.get(name) ?? 0) + by);
};

/** The /24 of an IPv4 address or the /48 of an IPv6 address, as kyuupichan's ElectrumX names it. */
export function subnetOf(address: string): string {
  if (!address.includes(':')) return address.split('.').slice(0, 3).join('.');
  const hextets = address.split('::')[0]?.split(':') ?? [];
  return [0, 1, 2].map((n) => (hextets[n] ?? '').padStart(4, '0')).join(':');
}

const PRIVATE = /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|0000:0000:0000|f[cd]|fe80:)/;
/** Takes an address, or a subnet followed by a dot. */
export const isPrivate = (address: string): boolean => PRIVATE.test(address);

/** The number of the time slot of `seconds` in which a session connected, from 0. */
export const slotOf = (world: World, session: Session, seconds: number): number =>
  Math.floor((session.connectedAt - world.startedAt) / seconds);

export const SLOT_SECONDS = 300;
