// What `getinfo` says: the flat reply of ElectrumX 0.11 to 1.10.1 and the nested ones since, read by key and never by version.
import { blockSeconds } from './coins.ts';
import { fieldsOf, get, number, text, toNumber } from './fields.ts';
import { parseCacheStats, parseUptime, type CacheStats, type Uptime } from './text-formats.ts';

const PEER_STATUSES = ['good', 'stale', 'never', 'bad'] as const;
export type PeerStatus = (typeof PEER_STATUSES)[number];

/** Every cache any release has had, under one name each: `merkle cache` and `tx hashes cache` were renamed in 1.17. */
const CACHES = {
  history: ['caches/history', 'history cache', 'history_cache'],
  merkle_txid: ['caches/merkle txid', 'merkle txid cache', 'merkle cache', 'merkle_cache'],
  txids: ['caches/txids', 'txids cache', 'tx hashes cache', 'tx_hashes_cache'],
  estimatefee: ['caches/estimatefee'],
  txo_status: ['caches/txo status', 'txo status cache'],
} as const;
export type CacheName = keyof typeof CACHES;

/** Requests not answered yet. `includesOurRequest`: whether the getinfo request itself is one of them; `undefined` where only `sessions` shows it. */
export interface PendingRequests {
  readonly count: number;
  readonly includesOurRequest: boolean | undefined;
}

/** Server state. A field that this release does not have is `undefined`. Times in seconds. */
export type GetInfo = ReturnType<typeof readFields> & {
  readonly uptime: Uptime | undefined;
  /** mean time between blocks of the coin, in seconds; `undefined` for test networks and coins that are not known */
  readonly blockSeconds: number | undefined;
  readonly pendingRequests: PendingRequests | undefined;
  readonly peers: ReadonlyMap<PeerStatus, number> | undefined;
  readonly caches: ReadonlyMap<CacheName, CacheStats>;
  /** Whether sessions and groups of this release carry a cost: 1.10.1 and later. Answering `sessions` is then quadratic in the size of a group. */
  readonly chargesCost: boolean;
  /** Requests handled since start, by method. On some forks the names are what clients sent. */
  readonly requestCounts: ReadonlyMap<string, number>;
};

const FIELDS = {
  version: text('version'),
  coin: text('coin'),
  /** `host:port/` of the daemon in use */
  daemon: text('daemon'),
  pid: number('pid'),
  daemonHeight: number('daemon height', 'daemon_height'),
  /** -1 while the database is empty or not open yet */
  dbHeight: number('db height', 'db_height'),
  dbFlushCount: number('db_flush_count'),
  groups: number('groups'),
  sessions: number('sessions/count', 'sessions'),
  sessionErrors: number('sessions/errors', 'errors'),
  sessionsLogged: number('sessions/logged', 'logged'),
  sessionsPaused: number('sessions/paused', 'paused'),
  sessionsClosing: number('closing'),
  sessionsWithScripthashSubs: number('sessions/count with subs_sh'),
  sessionsWithOutpointSubs: number('sessions/count with subs_txo'),
  sessionsWithSubs: number('sessions/count with subs_any', 'sessions/count with subs', 'sessions_with_subs'),
  scripthashSubs: number('sessions/subs_sh', 'sessions/subs', 'subs'),
  outpointSubs: number('sessions/subs_txo'),
  txsSent: number('txs sent', 'txs_sent'),
} as const;

function readFields(reply: unknown) {
  const entries = Object.entries(FIELDS).map(([name, read]) => [name, read(reply)]);
  return Object.fromEntries(entries) as { readonly [K in keyof typeof FIELDS]: ReturnType<(typeof FIELDS)[K]> };
}

/** Decodes a `getinfo` result of any release since 0.11. `undefined`: no ElectrumX answers like this. */
export function decodeGetInfo(reply: unknown): GetInfo | undefined {
  const uptime = parseUptime(get(reply, 'uptime'));
  if (uptime === undefined && get(reply, 'daemon height') === undefined) return undefined;
  const fields = readFields(reply);
  return {
    ...fields,
    chargesCost: fields.sessionsWithSubs !== undefined,
    uptime,
    blockSeconds: blockSeconds(fields.coin),
    pendingRequests: pendingRequests(reply),
    peers: peerCounts(get(reply, 'peers')),
    caches: caches(reply),
    requestCounts: requestCounts(get(reply, 'request counts')),
  };
}

/**
 * `sessions.pending requests` always counts the getinfo request itself. The flat `requests` counts it in 1.4 to 1.7.3 and 1.10.1, does
 * not up to 1.3, and from 1.8 to 1.10.0 is always 0: no number is better than that one.
 */
function pendingRequests(reply: unknown): PendingRequests | undefined {
  const nested = toNumber(get(reply, 'sessions', 'pending requests'));
  if (nested !== undefined) return { count: nested, includesOurRequest: true };
  const flat = toNumber(get(reply, 'requests'));
  if (flat === undefined) return undefined;
  if (get(reply, 'sessions_with_subs') !== undefined) return { count: flat, includesOurRequest: true };
  if (get(reply, 'version') === undefined) return { count: flat, includesOurRequest: flat === 0 ? false : undefined };
  return flat === 0 ? undefined : { count: flat, includesOurRequest: true };
}

function peerCounts(peers: unknown): ReadonlyMap<PeerStatus, number> | undefined {
  if (!fieldsOf(peers)) return undefined;
  return new Map(PEER_STATUSES.map((status) => [status, toNumber(get(peers, status)) ?? 0]));
}

function caches(reply: unknown): ReadonlyMap<CacheName, CacheStats> {
  const found = new Map<CacheName, CacheStats>();
  for (const [name, spellings] of Object.entries(CACHES)) {
    const stats = parseCacheStats(text(...spellings)(reply));
    if (stats) found.set(name as CacheName, stats);
  }
  return found;
}

function requestCounts(counts: unknown): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [method, count] of Object.entries(fieldsOf(counts) ?? {})) {
    const number = toNumber(count);
    if (number !== undefined) found.set(method, number);
  }
  return found;
}
