// What `sessions` says, added up. A server can have 100,000 sessions, so no object per session is kept.
import { clientsByLabels } from './client-families.ts';
import { NumberColumn } from './number-column.ts';
import { countsIn, newTally, sumBy, tallyOf, type Tally } from './count.ts';
import { isNumber } from './fields.ts';
import { numberAt, positionsIn, stringAt, type Positions, type Row } from './rows.ts';
import { readFlags, SESSION_LAYOUTS, type Flags, type SessionCell, type SessionTransport } from './session-row.ts';

/**
 * What the number in the flags means:
 * - `priority`, up to 1.3: lower is better, above 5 the client is delayed
 * - `concurrency-of-6`, 1.4 to 1.10.0: requests at a time, below 6 the client is throttled
 * - `concurrency`, 1.10.1 and later: the same, from INITIAL_CONCURRENT down to 0
 */
export type FlagSemantics = 'priority' | 'concurrency-of-6' | 'concurrency';

export interface Sessions {
  readonly badRows: number;
  readonly flagSemantics: FlagSemantics;
  /** whether rows have a cost, and a protocol */
  readonly hasCost: boolean;
  readonly hasProtocol: boolean;
  readonly byTransport: ReadonlyMap<SessionTransport, number>;
  readonly closing: number;
  readonly withSubs: number;
  /** -1 without sessions */
  readonly highestId: number;
  readonly clients: Clients;
}

/** All sessions but LocalRPC's. */
export interface Clients {
  /** by name, and by protocol; new ones after the first 1,000 count as `other` */
  readonly byName: ReadonlyMap<string, number>;
  readonly byProtocol: ReadonlyMap<string | undefined, number>;
  /** by the number in their flags; new flags after the first 1,000 have no number */
  readonly byNumber: ReadonlyMap<number | undefined, number>;
  /** by family and version, the most frequent first */
  readonly byLabels: ReadonlyMap<string, number>;
  /** the cost of each session, its share of the group's included; empty before 1.10.1 */
  readonly costs: Float64Array;
  /** seconds since each session connected. Negative if the server's clock was set back */
  readonly ages: Float64Array;
  /** most subscriptions of one session; 0 without sessions */
  readonly maxSubs: number;
  /** transactions that they have broadcast */
  readonly transactions: number;
  /** JSON-RPC messages, without regard to their size */
  readonly receivedMessages: number;
  readonly sentMessages: number;
  readonly traffic: ClientTraffic;
}

/** What each session has received and sent, in bytes, as columns ordered by id. A server may list an id twice. */
export interface ClientTraffic {
  readonly ids: Float64Array;
  readonly receivedBytes: Float64Array;
  readonly sentBytes: Float64Array;
}

/** Decodes a `sessions` result with rows of 12, 13, 14 or 15 cells. `undefined`: no ElectrumX answers like this. */
export function decodeSessions(reply: unknown): Sessions | undefined {
  if (!Array.isArray(reply)) return undefined;
  const totals = emptyTotals(reply.length);
  for (const row of reply as unknown[]) {
    const at = positionsIn(SESSION_LAYOUTS, row);
    if (!at || !addSession(totals, row as Row, at)) totals.badRows += 1;
  }
  const { kinds, clients, ...sums } = totals;
  const all = [...kinds.values()];
  const rpc = all.find(isRpc);
  const byName = countsIn(clients.byName);
  return {
    ...sums,
    flagSemantics: flagSemantics(sums, rpc?.flags),
    byTransport: sumBy(all, ({ flags }) => flags.transport, countOf),
    closing: all.filter(({ flags }) => flags.closing).reduce((sum, { count }) => sum + count, 0),
    clients: {
      ...clients,
      costs: clients.costs.numbers,
      ages: clients.ages.numbers,
      byName,
      byLabels: clientsByLabels(byName),
      byProtocol: countsIn(clients.byProtocol),
      byNumber: sumBy(
        all.filter((kind) => !isRpc(kind)),
        ({ flags }) => flags.number,
        countOf,
      ),
      traffic: orderedById(numbersOf(clients.traffic)),
    },
  };
}

