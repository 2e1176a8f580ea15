// The vocabulary of the catalogue: what a metric is, and what it can be read from.
import type { GetInfo } from '../electrumx/getinfo.ts';
import type { Groups } from '../electrumx/groups.ts';
import type { Peers } from '../electrumx/peers.ts';
import type { Sessions } from '../electrumx/sessions.ts';
import type { Memory } from '../scrape/state.ts';
import type { ScrapeReport } from '../scrape/outcome.ts';

/** What the operator told the exporter about the server and about what to show. */
export interface Told {
  readonly maxSessions: number | undefined;
  readonly costSoftLimit: number | undefined;
  readonly costHardLimit: number | undefined;
  readonly initialConcurrent: number | undefined;
  /** mean time between blocks, in milliseconds; 0: nobody knows */
  readonly blockIntervalMs: number | undefined;
  /** how getinfo begins its `daemon` while the one that should be in use is: `host:port/`, or `host:` */
  readonly primaryDaemon: string | undefined;
  /** host names under which this server is announced to others */
  readonly reportedHosts: readonly string[];
  readonly topGroups: number;
  readonly groupNames: boolean;
}

/** The exporter's own process, read once a scrape; what cannot be read is `undefined`. */
export interface OwnProcess {
  readonly nodeVersion: string;
  /** seconds since the epoch */
  readonly startTime: number;
  readonly cpuSeconds: { readonly user: number; readonly system: number };
  readonly residentMemoryBytes: number | undefined;
  readonly heapUsedBytes: number | undefined;
  readonly heapTotalBytes: number | undefined;
  readonly openFds: number | undefined;
}

/** All that one scrape knows. A model is missing when its collector is off, skipped or failed: then so are its metrics. */
export interface View {
  readonly getinfo: GetInfo | undefined;
  readonly groups: Groups | undefined;
  readonly sessions: Sessions | undefined;
  readonly peers: Peers | undefined;
  readonly memory: Memory;
  readonly scrape: ScrapeReport;
  readonly told: Told;
  readonly own: OwnProcess;
  /** of this exporter */
  readonly version: string;
}

/** One series: its labels, and its value. */
export interface Sample<Label extends string = string> {
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  readonly value: number;
}

/** One metric family. `source` is the ElectrumX field that it comes from, as an operator finds it in `electrumx_rpc`. */
export interface Metric<Label extends string = string> {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly source: string;
  readonly labels: readonly Label[];
  /** The series of this scrape; none where ElectrumX says nothing. */
  readonly read: (view: View) => readonly Sample<Label>[];
}

type Definition<Name, Label extends string> = Omit<Metric<Label>, 'type' | 'name' | 'labels'> & {
  readonly name: Name;
  readonly labels?: readonly Label[];
};

/** A number that goes up and down. */
export function gauge<const Name extends string, const Label extends string = never>(
  definition: Definition<Name extends `${string}_total` ? never : Name, Label>,
): Metric<Label> & { readonly name: Name; readonly type: 'gauge' } {
  return { labels: [], ...definition, name: definition.name, type: 'gauge' };
}

/** A number that only goes up, until what it counts starts anew. */
export function counter<const Name extends `${string}_total`, const Label extends string = never>(
  definition: Definition<Name, Label>,
): Metric<Label> & { readonly name: Name; readonly type: 'counter' } {
  return { labels: [], ...definition, type: 'counter' };
}

/** The one sample of a metric without labels; none for `undefined`. */
export function only(value: number | undefined): readonly Sample<never>[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}

/** One sample for each key; none for keys without a number. */
export function by<Label extends string>(
  label: Label,
  values: Iterable<readonly [string, number | undefined]> | undefined,
): readonly Sample<Label>[] {
  return [...(values ?? [])].flatMap(([key, value]) => (value === undefined ? [] : [sample({ [label]: key }, value)]));
}

export function sample<Label extends string>(labels: Record<Label, string>, value: number): Sample<Label> {
  return { labels, value };
}
