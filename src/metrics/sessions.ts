// What sessions shows: who is connected, by kinds that strangers cannot multiply, and what they have moved.
import type { Transport } from '../electrumx/session.ts';
import type { Sessions } from '../electrumx/sessions.ts';
import { sumBy, top, withZeros } from './count.ts';
import { by, counter, gauge, only, type Sample, type View } from './define.ts';
import { clientLabels, OTHER_CLIENT, protocolLabel } from './labels.ts';
import { costLimits, initialConcurrent } from './limits.ts';

const TRANSPORTS: readonly Transport[] = ['tcp', 'ssl', 'ws', 'rpc', 'other'];
const MOST_CLIENTS = 20;
const MOST_PROTOCOLS = 10;

export const SESSIONS_METRICS = [
  gauge({
    name: 'electrumx_sessions_by_transport',
    help: 'Open sessions by the way they came in; ws is both plain and over TLS, rpc is LocalRPC with this exporter.',
    source: 'sessions: Flags',
    labels: ['transport'],
    read: ({ sessions }) => by('transport', sessions && withZeros(TRANSPORTS, sessions.byTransport)),
  }),
  gauge({
    name: 'electrumx_sessions_by_protocol',
    help: 'Open sessions by negotiated protocol version, the 10 most frequent; rpc is LocalRPC. Before the handshake a default.',
    source: 'sessions: Proto',
    labels: ['protocol'],
    read: ({ sessions }) => by('protocol', sessions && protocols(sessions)),
  }),
  gauge({
    name: 'electrumx_sessions_by_client',
    help: 'Open sessions without LocalRPC by known wallet family and version, the 20 most frequent; unknown: did not say.',
    source: 'sessions: Client',
    labels: ['client', 'version'],
    read: sessionsByClient,
  }),
  gauge({
    name: 'electrumx_sessions_throttled',
    help: 'Sessions that the server is slowing down, by the number in their flags.',
    source: 'sessions: Flags',
    read: ({ sessions, told }) => only(sessions && throttled(sessions, told)),
  }),
  gauge({
    name: 'electrumx_session_cost_max',
    help: 'Highest cost of a session, with its share of its group. 1.10.1 and later.',
    source: 'sessions: Cost, XCost',
    read: ({ sessions }) =>
      only(sessions?.clients.costs.reduce<number | undefined>((a, b) => Math.max(a ?? b, b), undefined)),
  }),
  gauge({
    name: 'electrumx_sessions_by_cost',
    help: 'Sessions by where their cost stands against COST_SOFT_LIMIT and COST_HARD_LIMIT. 1.10.1 and later.',
    source: 'sessions: Cost, XCost',
    labels: ['band'],
    read: sessionsByCost,
  }),
  counter({
    name: 'electrumx_sessions_opened_total',
    help: 'Sessions opened since the server started: the highest id plus 1. LocalRPC, and so each scrape of this exporter, is included.',
    source: 'sessions: ID',
    read: ({ sessions, memory }) => only(sessions && memory.traffic?.opened),
  }),
  counter({
    name: 'electrumx_session_received_bytes_total',
    help: 'Bytes seen to come from clients between scrapes; a lower bound, without what sessions move after the last scrape of them.',
    source: 'sessions: Recv KB',
    read: ({ sessions, memory }) => only(sessions && memory.traffic?.receivedBytes),
  }),
  counter({
    name: 'electrumx_session_sent_bytes_total',
    help: 'Bytes seen to go to clients between scrapes; a lower bound, without what sessions move after the last scrape of them.',
    source: 'sessions: Sent KB',
    read: ({ sessions, memory }) => only(sessions && memory.traffic?.sentBytes),
  }),
];

function protocols({ tellsProtocol, byTransport, clients }: Sessions): ReadonlyMap<string, number> | undefined {
  if (!tellsProtocol) return undefined;
  const ofClients = sumBy(clients.byProtocol, ([protocol]) => protocolLabel(protocol), numberOf);
  const ofLocalRpc = [...byTransport].filter(([transport]) => transport === 'rpc');
  return top(new Map([...ofClients, ...ofLocalRpc]), MOST_PROTOCOLS, 'other');
}

function sessionsByClient({ sessions }: View): readonly Sample<'client' | 'version'>[] {
  const names = sumBy(sessions?.clients.byName ?? [], ([name]) => JSON.stringify(clientLabels(name)), numberOf);
  return [...top(names, MOST_CLIENTS, JSON.stringify(OTHER_CLIENT))].map(([labels, value]) => ({
    labels: JSON.parse(labels) as { client: string; version: string },
    value,
  }));
}

const numberOf = ([, count]: readonly [unknown, number]): number => count;

function throttled({ numberMeans, clients }: Sessions, told: View['told']): number {
  const fullSpeed = { priority: 5, 'concurrency-of-6': 6, concurrency: initialConcurrent(told) }[numberMeans];
  return [...clients.byNumber].reduce((sum, [number = fullSpeed, count]) => {
    const isSlow = numberMeans === 'priority' ? number > fullSpeed : number < fullSpeed;
    return isSlow ? sum + count : sum;
  }, 0);
}

function sessionsByCost({ sessions, told }: View) {
  const limits = costLimits(told);
  if (!limits || !sessions?.tellsCost) return [];
  const { costs } = sessions.clients;
  const overHard = costs.filter((cost) => cost > limits.hard).length;
  const notOverSoft = costs.filter((cost) => cost <= limits.soft && cost <= limits.hard).length;
  return by('band', [
    ['below_soft', notOverSoft],
    ['soft_to_hard', costs.length - notOverSoft - overHard],
    ['over_hard', overHard],
  ]);
}
