// The metrics that exist, as types: names of other metrics or labels do not compile.
import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import type { Metric } from '../../src/metrics/metric.ts';

type Catalogued = (typeof CATALOGUE)[number];

export type GaugeName = Extract<Catalogued, { readonly type: 'gauge' }>['name'];
export type CounterName = Extract<Catalogued, { readonly type: 'counter' }>['name'];
export type LabelOf<Name> = Extract<Catalogued, { readonly name: Name }>['labels'][number];

/** The labels that Prometheus gives to every series of a target. */
export const TARGET_LABELS = ['instance', 'job'] as const;
export type TargetLabel = (typeof TARGET_LABELS)[number];

/** The metric of the catalogue. Throws if a name does not exist in spite of its type. */
export function catalogued(name: string, type: Metric['type']): Metric {
  const metric: Metric | undefined = CATALOGUE.find((candidate) => candidate.name === name);
  if (metric?.type !== type) throw new Error(`the catalogue has no ${type} ${name}`);
  return metric;
}

/** Every label that a series may have, those of Prometheus's ALERTS among them. */
export const LABELS: ReadonlySet<string> = new Set([
  ...TARGET_LABELS,
  ...CATALOGUE.flatMap(({ labels }) => labels),
  ...['alertname', 'alertstate', 'severity'],
]);
