// What getinfo shows: the state of the server, its chain, its caches and its totals.
import type { CacheStats } from '../../electrumx/text-formats.ts';
import { sumBy } from '../count.ts';
import { by, counter, gauge, only, sample, type View } from '../metric.ts';
import { methodLabel, ownText } from '../labels.ts';

export const GETINFO_METRICS = [
  gauge({
    name: 'electrumx_info',
    help: 'Always 1; the version text and the coin class of the server. The coin class was renamed in 1.17 and in 1.20.',
    source: 'getinfo: version, coin',
    labels: ['version', 'coin'],
    read: ({ getinfo }) =>
      getinfo ? [sample({ version: ownText(getinfo.version), coin: ownText(getinfo.coin) }, 1)] : [],
  }),
  gauge({
    name: 'electrumx_start_time_seconds',
    help: 'When the server process started, since the epoch; it moves when the server restarts, and by up to a minute if this exporter does, because a server that is up for a day tells whole minutes only.',
    source: 'getinfo: pid, uptime',
    read: ({ getinfo, memory }) => only(getinfo && memory.server?.startTime),
  }),
  gauge({
    name: 'electrumx_daemon_height',
    help: 'Height that the daemon last told. A dead daemon leaves it standing.',
    source: 'getinfo: daemon height',
    read: ({ getinfo }) => only(getinfo?.daemonHeight),
  }),
  gauge({
    name: 'electrumx_daemon_height_change_timestamp_seconds',
    help: 'When the daemon height last moved, since the epoch; starts when the exporter first sees it.',
    source: 'getinfo: daemon height',
    read: ({ getinfo, memory }) =>
      only(getinfo?.daemonHeight === undefined ? undefined : memory.daemonHeight?.changedAt),
  }),
  gauge({
    name: 'electrumx_db_height',
    help: 'Height of the index on disk; -1 while the database is empty or not open yet.',
    source: 'getinfo: db height',
    read: ({ getinfo }) => only(getinfo?.dbHeight),
  }),
  gauge({
    name: 'electrumx_db_height_change_timestamp_seconds',
    help: 'When the index height last moved, since the epoch; starts when the exporter first sees it.',
    source: 'getinfo: db height',
    read: ({ getinfo, memory }) => only(getinfo?.dbHeight === undefined ? undefined : memory.dbHeight?.changedAt),
  }),
  gauge({
    name: 'electrumx_db_flushes',
    help: 'Flushes of the history database so far; falls when it is compacted. The server dies at 65536. 1.14 to 1.20 only.',
    source: 'getinfo: db_flush_count',
    read: ({ getinfo }) => only(getinfo?.dbFlushCount),
  }),
  gauge({
    name: 'electrumx_daemon_primary',
    help: '1 while the daemon in use is the first of DAEMON_URL, 0 after a failover; absent unless the exporter was told DAEMON_URL.',
    source: 'getinfo: daemon',
    read: ({ getinfo, told: { primaryDaemon } }) =>
      getinfo?.daemon === undefined || primaryDaemon === undefined
        ? []
        : only(Number(getinfo.daemon.startsWith(primaryDaemon))),
  }),
  gauge({
    name: 'electrumx_subs',
    help: 'Live subscriptions of all sessions.',
    source: 'getinfo: sessions.subs, sessions.subs_sh, sessions.subs_txo',
    labels: ['kind'],
    read: ({ getinfo }) =>
      by('kind', [
        ['scripthash', getinfo?.scripthashSubs],
        ['outpoint', getinfo?.outpointSubs],
      ]),
  }),
  gauge({
    name: 'electrumx_peers',
    help: 'Known peer servers. good: verified within 3 hours (24 hours up to 1.10.0).',
    source: 'getinfo: peers.good, .stale, .never, .bad',
    labels: ['status'],
    read: ({ getinfo }) => by('status', getinfo?.peers),
  }),
  gauge({
    name: 'electrumx_groups',
    help: 'Session groups; from 1.10.1 on also empty ones whose cost has not decayed yet.',
    source: 'getinfo: groups',
    read: ({ getinfo }) => only(getinfo?.groups),
  }),
  gauge({
    name: 'electrumx_pending_requests',
    help: 'Requests received and not yet answered, without the question of this exporter. Not told by 1.8 to 1.10.0.',
    source: 'getinfo: sessions.pending requests, requests',
    read: pendingRequests,
  }),
  counter({
    name: 'electrumx_requests_total',
    help: 'Requests handled since the server started, those of LocalRPC and of this exporter included. other: methods not known by name.',
    source: 'getinfo: request counts',
    labels: ['method'],
    read: ({ getinfo }) =>
      by(
        'method',
        sumBy(
          getinfo?.requestCounts ?? [],
          ([method]) => methodLabel(method),
          ([, count]) => count,
        ),
      ),
  }),
  counter({
    name: 'electrumx_txs_sent_total',
    help: 'Transactions broadcast for clients since the server started.',
    source: 'getinfo: txs sent',
    read: ({ getinfo }) => only(getinfo?.txsSent),
  }),
  counter({
    name: 'electrumx_cache_lookups_total',
    help: 'Lookups in each of the caches since the server started.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (view) => eachCache(view, ({ lookups }) => lookups),
  }),
  counter({
    name: 'electrumx_cache_hits_total',
    help: 'Lookups that found their entry, since the server started.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (view) => eachCache(view, ({ hits }) => hits),
  }),
  gauge({
    name: 'electrumx_cache_entries',
    help: 'Entries in each of the caches.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (view) => eachCache(view, ({ entries }) => entries),
  }),
];

function eachCache({ getinfo }: View, value: (stats: CacheStats) => number) {
  return by(
    'cache',
    [...(getinfo?.caches ?? [])].map(([cache, stats]) => [cache, value(stats)] as const),
  );
}

/** Where getinfo leaves open whether it counted itself, the sessions tell: servers up to 1.3, with priorities, did not. */
function pendingRequests({ getinfo, sessions }: View) {
  const pending = getinfo?.pendingRequests;
  if (!pending) return [];
  const includesAsker = pending.includesAsker ?? sessions?.numberMeans !== 'priority';
  return only(Math.max(0, pending.count - Number(includesAsker)));
}
