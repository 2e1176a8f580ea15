// What getinfo reports: the state of the server, its chain, its sessions as a whole, its caches and its totals.
import { sumBy } from '../../electrumx/count.ts';
import { isPrimaryDaemon } from '../../electrumx/daemons.ts';
import type { CacheStats } from '../../electrumx/text-formats.ts';
import { methodLabel, operatorLabel } from '../labels.ts';
import { byLabel, counter, gauge, sample, single, type ScrapeData } from '../metric.ts';

export const GETINFO_METRICS = [
  gauge({
    name: 'electrumx_info',
    help: 'Always 1. Version and coin class of the server. ElectrumX renamed the coin class in 1.17 and in 1.20.',
    source: 'getinfo: version, coin',
    labels: ['version', 'coin'],
    read: ({ results: { getinfo } }) =>
      getinfo ? [sample({ version: operatorLabel(getinfo.version), coin: operatorLabel(getinfo.coin) }, 1)] : [],
  }),
  gauge({
    name: 'electrumx_start_time_seconds',
    help: 'Start time of the server process since the epoch. Can move by up to a minute when the exporter restarts: after a day ElectrumX reports its uptime in minutes.',
    source: 'getinfo: pid, uptime',
    read: ({ results: { getinfo }, state }) => single(getinfo && state.server?.startTime),
  }),
  gauge({
    name: 'electrumx_daemon_height',
    help: 'Latest block height reported by the daemon. Does not change while the daemon is unreachable.',
    source: 'getinfo: daemon height',
    read: ({ results: { getinfo } }) => single(getinfo?.daemonHeight),
  }),
  gauge({
    name: 'electrumx_daemon_height_change_timestamp_seconds',
    help: 'Time of the last change of the daemon height since the epoch. Starts when the exporter first sees the height.',
    source: 'getinfo: daemon height',
    read: ({ results: { getinfo }, state }) =>
      single(getinfo?.daemonHeight === undefined ? undefined : state.daemonHeight?.changedAt),
  }),
  gauge({
    name: 'electrumx_db_height',
    help: 'Block height of the index on disk. -1 while the database is empty or not open yet.',
    source: 'getinfo: db height',
    read: ({ results: { getinfo } }) => single(getinfo?.dbHeight),
  }),
  gauge({
    name: 'electrumx_db_height_change_timestamp_seconds',
    help: 'Time of the last change of the index height since the epoch. Starts when the exporter first sees the height.',
    source: 'getinfo: db height',
    read: ({ results: { getinfo }, state }) =>
      single(getinfo?.dbHeight === undefined ? undefined : state.dbHeight?.changedAt),
  }),
  gauge({
    name: 'electrumx_db_flushes',
    help: 'Flushes of the history database. Decreases when the database is compacted. The server stops at 65536. 1.14 to 1.20 only.',
    source: 'getinfo: db_flush_count',
    read: ({ results: { getinfo } }) => single(getinfo?.dbFlushCount),
  }),
  gauge({
    name: 'electrumx_daemon_primary',
    help: '1 if the daemon in use is the first of DAEMON_URL, 0 after a failover. Absent unless DAEMON_URL is configured.',
    source: 'getinfo: daemon',
    read: ({ results: { getinfo }, settings: { daemons } }) =>
      getinfo?.daemon === undefined || daemons === undefined
        ? []
        : single(Number(isPrimaryDaemon(getinfo.daemon, daemons))),
  }),
  gauge({
    name: 'electrumx_subs',
    help: 'Live subscriptions of all sessions.',
    source: 'getinfo: sessions.subs, sessions.subs_sh, sessions.subs_txo',
    labels: ['kind'],
    read: ({ results: { getinfo } }) =>
      byLabel('kind', [
        ['scripthash', getinfo?.scripthashSubs],
        ['outpoint', getinfo?.outpointSubs],
      ]),
  }),
  gauge({
    name: 'electrumx_peers',
    help: 'Known peer servers by status. good: verified within 3 hours (24 hours up to 1.10.0).',
    source: 'getinfo: peers.good, .stale, .never, .bad',
    labels: ['status'],
    read: ({ results: { getinfo } }) => byLabel('status', getinfo?.peers),
  }),
  gauge({
    name: 'electrumx_groups',
    help: 'Session groups. Since 1.10.1 this includes empty groups with retained cost.',
    source: 'getinfo: groups',
    read: ({ results: { getinfo } }) => single(getinfo?.groups),
  }),
  gauge({
    name: 'electrumx_pending_requests',
    help: 'Requests that are not answered yet, except that of this exporter. Absent for 1.8 to 1.10.0.',
    source: 'getinfo: sessions.pending requests, requests',
    read: pendingRequests,
  }),
  gauge({
    name: 'electrumx_sessions',
    help: 'Open sessions, as MAX_SESSIONS counts them. Includes LocalRPC sessions, among them that of this exporter.',
    source: 'getinfo: sessions.count',
    read: ({ results: { getinfo } }) => single(getinfo?.sessions),
  }),
  gauge({
    name: 'electrumx_sessions_with_subs',
    help: 'Sessions with at least one subscription of the kind: wallets that use this server as their main one.',
    source: 'getinfo: sessions.count with subs, _sh, _txo, _any; sessions: subs',
    labels: ['kind'],
    read: ({ results: { getinfo, sessions } }) =>
      byLabel('kind', [
        ['scripthash', getinfo?.sessionsWithScripthashSubs],
        ['outpoint', getinfo?.sessionsWithOutpointSubs],
        ['any', getinfo?.sessionsWithSubs ?? sessions?.withSubs],
      ]),
  }),
  gauge({
    name: 'electrumx_session_errors',
    help: 'Error responses sent to currently open sessions. Decreases when those sessions close.',
    source: 'getinfo: sessions.errors',
    read: ({ results: { getinfo } }) => single(getinfo?.sessionErrors),
  }),
  gauge({
    name: 'electrumx_sessions_logged',
    help: 'Sessions whose requests are being logged, with the addresses that the wallets query.',
    source: 'getinfo: sessions.logged',
    read: ({ results: { getinfo } }) => single(getinfo?.sessionsLogged),
  }),
  gauge({
    name: 'electrumx_sessions_paused',
    help: 'Sessions whose send buffer is full. Up to 1.11 only.',
    source: 'getinfo: paused',
    read: ({ results: { getinfo } }) => single(getinfo?.sessionsPaused),
  }),
  gauge({
    name: 'electrumx_sessions_closing',
    help: 'Sessions that are being closed.',
    source: 'getinfo: closing; sessions: flag C',
    read: ({ results: { getinfo, sessions } }) => single(getinfo?.sessionsClosing ?? sessions?.closing),
  }),
  counter({
    name: 'electrumx_requests_total',
    help: 'Requests handled since the server started, by method. Includes LocalRPC requests. other: methods that ElectrumX does not have.',
    source: 'getinfo: request counts',
    labels: ['method'],
    read: ({ results: { getinfo } }) =>
      byLabel(
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
    read: ({ results: { getinfo } }) => single(getinfo?.txsSent),
  }),
  counter({
    name: 'electrumx_cache_lookups_total',
    help: 'Cache lookups since the server started, by cache.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (data) => eachCache(data, ({ lookups }) => lookups),
  }),
  counter({
    name: 'electrumx_cache_hits_total',
    help: 'Cache lookups that found an entry since the server started, by cache.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (data) => eachCache(data, ({ hits }) => hits),
  }),
  gauge({
    name: 'electrumx_cache_entries',
    help: 'Cache entries, by cache.',
    source: 'getinfo: caches',
    labels: ['cache'],
    read: (data) => eachCache(data, ({ entries }) => entries),
  }),
];

function eachCache({ results: { getinfo } }: ScrapeData, value: (stats: CacheStats) => number) {
  return byLabel(
    'cache',
    [...(getinfo?.caches ?? [])].map(([cache, stats]) => [cache, value(stats)] as const),
  );
}

/** Where getinfo does not show whether it counted itself, the sessions do: servers up to 1.3, with priorities, did not. */
function pendingRequests({ results: { getinfo, sessions } }: ScrapeData) {
  const pending = getinfo?.pendingRequests;
  if (!pending) return [];
  const includesOurRequest = pending.includesOurRequest ?? sessions?.flagSemantics !== 'priority';
  return single(Math.max(0, pending.count - Number(includesOurRequest)));
}
