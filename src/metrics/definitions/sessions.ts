// What sessions reports: who is connected, by a bounded set of labels, and how much traffic there is.
import { clientKey, clientOf } from '../../electrumx/client-families.ts';
import { sumBy, top, withZeros } from '../../electrumx/count.ts';
import {
  costLimits,
  HIGHEST_UNDELAYED_PRIORITY,
  INITIAL_CONCURRENT,
  INITIAL_CONCURRENT_BEFORE_COSTS,
} from '../../electrumx/defaults.ts';
import type { SessionTransport } from '../../electrumx/session-row.ts';
import type { Sessions } from '../../electrumx/sessions.ts';
import { protocolLabel } from '../labels.ts';
import { byLabel, counter, gauge, single, type Sample, type ScrapeData } from '../metric.ts';

const TRANSPORTS: readonly SessionTransport[] = ['tcp', 'ssl', 'ws', 'rpc', 'other'];
const MAX_PROTOCOLS = 10;

export const SESSIONS_METRICS = [
  gauge({
    name: 'electrumx_sessions_by_transport',
    help: 'Open sessions by transport. ws includes wss. rpc is LocalRPC, including this exporter.',
    source: 'sessions: Flags',
    labels: ['transport'],
    read: ({ results: { sessions } }) => byLabel('transport', sessions && withZeros(TRANSPORTS, sessions.byTransport)),
  }),
  gauge({
    name: 'electrumx_sessions_by_protocol',
    help: 'Open sessions by negotiated protocol version, the 10 most frequent. rpc is LocalRPC. Before the handshake ElectrumX reports a default.',
    source: 'sessions: Proto',
    labels: ['protocol'],
    read: ({ results: { sessions } }) => byLabel('protocol', sessions && protocols(sessions)),
  }),
  gauge({
    name: 'electrumx_sessions_by_client',
    help: 'Open sessions by wallet family and version, the 20 most frequent. LocalRPC is not included. unknown: the client sent no name.',
    source: 'sessions: Client',
    labels: ['client', 'version'],
    read: sessionsByClient,
  }),
  gauge({
    name: 'electrumx_sessions_throttled',
    help: 'Sessions that the server throttles, according to the number in their flags.',
    source: 'sessions: Flags',
    read: ({ results: { sessions }, settings }) => single(sessions && throttled(sessions, settings)),
  }),
  gauge({
    name: 'electrumx_session_cost_max',
    help: 'Highest cost of a session, including its share of the group cost. 1.10.1 and later.',
    source: 'sessions: Cost, XCost',
    read: ({ results: { sessions } }) => single(sessions && highest(sessions.clients.costs)),
  }),
  gauge({
    name: 'electrumx_sessions_by_cost',
    help: 'Sessions by cost: below COST_SOFT_LIMIT, up to COST_HARD_LIMIT, and over it. 1.10.1 and later.',
    source: 'sessions: Cost, XCost',
    labels: ['band'],
    read: sessionsByCost,
  }),
  gauge({
    name: 'electrumx_sessions_by_duration',
    help: 'Open sessions by time since they connected. LocalRPC is not included.',
    source: 'sessions: Time',
    labels: ['band'],
    read: ({ results: { sessions } }) => byLabel('band', sessions && ageBands(sessions.clients.ages)),
  }),
  gauge({
    name: 'electrumx_session_subs_max',
    help: 'Most subscriptions of one session.',
    source: 'sessions: Subs',
    read: ({ results: { sessions } }) => single(sessions?.clients.maxSubs),
  }),
  gauge({
    name: 'electrumx_session_transactions',
    help: 'Transactions broadcast by currently open sessions. Decreases when those sessions close.',
    source: 'sessions: Txs',
    read: ({ results: { sessions } }) => single(sessions?.clients.transactions),
  }),
  gauge({
    name: 'electrumx_session_messages',
    help: 'Messages received from and sent to currently open sessions. Decreases when those sessions close. LocalRPC is not included.',
    source: 'sessions: Recv, Sent',
    labels: ['direction'],
    read: ({ results: { sessions } }) =>
      byLabel('direction', [
        ['received', sessions?.clients.receivedMessages],
        ['sent', sessions?.clients.sentMessages],
      ]),
  }),
  counter({
    name: 'electrumx_sessions_opened_total',
    help: 'Sessions opened since the server started: the highest session ID plus 1. Includes LocalRPC sessions, one for each scrape.',
    source: 'sessions: ID',
    read: ({ results: { sessions }, state }) => single(sessions && state.traffic?.opened),
  }),
  counter({
    name: 'electrumx_session_received_bytes_total',
    help: 'Bytes received from clients, from differences between scrapes. A lower bound: traffic after the last scrape of a session is not seen.',
    source: 'sessions: Recv KB',
    read: ({ results: { sessions }, state }) => single(sessions && state.traffic?.receivedBytes),
  }),
  counter({
    name: 'electrumx_session_sent_bytes_total',
    help: 'Bytes sent to clients, from differences between scrapes. A lower bound: traffic after the last scrape of a session is not seen, nor is the padding since 1.18, which can be several times the data.',
    source: 'sessions: Sent KB',
    read: ({ results: { sessions }, state }) => single(sessions && state.traffic?.sentBytes),
  }),
];

