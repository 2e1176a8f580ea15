// The vocabulary of the catalogue: what a metric is, and what it can be read from.
import type { Config } from '../config/parse.ts';
import type { ScrapeReport } from '../scrape/collector.ts';
import type { Results } from '../scrape/collectors.ts';
import type { State } from '../scrape/state.ts';

/** The exporter's own process, read once a scrape. What cannot be read is `undefined`. */
export interface ExporterProcess {
  readonly nodeVersion: string;
  /** seconds since the epoch */
  readonly startTime: number;
  readonly cpuSeconds: { readonly user: number; readonly system: number };
  readonly residentMemoryBytes: number | undefined;
  readonly heapUsedBytes: number | undefined;
  readonly heapTotalBytes: number | undefined;
  readonly openFds: number | undefined;
}

/** Everything that one scrape knows. The result of a collector that is off, skipped or failed is missing, and so are its metrics. */
export interface ScrapeData {
  readonly results: Results;
  readonly state: State;
  readonly report: ScrapeReport;
  readonly settings: Config;
  readonly exporter: ExporterProcess;
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
  readonly read: (data: ScrapeData) => readonly Sample<Label>[];
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

/** A number that only goes up, until what it counts restarts. */
export function counter<const Name extends `${string}_total`, const Label extends string = never>(
  definition: Definition<Name, Label>,
): Metric<Label> & { readonly name: Name; readonly type: 'counter' } {
  return { labels: [], ...definition, type: 'counter' };
}

/** The one sample of a metric without labels; none for `undefined`. */
export function single(value: number | undefined): readonly Sample<never>[] {
  return value === undefined ? [] : [{ labels: {}, value }];
}

/** One sample for each value of the label; none for those without a number. */
export function byLabel<Label extends string>(
  label: Label,
  values: Iterable<readonly [string, number | undefined]> | undefined,
): readonly Sample<Label>[] {
  return [...(values ?? [])].flatMap(([key, value]) => (value === undefined ? [] : [sample({ [label]: key }, value)]));
}

/** One series with these labels. */
export function sample<Label extends string>(labels: Record<Label, string>, value: number): Sample<Label> {
  return { labels, value };
}
