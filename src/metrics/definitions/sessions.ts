// What sessions shows: who is connected, by kinds that strangers cannot multiply, and what they have moved.
import type { Transport } from '../../electrumx/session.ts';
import type { Sessions } from '../../electrumx/sessions.ts';
import { sumBy, top, withZeros } from '../count.ts';
import { by, counter, gauge, only, type Sample, type View } from '../metric.ts';
import { clientLabels, OTHER_CLIENT, protocolLabel } from '../labels.ts';
import { costLimits, initialConcurrent } from '../limits.ts';

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
    read: ({ sessions }) => only(sessions && highest(sessions.clients.costs)),
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

/** `undefined` of none. A loop over places, because there can be 100,000, and `for of` would make an object of each. */
function highest(numbers: Float64Array): number | undefined {
  let highest = -Infinity;
  for (let i = 0; i < numbers.length; i += 1) highest = Math.max(highest, numbers[i] ?? 0);
  return numbers.length === 0 ? undefined : highest;
}

/** How many of them are higher than `limit`. */
function countAbove(limit: number, numbers: Float64Array): number {
  let count = 0;
  for (let i = 0; i < numbers.length; i += 1) if ((numbers[i] ?? 0) > limit) count += 1;
  return count;
}

function protocols({ tellsProtocol, byTransport, clients }: Sessions): ReadonlyMap<string, number> | undefined {
  if (!tellsProtocol) return undefined;
  const ofClients = sumBy(clients.byProtocol, ([protocol]) => protocolLabel(protocol), numberOf);
  const ofLocalRpc = [...byTransport].filter(([transport]) => transport === 'rpc');
  return top(new Map([...ofClients, ...ofLocalRpc]), MOST_PROTOCOLS, 'other');
}

function sessionsByClient({ sessions, memory }: View): readonly Sample<'client' | 'version'>[] {
  const labels = sumBy(
    sessions ? clients(sessions) : [],
    ([client]) => (memory.clientsShown.has(client) ? client : withoutVersion(client)),
    numberOf,
  );
  return [...top(labels, MOST_CLIENTS, JSON.stringify(OTHER_CLIENT))].map(([client, value]) => ({
    labels: JSON.parse(client) as ReturnType<typeof clientLabels>,
    value,
  }));
}

/** How many sessions there are of each kind of client that would be shown, the most frequent first; each is the JSON of its labels. */
export function clients({ clients: { byName } }: Sessions): ReadonlyMap<string, number> {
  const labels = sumBy(byName, ([name]) => JSON.stringify(clientLabels(name)), numberOf);
  return top(labels, MOST_CLIENTS, JSON.stringify(OTHER_CLIENT));
}

function withoutVersion(client: string): string {
  return JSON.stringify({ ...(JSON.parse(client) as ReturnType<typeof clientLabels>), version: 'other' });
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
  const overHard = countAbove(limits.hard, costs);
  const overSoft = countAbove(Math.min(limits.soft, limits.hard), costs);
  return by('band', [
    ['below_soft', costs.length - overSoft],
    ['soft_to_hard', overSoft - overHard],
    ['over_hard', overHard],
  ]);
}
