// One row of `sessions`: its cells, and the meaning of its flags.
import { layouts, type CellNames, type Layouts } from './rows.ts';

export type SessionTransport = 'tcp' | 'ssl' | 'ws' | 'rpc' | 'other';

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize', 'time'] as const;

export type SessionCell =
  'id' | 'flags' | 'peer' | 'client' | 'protocol' | 'cost' | 'extraCost' | (typeof COUNTERS)[number];

/** Sizes are in bytes, times in seconds. `client` and `protocol` are whatever the client sent. */
export const SESSION_CELLS: CellNames<SessionCell> = {
  12: ['id', 'flags', 'peer', 'client', ...COUNTERS],
  13: ['id', 'flags', 'peer', 'client', 'protocol', ...COUNTERS],
  14: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', ...COUNTERS],
  15: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', 'extraCost', ...COUNTERS],
};

export const SESSION_LAYOUTS: Layouts<SessionCell> = layouts(SESSION_CELLS, ['id', ...COUNTERS]);

export interface Flags {
  readonly transport: SessionTransport;
  readonly closing: boolean;
  /** see `Sessions.flagSemantics` */
  readonly number: number | undefined;
}

const FLAGS = /^([A-Z])(C?)(L?)(-?\d{1,9})$/;
const TRANSPORT_LETTERS: Readonly<Record<string, SessionTransport>> = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' };

/** Flags that no release sends have the transport `other` and no number. */
export function readFlags(text: string): Flags {
  const flags = FLAGS.exec(text);
  return {
    transport: TRANSPORT_LETTERS[flags?.[1] ?? ''] ?? 'other',
    closing: flags?.[2] === 'C',
    number: flags ? Number(flags[4]) : undefined,
  };
}
