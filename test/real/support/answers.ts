// What a server itself answers, and which series a scrape made right after it must therefore have.
import type { Line } from './json-lines.ts';
import { seriesKey } from '../../support/exposition.ts';

/** A row of `sessions` or `groups`, by position. */
export type Row = readonly (string | number)[];

export interface Answers {
  readonly getinfo: Readonly<Record<string, unknown>>;
  readonly groups: readonly Row[];
  readonly sessions: readonly Row[];
  readonly peers: readonly { readonly status: string }[];
}

/** Sends the four requests of a scrape, in its order. */
export async function readAnswers(line: Line): Promise<Answers> {
  return {
    getinfo: (await line.call('getinfo')) as Answers['getinfo'],
    groups: (await line.call('groups')) as Answers['groups'],
    sessions: (await line.call('sessions')) as Answers['sessions'],
    peers: (await line.call('peers')) as Answers['peers'],
  };
}

const CACHES: Readonly<Record<string, string>> = {
  'history cache': 'history',
  'merkle cache': 'merkle_txid',
  'merkle txid cache': 'merkle_txid',
  'tx hashes cache': 'txids',
  'txids cache': 'txids',
  history: 'history',
  'merkle txid': 'merkle_txid',
  txids: 'txids',
  estimatefee: 'estimatefee',
  'txo status': 'txo_status',
};

/**
 * The series of a scrape that comes right after `answers`, with nothing else going on. The scrape adds one LocalRPC session
 * and one request of each of the four kinds to what `answers` says; pending requests leave the scrape's own out.
 */
export function expectedSeries({ getinfo, groups, sessions, peers }: Answers): Record<string, number> {
  const info = getinfo['sessions'] as Readonly<Record<string, number>>;
  const expected: Record<string, number> = {};
  const add = (name: string, labels: Record<string, string>, value: number | undefined): void => {
    if (value !== undefined) expected[seriesKey(name, labels)] = value;
  };
  add('electrumx_up', {}, 1);
  add('electrumx_info', { version: getinfo['version'] as string, coin: getinfo['coin'] as string }, 1);
  add('electrumx_daemon_height', {}, getinfo['daemon height'] as number);
  add('electrumx_db_height', {}, getinfo['db height'] as number);
  add('electrumx_db_flushes', {}, getinfo['db_flush_count'] as number | undefined);
  add('electrumx_txs_sent_total', {}, getinfo['txs sent'] as number);
  add('electrumx_groups', {}, getinfo['groups'] as number);
  add('electrumx_sessions', {}, (info['count'] ?? Number.NaN) + 1);
  add('electrumx_session_errors', {}, info['errors']);
  add('electrumx_sessions_logged', {}, info['logged']);
  add('electrumx_pending_requests', {}, (info['pending requests'] ?? Number.NaN) - 1);
  add('electrumx_subs', { kind: 'scripthash' }, info['subs'] ?? info['subs_sh']);
  add('electrumx_subs', { kind: 'outpoint' }, info['subs_txo']);
  add('electrumx_sessions_with_subs', { kind: 'scripthash' }, info['count with subs_sh']);
  add('electrumx_sessions_with_subs', { kind: 'outpoint' }, info['count with subs_txo']);
  add('electrumx_sessions_with_subs', { kind: 'any' }, info['count with subs_any'] ?? info['count with subs']);
  for (const status of ['good', 'stale', 'never', 'bad']) {
    add('electrumx_peers', { status }, peers.filter((peer) => peer.status === status).length);
  }
  const requests = new Map(Object.entries(getinfo['request counts'] as Readonly<Record<string, number>>));
  for (const method of ['getinfo', 'groups', 'sessions', 'peers']) {
    requests.set(method, (requests.get(method) ?? 0) + 1);
  }
  for (const [method, count] of requests) add('electrumx_requests_total', { method }, count);
  addCaches(getinfo, add);
  addSessions(sessions, add);
  const subnets = groups.filter(([name]) => !/^t\d+$/.test(String(name)));
  const grouped = subnets.reduce((sum, row) => sum + Number(row[1]), 0);
  add('electrumx_sessions_ungrouped', {}, (info['count'] ?? Number.NaN) + 1 - grouped);
  return expected;
}

type Add = (name: string, labels: Record<string, string>, value: number | undefined) => void;

function addCaches(getinfo: Answers['getinfo'], add: Add): void {
  const texts = (getinfo['caches'] ?? getinfo) as Readonly<Record<string, unknown>>;
  for (const [key, text] of Object.entries(texts)) {
    const cache = CACHES[key];
    if (cache === undefined || typeof text !== 'string') continue;
    // Small numbers only, so commas are never inside one here.
    const [lookups, hits, entries] = [...text.matchAll(/\d+(?= )/g)].map(([digits]) => Number(digits));
    add('electrumx_cache_lookups_total', { cache }, lookups);
    add('electrumx_cache_hits_total', { cache }, hits);
    add('electrumx_cache_entries', { cache }, entries);
  }
}

function addSessions(rows: readonly Row[], add: Add): void {
  const transports = { tcp: 0, ssl: 0, ws: 0, rpc: 1, other: 0 };
  const protocols: Record<string, number> = { rpc: 1 };
  const names: Readonly<Record<string, keyof typeof transports>> = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' };
  for (const row of rows) {
    const transport = names[String(row[1]).charAt(0)] ?? 'other';
    transports[transport] += 1;
    const protocol = transport === 'rpc' ? 'rpc' : String(row[4]);
    protocols[protocol] = (protocols[protocol] ?? 0) + 1;
  }
  for (const [transport, count] of Object.entries(transports)) {
    add('electrumx_sessions_by_transport', { transport }, count);
  }
  for (const [protocol, count] of Object.entries(protocols)) {
    add('electrumx_sessions_by_protocol', { protocol }, count);
  }
}