/** The sessions with the same flags: thousands of them share a few. */
interface Kind extends Tally {
  readonly flags: Flags;
}

const newKind = (text: string): Kind => ({ count: 0, flags: readFlags(text) });
const isRpc = ({ flags }: Kind): boolean => flags.transport === 'rpc';
const countOf = ({ count }: Tally): number => count;

function emptyTotals(rows: number) {
  return {
    badRows: 0,
    hasCost: false,
    hasProtocol: false,
    withSubs: 0,
    highestId: -1,
    kinds: new Map<string, Kind>(),
    clients: {
      byName: new Map<string, Tally>(),
      byProtocol: new Map<string | undefined, Tally>(),
      costs: new NumberColumn(rows),
      ages: new NumberColumn(rows),
      maxSubs: 0,
      transactions: 0,
      receivedMessages: 0,
      sentMessages: 0,
      traffic: {
        ids: new NumberColumn(rows),
        receivedBytes: new NumberColumn(rows),
        sentBytes: new NumberColumn(rows),
      },
    },
  };
}

type Totals = ReturnType<typeof emptyTotals>;
type At = Positions<SessionCell>;

/** False for a row with an impossible id. */
function addSession(totals: Totals, row: Row, at: At): boolean {
  const id = numberAt(row, at.id);
  if (id < 0 || !Number.isInteger(id)) return false;
  const kind = tallyOf(totals.kinds, stringAt(row, at.flags) ?? '', '', newKind);
  kind.count += 1;
  if (id > totals.highestId) totals.highestId = id;
  if (isNumber(row[at.cost])) totals.hasCost = true;
  if (stringAt(row, at.protocol) !== undefined) totals.hasProtocol = true;
  if (numberAt(row, at.subs) > 0) totals.withSubs += 1;
  if (!isRpc(kind)) addClient(totals.clients, row, at);
  return true;
}

function addClient(clients: Totals['clients'], row: Row, at: At): void {
  tallyOf(clients.byName, stringAt(row, at.client) ?? '', 'other', newTally).count += 1;
  tallyOf(clients.byProtocol, stringAt(row, at.protocol), 'other', newTally).count += 1;
  const cost = row[at.cost];
  const extraCost = row[at.extraCost];
  const subs = numberAt(row, at.subs);
  if (isNumber(cost)) clients.costs.push(isNumber(extraCost) ? cost + extraCost : cost);
  clients.ages.push(numberAt(row, at.time));
  if (subs > clients.maxSubs) clients.maxSubs = subs;
  clients.transactions += numberAt(row, at.txs);
  clients.receivedMessages += numberAt(row, at.recvCount);
  clients.sentMessages += numberAt(row, at.sendCount);
  clients.traffic.ids.push(numberAt(row, at.id));
  clients.traffic.receivedBytes.push(numberAt(row, at.recvSize));
  clients.traffic.sentBytes.push(numberAt(row, at.sendSize));
}

/** Without costs, the row of LocalRPC decides: it has priority 0, or a concurrency of 6. */
function flagSemantics({ hasCost, hasProtocol }: Omit<Totals, 'kinds' | 'clients'>, rpc?: Flags): FlagSemantics {
  if (hasCost) return 'concurrency';
  return rpc?.number === 0 || !hasProtocol ? 'priority' : 'concurrency-of-6';
}

function numbersOf({ ids, receivedBytes, sentBytes }: Totals['clients']['traffic']): ClientTraffic {
  return { ids: ids.numbers, receivedBytes: receivedBytes.numbers, sentBytes: sentBytes.numbers };
}

/** Every known server lists the oldest session first, so there is usually nothing to sort. */
function orderedById(traffic: ClientTraffic): ClientTraffic {
  const { ids, receivedBytes, sentBytes } = traffic;
  if (ids.every((id, i) => i === 0 || id >= (ids[i - 1] ?? 0))) return traffic;
  const order = [...ids.keys()].sort((a, b) => (ids[a] ?? 0) - (ids[b] ?? 0));
  const sorted = (column: Float64Array) => Float64Array.from(order, (i) => column[i] ?? 0);
  return { ids: sorted(ids), receivedBytes: sorted(receivedBytes), sentBytes: sorted(sentBytes) };
}
