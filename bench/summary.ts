// Many runs of one contestant as one row of figures.
import type { Usage } from './usage.ts';
import type { Run } from './processes.ts';

export type Contestant = 'floor' | 'exporter' | 'awkward' | 'naive';

/** One go: what came of it, what it took, and how often it asked upstream. */
export interface Goes extends Run, Usage {
  readonly requests: number;
}

export interface Summary {
  readonly contestant: Contestant;
  readonly sessions: number;
  readonly bytesIn: number;
  readonly goes: number;
  readonly wallMs: { readonly p50: number; readonly p99: number };
  readonly cpuMs: number;
  readonly blockedMs: number;
  /** The longest JSON.parse; only of the floor. */
  readonly parseMs: number;
  readonly peakRssBytes: number;
  readonly bytesOut: number;
  readonly requests: number;
}

export function summarise(contestant: Contestant, sessions: number, bytesIn: number, all: readonly Goes[]): Summary {
  const of = (field: (go: Goes) => number) => all.map(field).sort((a, b) => a - b);
  return {
    contestant,
    sessions,
    bytesIn,
    goes: all.length,
    wallMs: {
      p50: quantile(
        of(({ wallMs }) => wallMs),
        0.5,
      ),
      p99: quantile(
        of(({ wallMs }) => wallMs),
        0.99,
      ),
    },
    cpuMs: quantile(
      of(({ cpuMs }) => cpuMs),
      0.5,
    ),
    blockedMs: quantile(
      of(({ blockedMs }) => blockedMs),
      1,
    ),
    parseMs: quantile(
      of(({ parseMs = 0 }) => parseMs),
      1,
    ),
    peakRssBytes: quantile(
      of(({ peakRssBytes }) => peakRssBytes),
      1,
    ),
    bytesOut: quantile(
      of(({ bytesOut }) => bytesOut),
      0.5,
    ),
    requests: quantile(
      of(({ requests }) => requests),
      1,
    ),
  };
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}
