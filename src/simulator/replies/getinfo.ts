// The reply to `getinfo`, in any era.
import { type Era, RULES, since, unanswered } from '../eras.ts';
import { subs, total } from '../world/sessions.ts';
import { ageOf, type Session, type World } from '../world/world.ts';
import { cacheText, daemonName, duration } from './format.ts';
import { groupCount } from './groups.ts';
import type { Json } from './json.ts';
import { peerCounts } from './peers.ts';

const B = (
  'daemon daemon_height db_height closing errors groups logged paused pid peers requests sessions subs txs_sent ' +
  'uptime'
).split(' ');
const C2 = (
  'closing daemon daemon_height db_height errors groups logged paused pid peers requests sessions subs txs_sent ' +
  'uptime version'
).split(' ');
const E2 = [
  ...['coin', 'daemon', 'daemon height', 'db height', 'groups', 'history cache', 'merkle cache', 'pid', 'peers'],
  ...['request counts', 'request total', 'sessions', 'tx hashes cache', 'txs sent', 'uptime', 'version'],
];
const E3 = E2.toSpliced(4, 0, 'db_flush_count');
const RENAMED: Readonly<Record<string, string>> = {
  'merkle cache': 'merkle txid cache',
  'tx hashes cache': 'txids cache',
};

/** The keys of each era, in the order of its server. */
const KEYS: Readonly<Record<Era, readonly string[]>> = {
  B1: B,
  B2: B,
  C1: ['version', ...B],
  C2,
  D: C2.toSpliced(C2.indexOf('subs'), 0, 'sessions_with_subs'),
  E2,
  E3,
  F: E3.map((key) => RENAMED[key] ?? key),
  G: ['caches', ...E2.filter((key) => !key.endsWith('cache'))],
};

/** The result of `getinfo`, with the keys of the era in their order. */
export function getinfo(world: World, era: Era): Json {
  const facts = { ...(since(era, 'E2') ? nested(world, era) : flat(world, era)), ...common(world, era) };
  return Object.fromEntries(KEYS[era].map((key) => [key, facts[key] ?? null]));
}

type Facts = Readonly<Record<string, Json>>;

function common(world: World, era: Era): Facts {
  const { daemon, pid, startedAt } = world;
  return {
    daemon: daemonName(daemon.urls[daemon.current] ?? ''),
    groups: groupCount(world, era),
    pid,
    peers: peerCounts(world, era),
    uptime: duration(ageOf(world, startedAt)),
    version: RULES[era].version,
  };
}

function flat(world: World, era: Era): Facts {
  const sessions = [...world.sessions.values()];
  return {
    daemon_height: world.daemon.height,
    db_height: world.db.height,
    closing: sessions.filter(({ goneAt }) => goneAt !== undefined).length,
    errors: total(sessions, ({ errors }) => errors),
    logged: sessions.filter(({ logged }) => logged).length,
    paused: 0,
    requests: total(sessions, (session) => unanswered(session, era)),
    sessions: sessions.length,
    sessions_with_subs: sessions.filter((session) => subs(session) > 0).length,
    subs: total(sessions, subs),
    txs_sent: world.txsSent,
  };
}

function nested(world: World, era: Era): Facts {
  const { caches, requestCounts } = world;
  return {
    caches: {
      estimatefee: cacheText(caches.estimatefee, era),
      history: cacheText(caches.history, era),
      'merkle txid': cacheText(caches.merkle, era),
      txids: cacheText(caches.txids, era),
      'txo status': cacheText(caches.txo, era),
    },
    coin: world.coin,
    'daemon height': world.daemon.height,
    'db height': world.db.height,
    db_flush_count: world.db.flushCount,
    'history cache': cacheText(caches.history, era),
    'merkle cache': cacheText(caches.merkle, era),
    'merkle txid cache': cacheText(caches.merkle, era),
    'request counts': Object.fromEntries(requestCounts),
    'request total': [...requestCounts.values()].reduce((so, n) => so + n, 0),
    sessions: sessionFacts([...world.sessions.values()], era),
    'tx hashes cache': cacheText(caches.txids, era),
    'txids cache': cacheText(caches.txids, era),
    'txs sent': world.txsSent,
  };
}

function sessionFacts(sessions: readonly Session[], era: Era): Facts {
  const having = (read: (session: Session) => number) => sessions.filter((session) => read(session) > 0).length;
  const scripthashes = (session: Session) => session.scripthashes;
  const outpoints = (session: Session) => session.outpoints;
  const twoKinds = era === 'G';
  return {
    count: sessions.length,
    ...(twoKinds
      ? {
          'count with subs_sh': having(scripthashes),
          'count with subs_txo': having(outpoints),
          'count with subs_any': having(subs),
        }
      : { 'count with subs': having(subs) }),
    errors: total(sessions, ({ errors }) => errors),
    logged: sessions.filter(({ logged }) => logged).length,
    'pending requests': total(sessions, (session) => unanswered(session, era)),
    ...(twoKinds
      ? { subs_sh: total(sessions, scripthashes), subs_txo: total(sessions, outpoints) }
      : { subs: total(sessions, subs) }),
  };
}
