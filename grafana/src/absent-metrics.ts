// Metrics that a healthy server may not have, and why: the text of empty panels, and what tests allow to be empty.
import { EXPORTER_METRICS } from '../../src/metrics/definitions/exporter.ts';
import { SCRAPE_METRICS } from '../../src/metrics/definitions/scrape.ts';
import type { CounterName, GaugeName } from './catalogue.ts';
import type { Vector } from './promql.ts';
import { GROUPS } from './rules.ts';

/** The eras of LocalRPC, as the simulator names them; docs/simulator.md says which releases they are. */
export type Era = 'B1' | 'B2' | 'C1' | 'C2' | 'D' | 'E2' | 'E3' | 'F' | 'G';

/**
 * - `era`: the releases of these eras do not tell it
 * - `untold`: the exporter has to be told a setting of ElectrumX
 * - `quiet`: there is nothing to show until something has happened
 */
export type Gap = { readonly why: string } & (
  { readonly kind: 'era'; readonly eras: readonly Era[] } | { readonly kind: 'untold' | 'quiet' }
);

const untold = (setting: string): Gap => ({ kind: 'untold', why: `not told: the exporter needs ${setting}` });

const costs: Gap = { kind: 'era', eras: ['B1', 'B2', 'C1', 'C2'], why: 'told by ElectrumX since 1.10.1' };
const counts: Gap = { kind: 'era', eras: ['B1', 'B2', 'C1', 'C2', 'D'], why: 'told by ElectrumX since 1.11' };
const waiting: Gap = { kind: 'era', eras: ['C2'], why: 'not told by ElectrumX 1.8 to 1.10.0' };

export const GAPS: Readonly<Partial<Record<GaugeName | CounterName, Gap>>> = {
  electrumx_cache_entries: counts,
  electrumx_cache_hits_total: counts,
  electrumx_cache_lookups_total: counts,
  electrumx_config_block_interval_seconds: {
    kind: 'era',
    eras: ['B1', 'B2', 'C1', 'C2', 'D'],
    why: 'interval between blocks not known: the exporter needs COIN',
  },
  electrumx_config_cost_hard_limit: untold('COST_HARD_LIMIT'),
  electrumx_config_cost_soft_limit: untold('COST_SOFT_LIMIT'),
  electrumx_config_max_sessions: untold('MAX_SESSIONS'),
  electrumx_daemon_primary: untold('DAEMON_URL'),
  electrumx_db_flushes: {
    kind: 'era',
    eras: ['B1', 'B2', 'C1', 'C2', 'D', 'E2', 'G'],
    why: 'told by ElectrumX 1.14 to 1.20',
  },
  electrumx_group_bandwidth_bytes: {
    kind: 'era',
    eras: ['D', 'E2', 'E3', 'F', 'G'],
    why: 'told by ElectrumX up to 1.10.0',
  },
  electrumx_group_cost: costs,
  electrumx_group_pending_requests: waiting,
  electrumx_group_retained_cost: costs,
  electrumx_groups_cost: costs,
  electrumx_groups_over_limit: costs,
  electrumx_peer_self_good: untold('REPORT_SERVICES'),
  electrumx_peer_self_last_try_timestamp_seconds: untold('REPORT_SERVICES'),
  electrumx_peer_self_tries: untold('REPORT_SERVICES'),
  electrumx_peers_by_protocol: { kind: 'quiet', why: 'no peer is known' },
  electrumx_peers_by_software: { kind: 'quiet', why: 'no peer is known' },
  electrumx_peers_last_good_timestamp_seconds: { kind: 'quiet', why: 'no peer has been verified yet' },
  electrumx_pending_requests: waiting,
  electrumx_requests_total: counts,
  electrumx_session_cost_max: costs,
  electrumx_sessions_by_client: { kind: 'quiet', why: 'no client is connected' },
  electrumx_sessions_by_cost: costs,
  electrumx_sessions_paused: { kind: 'era', eras: ['E2', 'E3', 'F', 'G'], why: 'told by ElectrumX up to 1.11' },
  electrumx_sessions_ungrouped: costs,
};

/** An expression that may have no data although all is well, and why. */
export interface Quiet<Label extends string = string> extends Vector<Label> {
  readonly quiet?: string;
}

/** Says why an expression may have no data; the metrics above need no word. */
export function quiet<Label extends string>(expr: Vector<Label>, why: string): Quiet<Label> {
  return { ...expr, quiet: why };
}

/** Why an expression may have no data: its own reason, and the gaps of its metrics and of those that recorded series are made of. */
export function gapsOf({ metrics, quiet: why }: Quiet): readonly Gap[] {
  const own: Gap[] = why === undefined ? [] : [{ kind: 'quiet', why }];
  return [...new Set(metrics.flatMap((name) => ofMetric(name))), ...own];
}

/** What an empty panel says. */
export function whyEmpty(expr: Quiet): string {
  const reasons = gapsOf(expr).map(({ why }) => why);
  const who = expr.metrics.every((name) => ALWAYS_THERE.has(name)) ? 'the exporter' : 'ElectrumX or its exporter';
  return reasons.join(', or ') || `no data: ${who} is down`;
}

/** Whatever becomes of ElectrumX. */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'up',
  ...[...SCRAPE_METRICS, ...EXPORTER_METRICS].map(({ name }) => name),
]);

function ofMetric(name: string): readonly Gap[] {
  const recorded = RECORDINGS.get(name);
  if (recorded) return gapsOf(recorded);
  const gap = (GAPS as Readonly<Record<string, Gap>>)[name];
  return gap ? [gap] : [];
}

const RECORDINGS: ReadonlyMap<string, Vector> = new Map(
  GROUPS.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [[rule.record, rule.expr] as const] : []))),
);
