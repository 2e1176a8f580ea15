// What `sessions` says, added up: a server may have 100,000 of them, so each is counted as it is read and then forgotten.
import { Column } from './column.ts';
import { numberAt, cellsOf, placesIn, sumUp, sumUpInTurns, textAt } from './rows.ts';
import type { Cells, Pause, Places, Sums } from './rows.ts';
import { readFlags, SESSION_ROWS, type Flags, type SessionCell, type Transport } from './session.ts';
import { NOTHING, Tally } from './tally.ts';

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
  return sumUp(reply, new Census());
}

export function decodeSessionsInTurns(reply: unknown, pause: Pause): Promise<Sessions | undefined> {
  return sumUpInTurns(reply, new Census(), pause);
}

class Census implements Sums<Sessions> {
  readonly #kinds = new Tally<string, Flags>('', readFlags);
  readonly #clients = new ClientCensus();
  #badRows = 0;
  #tellsCost = false;
  #tellsProtocol = false;
  #withSubs = 0;
  #highestId = -1;

  take(row: unknown): void {
    const cells = cellsOf(row);
    const at = cells && placesIn(SESSION_ROWS, cells);
    if (!at || !this.#count(cells, at)) this.#badRows += 1;
  }

  /** False for a row whose id is none. */
  #count(cells: Cells, at: Places<SessionCell>): boolean {
    const id = numberAt(cells, at.id);
    if (id < 0 || !Number.isInteger(id)) return false;
    this.#highestId = Math.max(this.#highestId, id);
    this.#tellsCost ||= !Number.isNaN(numberAt(cells, at.cost));
    this.#tellsProtocol ||= textAt(cells, at.protocol) !== undefined;
    if (numberAt(cells, at.subs) > 0) this.#withSubs += 1;
    if (this.#kinds.add(textAt(cells, at.flags) ?? '').transport !== 'rpc') this.#clients.take(id, cells, at);
    return true;
  }

  result(): Sessions {
    const { ofLocalRpc, byNumber, ...sums } = sumsOf(this.#kinds.entries());
    return {
      badRows: this.#badRows,
      tellsCost: this.#tellsCost,
      tellsProtocol: this.#tellsProtocol,
      numberMeans: this.#tellsCost ? 'concurrency' : withoutCosts(ofLocalRpc, this.#tellsProtocol),
      ...sums,
      withSubs: this.#withSubs,
      highestId: this.#highestId,
      clients: { ...this.#clients.result(), byNumber },
    };
  }
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

class ClientCensus {
  readonly #byName = new Tally('other', NOTHING);
  readonly #byProtocol = new Tally<string | undefined, undefined>('other', NOTHING);
  readonly #costs = new Column();
  readonly #ids = new Column();
  readonly #receivedBytes = new Column();
  readonly #sentBytes = new Column();

  take(id: number, cells: Cells, at: Places<SessionCell>): void {
    this.#byName.add(textAt(cells, at.client) ?? '');
    this.#byProtocol.add(textAt(cells, at.protocol));
    const cost = numberAt(cells, at.cost);
    const extraCost = numberAt(cells, at.extraCost);
    if (!Number.isNaN(cost)) this.#costs.add(Number.isNaN(extraCost) ? cost : cost + extraCost);
    this.#ids.add(id);
    this.#receivedBytes.add(numberAt(cells, at.recvSize));
    this.#sentBytes.add(numberAt(cells, at.sendSize));
  }

  result(): Omit<Clients, 'byNumber'> {
    return {
      byName: this.#byName.counts(),
      byProtocol: this.#byProtocol.counts(),
      costs: this.#costs.numbers(),
      moved: byRisingId({
        ids: this.#ids.numbers(),
        receivedBytes: this.#receivedBytes.numbers(),
        sentBytes: this.#sentBytes.numbers(),
      }),
    };
  }
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
