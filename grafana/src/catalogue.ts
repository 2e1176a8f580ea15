// The metrics that exist, as types: what is written about any other metric or label does not compile.
import { CATALOGUE } from '../../src/scrape/collectors.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import type { GETINFO_SESSION_METRICS } from '../../src/metrics/definitions/getinfo-sessions.ts';
import type { GETINFO_METRICS } from '../../src/metrics/definitions/getinfo.ts';
import type { GROUPS_METRICS } from '../../src/metrics/definitions/groups.ts';
import type { OWN_METRICS } from '../../src/metrics/definitions/exporter.ts';
import type { PEERS_METRICS } from '../../src/metrics/definitions/peers.ts';
import type { SCRAPE_METRICS } from '../../src/metrics/definitions/scrape.ts';
import type { SESSIONS_METRICS } from '../../src/metrics/definitions/sessions.ts';
import type { TOLD_METRICS } from '../../src/metrics/definitions/server-settings.ts';

/** From the lists and not from CATALOGUE, which knows names as `string` only. */
type Catalogued = (
  | typeof SCRAPE_METRICS
  | typeof GETINFO_METRICS
  | typeof GETINFO_SESSION_METRICS
  | typeof GROUPS_METRICS
  | typeof SESSIONS_METRICS
  | typeof PEERS_METRICS
  | typeof TOLD_METRICS
  | typeof OWN_METRICS
)[number];

export type GaugeName = Extract<Catalogued, { readonly type: 'gauge' }>['name'];
export type CounterName = Extract<Catalogued, { readonly type: 'counter' }>['name'];
export type LabelOf<Name> = Extract<Catalogued, { readonly name: Name }>['labels'][number];

/** The labels that Prometheus gives to every series of a target. */
export const TARGET_LABELS = ['instance', 'job'] as const;
export type TargetLabel = (typeof TARGET_LABELS)[number];

/** The metric of the catalogue. Throws where a type was got around. */
export function catalogued(name: string, type: Metric['type']): Metric {
  const metric = CATALOGUE.find((candidate) => candidate.name === name);
  if (metric?.type !== type) throw new Error(`the catalogue has no ${type} ${name}`);
  return metric;
}
