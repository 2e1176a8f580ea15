// What `sessions` says, added up: a server may have 100,000 of them, so each is counted as it is read and then forgotten.
import { column } from './column.ts';
import { numberAt, cellsOf, placesIn, sumUp, sumUpInTurns, textAt } from './rows.ts';
import type { Cells, Pause, Places, Sums } from './rows.ts';
import { readFlags, SESSION_ROWS, type Flags, type SessionCell, type Transport } from './session.ts';
import { NOTHING, tally } from './tally.ts';

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
  const kinds = tally<string, Flags>('', readFlags);
  const clients = clientCensus();
  const so = { badRows: 0, tellsCost: false, tellsProtocol: false, withSubs: 0, highestId: -1 };
  const leaveOut = () => void (so.badRows += 1);
  return {
    take: (row) => {
      const cells = cellsOf(row);
      const at = cells && placesIn(SESSION_ROWS, cells);
      if (!cells || !at) return leaveOut();
      const id = numberAt(cells, at.id);
      if (id < 0 || !Number.isInteger(id)) return leaveOut();
      so.highestId = Math.max(so.highestId, id);
      so.tellsCost ||= !Number.isNaN(numberAt(cells, at.cost));
      so.tellsProtocol ||= textAt(cells, at.protocol) !== undefined;
      if (numberAt(cells, at.subs) > 0) so.withSubs += 1;
      if (kinds.add(textAt(cells, at.flags) ?? '').transport !== 'rpc') clients.take(id, cells, at);
    },
    result: () => {
      const { ofLocalRpc, byNumber, ...sums } = sumsOf(kinds.entries());
      const numberMeans = so.tellsCost ? 'concurrency' : withoutCosts(ofLocalRpc, so.tellsProtocol);
      return { ...so, ...sums, numberMeans, clients: { ...clients.result(), byNumber } };
    },
  };
}

/** The asker's own row decides: LocalRPC has priority 0, or a concurrency of 6. */
function withoutCosts(ofLocalRpc: Flags | undefined, tellsProtocol: boolean): Sessions['numberMeans'] {
  return ofLocalRpc?.number === 0 || !tellsProtocol ? 'priority' : 'concurrency-of-6';
}

/** What sessions come to by their flags: each text of them is read once, because thousands share a few. */
function sumsOf(kinds: ReadonlyMap<string, { readonly about: Flags; readonly count: number }>) {
  const byTransport = new Map<Transport, number>();
  const byNumber = new Map<number | undefined, number>();
  let closing = 0;
  let ofLocalRpc: Flags | undefined;
  for (const { about: flags, count } of kinds.values()) {
    byTransport.set(flags.transport, (byTransport.get(flags.transport) ?? 0) + count);
    if (flags.closing) closing += count;
    if (flags.transport === 'rpc') ofLocalRpc ??= flags;
    else byNumber.set(flags.number, (byNumber.get(flags.number) ?? 0) + count);
  }
  return { byTransport, byNumber, closing, ofLocalRpc };
}

function clientCensus() {
  const byName = tally('other', NOTHING);
  const byProtocol = tally<string | undefined, undefined>('other', NOTHING);
  const costs = column();
  const ids = column();
  const receivedBytes = column();
  const sentBytes = column();
  return {
    take: (id: number, cells: Cells, at: Places<SessionCell>) => {
      byName.add(textAt(cells, at.client) ?? '');
      byProtocol.add(textAt(cells, at.protocol));
      const cost = numberAt(cells, at.cost);
      const extraCost = numberAt(cells, at.extraCost);
      if (!Number.isNaN(cost)) costs.add(Number.isNaN(extraCost) ? cost : cost + extraCost);
      ids.add(id);
      receivedBytes.add(numberAt(cells, at.recvSize));
      sentBytes.add(numberAt(cells, at.sendSize));
    },
    result: () => ({
      byName: byName.counts(),
      byProtocol: byProtocol.counts(),
      costs: costs.numbers(),
      moved: byRisingId({ ids: ids.numbers(), receivedBytes: receivedBytes.numbers(), sentBytes: sentBytes.numbers() }),
    }),
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
