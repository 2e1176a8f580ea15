// One row of `sessions`: where its cells stand, and what its flags say. LocalRPC's own connections are among them.
import { layouts, type Layouts } from './rows.ts';

export type Transport = 'tcp' | 'ssl' | 'ws' | 'rpc' | 'other';

const COUNTERS = ['reqs', 'txs', 'subs', 'recvCount', 'recvSize', 'sendCount', 'sendSize', 'time'] as const;

/** Rows of 12, 13, 14 and 15 cells. Sizes in bytes, times in seconds; client and protocol are whatever the client sent. */
export const SESSION_ROWS = layouts(
  {
    12: ['id', 'flags', 'peer', 'client', ...COUNTERS],
    13: ['id', 'flags', 'peer', 'client', 'protocol', ...COUNTERS],
    14: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', ...COUNTERS],
    15: ['id', 'flags', 'peer', 'client', 'protocol', 'cost', 'extraCost', ...COUNTERS],
  },
  ['id', ...COUNTERS],
);
export type SessionCell = typeof SESSION_ROWS extends Layouts<infer Name> ? Name : never;

export interface Flags {
  readonly transport: Transport;
  readonly closing: boolean;
  /** see `Sessions.numberMeans` */
  readonly number: number | undefined;
}

const FLAGS = /^([A-Z])(C?)(L?)(-?\d{1,9})$/;
const TRANSPORT_LETTERS: Readonly<Record<string, Transport>> = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' };

/** Of flags that no release sends, transport `other` and nothing else is known. */
export function readFlags(text: string): Flags {
  const flags = FLAGS.exec(text);
  return {
    transport: TRANSPORT_LETTERS[flags?.[1] ?? ''] ?? 'other',
    closing: flags?.[2] === 'C',
    number: flags ? Number(flags[4]) : undefined,
  };
}