/** Bands of session ages: the first one that an age is below. */
const AGE_BANDS = [
  ['below_1m', 60],
  ['1m_to_10m', 600],
  ['10m_to_1h', 3600],
  ['1h_to_1d', 86_400],
  ['over_1d', Infinity],
] as const;

const AGE_LIMITS = AGE_BANDS.map(([, below]) => below);

function ageBands(ages: Float64Array): readonly (readonly [string, number])[] {
  const counts = AGE_BANDS.map(() => 0);
  for (const age of ages) {
    let band = 0;
    for (const limit of AGE_LIMITS) if (age >= limit) band += 1;
    counts[band] = (counts[band] ?? 0) + 1;
  }
  return AGE_BANDS.map(([name], band) => [name, counts[band] ?? 0]);
}

// Plain loops, because there can be 100,000 numbers: `Math.max` cannot take them, and `reduce` takes several times as long.

function countAbove(limit: number, numbers: Float64Array): number {
  let count = 0;
  for (const number of numbers) if (number > limit) count += 1;
  return count;
}

/** `undefined` without numbers. */
function highest(numbers: Float64Array): number | undefined {
  let high: number | undefined;
  for (const number of numbers) if (high === undefined || number > high) high = number;
  return high;
}

function protocols({ hasProtocol, byTransport, clients }: Sessions): ReadonlyMap<string, number> | undefined {
  if (!hasProtocol) return undefined;
  const ofClients = sumBy(clients.byProtocol, ([protocol]) => protocolLabel(protocol), numberOf);
  const ofLocalRpc = [...byTransport].filter(([transport]) => transport === 'rpc');
  return top(new Map([...ofClients, ...ofLocalRpc]), MAX_PROTOCOLS, 'other');
}

function sessionsByClient({ results: { sessions }, state }: ScrapeData): readonly Sample<'client' | 'version'>[] {
  const labels = sumBy(
    sessions?.clients.byLabels ?? [],
    ([client]) => (state.clientsShown.has(client) ? client : withoutVersion(client)),
    numberOf,
  );
  return [...labels].map(([client, value]) => ({ labels: clientOf(client), value }));
}

function withoutVersion(client: string): string {
  return clientKey({ ...clientOf(client), version: 'other' });
}

const numberOf = ([, count]: readonly [unknown, number]): number => count;

function throttled({ flagSemantics, clients }: Sessions, { initialConcurrent }: ScrapeData['settings']): number {
  const unthrottled = {
    priority: HIGHEST_UNDELAYED_PRIORITY,
    'concurrency-of-6': INITIAL_CONCURRENT_BEFORE_COSTS,
    concurrency: initialConcurrent ?? INITIAL_CONCURRENT,
  }[flagSemantics];
  return [...clients.byNumber].reduce((sum, [number = unthrottled, count]) => {
    const isThrottled = flagSemantics === 'priority' ? number > unthrottled : number < unthrottled;
    return isThrottled ? sum + count : sum;
  }, 0);
}

function sessionsByCost({ results: { sessions }, settings }: ScrapeData) {
  const limits = costLimits(settings);
  if (!limits || !sessions?.hasCost) return [];
  const { costs } = sessions.clients;
  const overHard = countAbove(limits.hard, costs);
  const overSoft = countAbove(Math.min(limits.soft, limits.hard), costs);
  return byLabel('band', [
    ['below_soft', costs.length - overSoft],
    ['soft_to_hard', overSoft - overHard],
    ['over_hard', overHard],
  ]);
}
