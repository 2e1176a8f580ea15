// Simulates the world: its start, each second, scenarios and restarts.
import { noteBlocks } from './blocks.ts';
import { closeIdle, advanceClients, logClients, settleClients } from './clients.ts';
import { HOSTILE_METHODS } from './hostile.ts';
import { advancePeers, settlePeers, somePeers } from './peers.ts';
import { random } from './random.ts';
import { FEW_FLUSHES, readScenario, type Scenario } from './scenarios.ts';
import { count, inTheWorld, type Session, type World } from './world.ts';

/** Of a longer gap only the last hour is simulated. In seconds. */
const MAX_JUMP = 3600;
/** How often the server refunds costs, in seconds, and how much it refunds a session and a group. */
const REFUND_EVERY = 300;
const SESSION_REFUND = 300;
const GROUP_REFUND = 600;
/** How often it closes idle connections, once the index has caught up, and how long they may be idle. In seconds. */
const IDLE_CHECK_EVERY = 60;
const SESSION_TIMEOUT = 600;

const DAEMON_URLS = ['http://user:secret@127.0.0.1:8332/', 'http://user:secret@127.0.0.2:8332/'];

export interface WorldOptions {
  readonly seed: number;
  /** Clients in calm times. */
  readonly size: number;
  readonly scenario: Scenario;
  /** The start, in seconds since the epoch. */
  readonly time: number;
  /** How many times as fast as the clock the world runs; 1 if not given. */
  readonly speed?: number;
}

/** Makes a chain, its daemon, and a server process that starts at `time`. */
export function createWorld({ seed, size, scenario, time, speed = 1 }: WorldOptions): World {
  const height = 840_000 + (seed % 1000);
  const world: World = {
    ...newProcess(time),
    speed,
    bornAt: time,
    seed,
    size,
    random: random(seed),
    now: time,
    time,
    pid: 2 + (Math.floor(time * 1000) % 32_000),
    scenario,
    conditions: readScenario(scenario).conditions,
    coin: 'Bitcoin',
    daemon: { configured: DAEMON_URLS, urls: DAEMON_URLS, current: 0, height, bornHeight: height, foundAt: [] },
    db: { height, flushCount: FEW_FLUSHES + (seed % 500), caughtUp: true },
    walletTip: height,
  };
  world.peers = somePeers(world);
  begin(world, scenario);
  return world;
}

/** The state that a process starts with, and loses when it ends. */
function newProcess(startedAt: number) {
  const cache = () => ({ lookups: 0, hits: 0, entries: 0 });
  return {
    startedAt,
    stopping: false,
    nextSessionId: 0,
    sessions: new Map<number, Session>(),
    retainedCosts: new Map<string, number>(),
    logNew: false,
    txsSent: 0,
    requestCounts: new Map<string, number>(),
    caches: { history: cache(), merkle: cache(), txids: cache(), estimatefee: cache(), txo: cache() },
    peers: [],
  };
}

/** Replaces the process by a new one. The chain stays. */
function restart(world: World): void {
  Object.assign(world, newProcess(world.time), { pid: world.pid + 13 });
  Object.assign(world.daemon, { urls: world.daemon.configured, current: 0 });
  world.db.caughtUp = false;
  world.walletTip = world.db.height;
  world.peers = somePeers(world);
  begin(world, world.scenario);
}

/** Simulates the world up to `clock` (seconds since the epoch), in whole seconds since the start. A clock set back has no effect. */
export function advance(world: World, clock: number): void {
  const time = inTheWorld(world, clock);
  world.now = Math.max(world.now, time);
  if (time - world.time > MAX_JUMP + 1) world.time += Math.floor(time - world.time) - MAX_JUMP;
  while (world.time + 1 <= time) {
    world.time += 1;
    if (world.time - world.startedAt >= world.conditions.crashEvery) restart(world);
    advanceChain(world);
    advanceClients(world);
    advancePeers(world);
    const second = Math.round(world.time - world.startedAt);
    if (second % REFUND_EVERY === 0) refund(world);
    if (second % IDLE_CHECK_EVERY === 0 && world.db.caughtUp) closeIdle(world, SESSION_TIMEOUT);
  }
}

function advanceChain(world: World): void {
  const { daemon, db, conditions, random } = world;
  if (random.chance(1 / conditions.blockEvery)) daemon.height++;
  const gap = daemon.height - db.height;
  if (gap > 0 && conditions.indexing > 0) {
    db.height += Math.max(1, Math.floor(gap * conditions.indexing));
    db.flushCount++;
  }
  if (db.height >= daemon.height) db.caughtUp = true;
  if (conditions.notifies) world.walletTip = db.height;
  noteBlocks(world);
}

function refund(world: World): void {
  for (const session of world.sessions.values()) session.cost = Math.max(0, session.cost - SESSION_REFUND);
  for (const [group, cost] of world.retainedCosts) {
    if (cost > GROUP_REFUND) world.retainedCosts.set(group, cost - GROUP_REFUND);
    else world.retainedCosts.delete(group);
  }
}

/** Switches to a scenario: applies its immediate changes and sets its conditions. */
export function begin(world: World, scenario: Scenario): void {
  const { conditions, begins } = readScenario(scenario);
  const { ahead, indexed, daemonUrl, flushCount, logged, leaving = 0, cost, mined = 0 } = begins;
  const { daemon, db } = world;
  world.scenario = scenario;
  world.conditions = conditions;
  daemon.height += mined;
  db.height += mined;
  if (ahead !== undefined) daemon.height = Math.max(daemon.height, db.height + ahead);
  if (indexed !== undefined) Object.assign(db, { height: Math.floor(daemon.height * indexed), caughtUp: false });
  if (conditions.notifies) world.walletTip = db.height;
  noteBlocks(world);
  if (daemonUrl !== undefined) daemon.current = Math.min(daemonUrl, daemon.urls.length - 1);
  if (flushCount !== undefined) db.flushCount = flushCount + (world.seed % 500);
  if (logged !== undefined) logClients(world, logged);
  for (const method of HOSTILE_METHODS) {
    if (conditions.hostile) count(world.requestCounts, method);
    else world.requestCounts.delete(method);
  }
  settleClients(world, cost, leaving);
  if (cost !== undefined) world.retainedCosts.clear();
  settlePeers(world);
}
