// What `sessions` says, added up: a server may have 100,000 of them, so each is counted as it is read and then forgotten.
import { column } from './column.ts';
import { numberAt, rowReader, sumUp, sumUpInTurns, textAt } from './rows.ts';
import type { Cells, Pause, Places, Sums } from './rows.ts';
import { flagReader, SESSION_ROWS, type Flags, type SessionCell, type Transport } from './session.ts';

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
  /** by what they call themselves, by protocol, and by the number in their flags; from 10,000 different ones on the rest is `other` */
  readonly byName: ReadonlyMap<string, number>;
  readonly byProtocol: ReadonlyMap<string | undefined, number>;
  readonly byNumber: ReadonlyMap<number | undefined, number>;
  /** what each costs, with its share of the group; none before 1.10.1 */
  readonly costs: Float64Array;
  readonly moved: Moved;
}

/** What sessions have moved, in columns that take little memory: the ids rise, or stay where a server shows one twice. */
export interface Moved {
  readonly ids: Float64Array;
  readonly receivedBytes: Float64Array;
  readonly sentBytes: Float64Array;
}

/** Decodes a `sessions` result; rows of 12, 13, 14 and 15 cells. `undefined`: no ElectrumX answers like this. */
export function decodeSessions(reply: unknown): Sessions | undefined {
  return sumUp(reply, census());
}

export function decodeSessionsInTurns(reply: unknown, pause: Pause): Promise<Sessions | undefined> {
  return sumUpInTurns(reply, census(), pause);
}

function census(): Sums<Sessions> {
  const flagsOf = flagReader();
  const byTransport = tally<Transport>('other');
  const clients = clientCensus();
  const so = { badRows: 0, tellsCost: false, tellsProtocol: false, closing: 0, withSubs: 0, highestId: -1 };
  let numberOfLocalRpc: number | undefined;
  const isGood = rowReader(SESSION_ROWS, (cells, at) => {
    const id = numberAt(cells, at.id) ?? -1;
    if (!Number.isInteger(id) || id < 0) return false;
    const flags = flagsOf(textAt(cells, at.flags));
    byTransport.add(flags.transport);
    so.highestId = Math.max(so.highestId, id);
    so.tellsCost ||= numberAt(cells, at.cost) !== undefined;
    so.tellsProtocol ||= textAt(cells, at.protocol) !== undefined;
    if (flags.closing) so.closing += 1;
    if ((numberAt(cells, at.subs) ?? 0) > 0) so.withSubs += 1;
    if (flags.transport === 'rpc') numberOfLocalRpc ??= flags.number;
    else clients.take(id, flags, cells, at);
    return true;
  });
  return {
    take: (row) => {
      if (!isGood(row)) so.badRows += 1;
    },
    result: () => {
      const numberMeans = so.tellsCost ? 'concurrency' : withoutCosts(numberOfLocalRpc, so.tellsProtocol);
      return { ...so, numberMeans, byTransport: byTransport.counts(), clients: clients.result() };
    },
  };
}

/** The asker's own row decides: LocalRPC has priority 0, or a concurrency of 6. */
function withoutCosts(numberOfLocalRpc: number | undefined, tellsProtocol: boolean): Sessions['numberMeans'] {
  return numberOfLocalRpc === 0 || !tellsProtocol ? 'priority' : 'concurrency-of-6';
}

const OTHER = 'other';

function clientCensus() {
  const byName = tally(OTHER);
  const byProtocol = tally<string | undefined>(OTHER);
  const byNumber = tally<number | undefined>(undefined);
  const costs = column();
  const ids = column();
  const receivedBytes = column();
  const sentBytes = column();
  return {
    take: (id: number, { number }: Flags, cells: Cells, at: Places<SessionCell>) => {
      byName.add(textAt(cells, at.client) ?? '');
      byProtocol.add(textAt(cells, at.protocol));
      byNumber.add(number);
      const cost = numberAt(cells, at.cost);
      if (cost !== undefined) costs.add(cost + (numberAt(cells, at.extraCost) ?? 0));
      ids.add(id);
      receivedBytes.add(numberAt(cells, at.recvSize) ?? 0);
      sentBytes.add(numberAt(cells, at.sendSize) ?? 0);
    },
    result: (): Clients => ({
      byName: byName.counts(),
      byProtocol: byProtocol.counts(),
      byNumber: byNumber.counts(),
      costs: costs.numbers(),
      moved: byRisingId({ ids: ids.numbers(), receivedBytes: receivedBytes.numbers(), sentBytes: sentBytes.numbers() }),
    }),
  };
}

/** Of different keys; the rest is counted under one. A client may call itself something else each time it connects. */
const MOST_KEYS = 10_000;

/** Counts in place: one look-up for each of 100,000 sessions, and not two. */
function tally<Key>(rest: Key) {
  const counters = new Map<Key, { count: number }>();
  const counterOf = (key: Key): { count: number } => {
    const known = counters.get(key);
    if (known) return known;
    if (counters.size >= MOST_KEYS && key !== rest) return counterOf(rest);
    const counter = { count: 0 };
    counters.set(key, counter);
    return counter;
  };
  return {
    add: (key: Key) => void (counterOf(key).count += 1),
    counts: (): ReadonlyMap<Key, number> => new Map([...counters].map(([key, { count }]) => [key, count])),
  };
}

/** As they are: every known server shows the oldest first. */
function byRisingId(moved: Moved): Moved {
  const { ids } = moved;
  let inOrder = 1;
  while (inOrder < ids.length && (ids[inOrder] ?? 0) >= (ids[inOrder - 1] ?? 0)) inOrder += 1;
  if (inOrder >= ids.length) return moved;
  const order = [...ids.keys()].sort((a, b) => (ids[a] ?? 0) - (ids[b] ?? 0));
  const sorted = (numbers: Float64Array) => Float64Array.from(order, (i) => numbers[i] ?? 0);
  return { ids: sorted(ids), receivedBytes: sorted(moved.receivedBytes), sentBytes: sorted(moved.sentBytes) };
}
