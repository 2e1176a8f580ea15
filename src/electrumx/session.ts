// One row of `sessions`: one connection, LocalRPC's own included.
import { toNumber, toText } from './fields.ts';
import { cell, layouts, readRows, type Layouts, type Places } from './rows.ts';

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

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize', 'time'] as const;
const LAYOUTS = layouts(
  {
    12: ['id', 'flags', 'peer', 'client', ...COUNTERS],
    13: ['id', 'flags', 'peer', 'client', 'protocol', ...COUNTERS],
    14: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', ...COUNTERS],
    15: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', 'extraCost', ...COUNTERS],
  },
  ['id', ...COUNTERS],
);
type Cell = typeof LAYOUTS extends Layouts<infer Name> ? Name : never;

type Flags = Pick<Session, 'transport' | 'closing' | 'number'>;

const FLAGS = /^([A-Z])(C?)(L?)(-?\d{1,9})$/;
const TRANSPORT_LETTERS: Readonly<Record<string, Transport>> = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' };

/** Gives each session to `take`, and returns how many rows could not be read; rows of 12, 13, 14 and 15 cells. `undefined`: no table. */
export function readSessions(reply: unknown, take: (session: Session) => void): number | undefined {
  const flagsOf = flagReader();
  return readRows(reply, LAYOUTS, (cells, at) => decodeSession(cells, at, flagsOf), take);
}

function decodeSession(
  cells: readonly unknown[],
  at: Places<Cell>,
  flagsOf: (flags: unknown) => Flags,
): Session | undefined {
  const id = cell(cells, at.id) as number;
  if (!Number.isInteger(id) || id < 0) return undefined;
  const { transport, closing, number } = flagsOf(cell(cells, at.flags));
  return {
    id,
    transport,
    closing,
    number,
    client: toText(cell(cells, at.client)) ?? '',
    protocol: toText(cell(cells, at.protocol)),
    cost: toNumber(cell(cells, at.cost)),
    extraCost: toNumber(cell(cells, at.extraCost)),
    subs: cell(cells, at.subs) as number,
    receivedBytes: cell(cells, at.recvSize) as number,
    sentBytes: cell(cells, at.sendSize) as number,
  };
}

/** Reads each text once: thousands of sessions share a few. */
function flagReader(): (flags: unknown) => Flags {
  const known = new Map<unknown, Flags>();
  return (text) => {
    const seen = known.get(text);
    if (seen) return seen;
    const flags = readFlags(toText(text) ?? '');
    known.set(text, flags);
    return flags;
  };
}

function readFlags(text: string): Flags {
  const flags = FLAGS.exec(text);
  return {
    transport: TRANSPORT_LETTERS[flags?.[1] ?? ''] ?? 'other',
    closing: flags?.[2] === 'C',
    number: flags ? Number(flags[4]) : undefined,
  };
}
