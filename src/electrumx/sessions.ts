// What `sessions` says: one row for each connection, LocalRPC's own included.
import { toNumber, toText } from './fields.ts';
import { decodeRows, numericCells, type Rows } from './rows.ts';

export type Transport = 'tcp' | 'ssl' | 'ws' | 'rpc' | 'other';

/** One connection. Sizes in bytes, times in seconds; client and protocol are whatever the client sent. */
export interface Session {
  readonly id: number;
  readonly transport: Transport;
  readonly closing: boolean;
  /** the number in the flags: see `Sessions.numberMeans` */
  readonly number: number | undefined;
  readonly client: string;
  readonly protocol: string | undefined;
  /** its own cost and its share of the group's, since 1.10.1 */
  readonly cost: number | undefined;
  readonly extraCost: number | undefined;
  readonly subs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/**
 * `numberMeans` says how to read the number in the flags:
 * - `priority`, up to 1.3: lower is better, above 5 a client is being delayed
 * - `concurrency-of-6`, 1.4 to 1.10.0: requests at a time, below 6 a client is being throttled
 * - `concurrency`, 1.10.1 and later: the same, from INITIAL_CONCURRENT down to 0
 */
export interface Sessions extends Rows<Session> {
  readonly numberMeans: 'priority' | 'concurrency-of-6' | 'concurrency';
}

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize', 'time'] as const;
const LAYOUTS = {
  12: ['id', 'flags', 'peer', 'client', ...COUNTERS],
  13: ['id', 'flags', 'peer', 'client', 'protocol', ...COUNTERS],
  14: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', ...COUNTERS],
  15: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', 'extraCost', ...COUNTERS],
};

const FLAGS = /^([A-Z])(C?)(L?)(-?\d{1,9})$/;
const TRANSPORT_LETTERS: Readonly<Record<string, Transport>> = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' };

/** Decodes a `sessions` result; rows of 12, 13, 14 and 15 cells. `undefined`: no ElectrumX answers like this. */
export function decodeSessions(reply: unknown): Sessions | undefined {
  const decoded = decodeRows(reply, LAYOUTS, decodeSession);
  return decoded && { ...decoded, numberMeans: numberMeans(decoded.rows) };
}

function decodeSession(cells: Readonly<Record<string, unknown>>): Session | undefined {
  const numbers = numericCells(cells, ['id', ...COUNTERS]);
  if (!numbers || !Number.isInteger(numbers.id) || numbers.id < 0) return undefined;
  const flags = FLAGS.exec(toText(cells['flags']) ?? '');
  return {
    id: numbers.id,
    transport: TRANSPORT_LETTERS[flags?.[1] ?? ''] ?? 'other',
    closing: flags?.[2] === 'C',
    number: flags ? Number(flags[4]) : undefined,
    client: toText(cells['client']) ?? '',
    protocol: toText(cells['protocol']),
    cost: toNumber(cells['cost']),
    extraCost: toNumber(cells['extraCost']),
    subs: numbers.subs,
    receivedBytes: numbers.recvSize,
    sentBytes: numbers.sendSize,
  };
}

/** The asker's own row decides between the first two: LocalRPC has priority 0, or a concurrency of 6. */
function numberMeans(rows: readonly Session[]): Sessions['numberMeans'] {
  if (rows.some((row) => row.cost !== undefined)) return 'concurrency';
  const rpc = rows.find((row) => row.transport === 'rpc');
  return rpc?.number === 0 || rows.every((row) => row.protocol === undefined) ? 'priority' : 'concurrency-of-6';
}
