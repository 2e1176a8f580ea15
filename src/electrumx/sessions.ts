// What `sessions` says, added up: a server may have 100,000 of them, so each is counted as it is read and then forgotten.
import { slicesOf } from './rows.ts';
import { readSessions, type Session, type Transport } from './session.ts';

export interface Sessions {
  readonly badRows: number;
  /**
   * How to read the number in the flags:
   * - `priority`, up to 1.3: lower is better, above 5 a client is being delayed
   * - `concurrency-of-6`, 1.4 to 1.10.0: requests at a time, below 6 a client is being throttled
   * - `concurrency`, 1.10.1 and later: the same, from INITIAL_CONCURRENT down to 0
   */
  readonly numberMeans: 'priority' | 'concurrency-of-6' | 'concurrency';
  /** whether rows have a cost, and a protocol */
  readonly tellsCost: boolean;
  readonly tellsProtocol: boolean;
  readonly byTransport: ReadonlyMap<Transport, number>;
  readonly closing: number;
  readonly withSubs: number;
  /** -1 where there is no session */
  readonly highestId: number;
  readonly clients: Clients;
}

/** All sessions but LocalRPC's. */
export interface Clients {
  /** by what they call themselves, by protocol, and by the number in their flags */
  readonly byName: ReadonlyMap<string, number>;
  readonly byProtocol: ReadonlyMap<string | undefined, number>;
  readonly byNumber: ReadonlyMap<number | undefined, number>;
  /** what each costs, with its share of the group; none before 1.10.1 */
  readonly costs: readonly number[];
  readonly moved: Moved;
}

/** What sessions have moved, in columns that take little memory: the ids rise, or stay where a server shows one twice. */
export interface Moved {
  readonly ids: readonly number[];
  readonly receivedBytes: readonly number[];
  readonly sentBytes: readonly number[];
}

/** Decodes a `sessions` result; rows of 12, 13, 14 and 15 cells. `undefined`: no ElectrumX answers like this. */
export function decodeSessions(reply: unknown): Sessions | undefined {
  const sums = census();
  const badRows = readSessions(reply, sums.take);
  return badRows === undefined ? undefined : sums.result(badRows);
}

/** How long decoding may keep everything else waiting, in milliseconds. */
const TURN_MS = 2;

/** The same, a slice after the other, in turns with whatever else there is to do: a long table takes a tenth of a second. */
export async function decodeSessionsInTurns(reply: unknown): Promise<Sessions | undefined> {
  const slices = slicesOf(reply);
  if (!slices) return undefined;
  const sums = census();
  let badRows = 0;
  let turn = performance.now();
  for (const slice of slices) {
    badRows += readSessions(slice, sums.take) ?? 0;
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise(setImmediate);
    turn = performance.now();
  }
  return sums.result(badRows);
}

function census() {
  const byTransport = tally<Transport>();
  const clients = clientCensus();
  const so = { tellsCost: false, tellsProtocol: false, closing: 0, withSubs: 0, highestId: -1 };
  let ofLocalRpc: Session | undefined;
  return {
    take: (session: Session) => {
      byTransport.add(session.transport);
      so.highestId = Math.max(so.highestId, session.id);
      so.tellsCost ||= session.cost !== undefined;
      so.tellsProtocol ||= session.protocol !== undefined;
      if (session.closing) so.closing += 1;
      if (session.subs > 0) so.withSubs += 1;
      if (session.transport === 'rpc') ofLocalRpc ??= session;
      else clients.take(session);
    },
    result: (badRows: number): Sessions => {
      const numberMeans = so.tellsCost ? 'concurrency' : withoutCosts(ofLocalRpc, so.tellsProtocol);
      return { ...so, badRows, numberMeans, byTransport: byTransport.counts(), clients: clients.result() };
    },
  };
}

/** The asker's own row decides: LocalRPC has priority 0, or a concurrency of 6. */
function withoutCosts(ofLocalRpc: Session | undefined, tellsProtocol: boolean): Sessions['numberMeans'] {
  return ofLocalRpc?.number === 0 || !tellsProtocol ? 'priority' : 'concurrency-of-6';
}

function clientCensus() {
  const byName = tally<string>();
  const byProtocol = tally<string | undefined>();
  const byNumber = tally<number | undefined>();
  const costs: number[] = [];
  const moved = { ids: [] as number[], receivedBytes: [] as number[], sentBytes: [] as number[] };
  return {
    take: (session: Session) => {
      byName.add(session.client);
      byProtocol.add(session.protocol);
      byNumber.add(session.number);
      if (session.cost !== undefined) costs.push(session.cost + (session.extraCost ?? 0));
      moved.ids.push(session.id);
      moved.receivedBytes.push(session.receivedBytes);
      moved.sentBytes.push(session.sentBytes);
    },
    result: (): Clients => ({
      byName: byName.counts(),
      byProtocol: byProtocol.counts(),
      byNumber: byNumber.counts(),
      costs,
      moved: byRisingId(moved),
    }),
  };
}

/** Counts in place: one look-up for each of 100,000 sessions, and not two. */
function tally<Key>() {
  const counters = new Map<Key, { count: number }>();
  return {
    add: (key: Key) => {
      const counter = counters.get(key);
      if (counter) counter.count += 1;
      else counters.set(key, { count: 1 });
    },
    counts: (): ReadonlyMap<Key, number> => new Map([...counters].map(([key, { count }]) => [key, count])),
  };
}

/** As they are: every known server shows the oldest first. */
function byRisingId(moved: Moved): Moved {
  const { ids } = moved;
  if (ids.every((id, i) => i === 0 || id >= (ids[i - 1] ?? 0))) return moved;
  const order = [...ids.keys()].sort((a, b) => (ids[a] ?? 0) - (ids[b] ?? 0));
  const inOrder = (column: readonly number[]) => order.map((i) => column[i] ?? 0);
  return { ids: inOrder(ids), receivedBytes: inOrder(moved.receivedBytes), sentBytes: inOrder(moved.sentBytes) };
}
