// Metrics that a healthy server may not have, and why: what empty panels show, and what tests allow to be empty.
import { EXPORTER_METRICS } from '../../src/metrics/definitions/exporter.ts';
import { SCRAPE_METRICS } from '../../src/metrics/definitions/scrape.ts';
import type { CounterName, GaugeName } from './catalogue.ts';
import type { Vector } from './promql.ts';
import { GROUPS } from './rules.ts';
import { catchingUp } from './rules/chain.ts';

/** The eras of LocalRPC, as the simulator names them; docs/simulator.md says which releases they are. */
export type Era = 'B1' | 'B2' | 'C1' | 'C2' | 'D' | 'E2' | 'E3' | 'F' | 'G';

/**
 * - `era`: the releases of these eras do not report it
 * - `unconfigured`: the exporter needs a setting
 * - `invisible`: the exporter runs where it cannot see it
 * - `quiet`: there is nothing to show until something has happened
 */
export type Gap = { readonly why: string } & (
  { readonly kind: 'era'; readonly eras: readonly Era[] } | { readonly kind: 'unconfigured' | 'invisible' | 'quiet' }
);

const needs = (setting: string): Gap => ({ kind: 'unconfigured', why: `not configured: needs ${setting}` });

const costs: Gap = { kind: 'era', eras: ['B1', 'B2', 'C1', 'C2'], why: 'since ElectrumX 1.10.1' };
const counts: Gap = { kind: 'era', eras: ['B1', 'B2', 'C1', 'C2', 'D'], why: 'since ElectrumX 1.11' };
const waiting: Gap = { kind: 'era', eras: ['C2'], why: 'not in ElectrumX 1.8 to 1.10.0' };

const probe = needs('SERVICES');
const disk = needs('DB_DIRECTORY');
const process: Gap = { kind: 'invisible', why: 'process not visible' };
const storage: Gap = { kind: 'invisible', why: 'not visible: needs the same user as ElectrumX' };

export const GAPS: Readonly<Partial<Record<GaugeName | CounterName, Gap>>> = {
  electrumx_cache_entries: counts,
  electrumx_cache_hits_total: counts,
  electrumx_cache_lookups_total: counts,
  electrumx_config_block_interval_seconds: {
    kind: 'era',
    eras: ['B1', 'B2', 'C1', 'C2', 'D'],
    why: 'not configured: needs COIN',
  },
  electrumx_config_cost_hard_limit: needs('COST_HARD_LIMIT'),
  electrumx_config_cost_soft_limit: needs('COST_SOFT_LIMIT'),
  electrumx_config_max_sessions: needs('MAX_SESSIONS'),
  electrumx_daemon_primary: needs('DAEMON_URL'),
  electrumx_db_flushes: {
    kind: 'era',
    eras: ['B1', 'B2', 'C1', 'C2', 'D', 'E2', 'G'],
    why: 'ElectrumX 1.14 to 1.20 only',
  },
  electrumx_db_filesystem_avail_bytes: disk,
  electrumx_db_filesystem_files_free: disk,
  electrumx_db_filesystem_size_bytes: disk,
  electrumx_db_size_bytes: disk,
  electrumx_group_bandwidth_bytes: {
    kind: 'era',
    eras: ['D', 'E2', 'E3', 'F', 'G'],
    why: 'up to ElectrumX 1.10.0',
  },
  electrumx_group_cost: costs,
  electrumx_group_pending_requests: waiting,
  electrumx_group_retained_cost: costs,
  electrumx_groups_cost: costs,
  electrumx_groups_over_limit: costs,
  electrumx_peer_self_good: needs('REPORT_SERVICES'),
  electrumx_peer_self_last_try_timestamp_seconds: needs('REPORT_SERVICES'),
  electrumx_peer_self_tries: needs('REPORT_SERVICES'),
  electrumx_peers_by_protocol: { kind: 'quiet', why: 'no peer is known' },
  electrumx_peers_by_software: { kind: 'quiet', why: 'no peer is known' },
  electrumx_peers_last_good_timestamp_seconds: { kind: 'quiet', why: 'no peer has been verified yet' },
  electrumx_pending_requests: waiting,
  electrumx_probe_certificate_current: { kind: 'invisible', why: 'not configured: needs SSL_CERTFILE' },
  electrumx_probe_certificate_not_after_timestamp_seconds: probe,
  electrumx_probe_certificate_self_signed: probe,
  electrumx_probe_duration_seconds: probe,
  electrumx_probe_failures_total: probe,
  electrumx_probe_genesis_match: probe,
  electrumx_probe_info: probe,
  electrumx_probe_step_duration_seconds: probe,
  electrumx_probe_step_success: probe,
  electrumx_probe_success: probe,
  electrumx_probe_tip_height: probe,
  electrumx_probe_tip_timestamp_seconds: probe,
  electrumx_process_cpu_seconds_total: process,
  electrumx_process_max_fds: process,
  electrumx_process_memory_limit_bytes: { kind: 'invisible', why: 'no memory limit' },
  electrumx_process_open_fds: process,
  electrumx_process_read_bytes_total: storage,
  electrumx_process_resident_memory_bytes: process,
  electrumx_process_start_time_seconds: process,
  electrumx_process_threads: process,
  electrumx_process_virtual_memory_bytes: process,
  electrumx_process_written_bytes_total: storage,
  electrumx_requests_total: counts,
  electrumx_session_cost_max: costs,
  electrumx_sessions_by_client: { kind: 'quiet', why: 'no client is connected' },
  electrumx_sessions_by_cost: costs,
  electrumx_sessions_paused: { kind: 'era', eras: ['E2', 'E3', 'F', 'G'], why: 'up to ElectrumX 1.11' },
  electrumx_sessions_ungrouped: costs,
};

/** An expression that may have no data although all is well, and why. */
export interface Quiet<Label extends string = string> extends Vector<Label> {
  readonly quiet?: string;
}

/** Says why an expression may have no data, beyond the gaps of its metrics. */
export function quiet<Label extends string>(expr: Vector<Label>, why: string): Quiet<Label> {
  return { ...expr, quiet: why };
}

/** Why an expression may have no data: its own reason, and the gaps of its metrics and of those that recorded series are made of. */
export function gapsOf({ metrics, quiet: why }: Quiet): readonly Gap[] {
  const own: Gap[] = why === undefined ? [] : [{ kind: 'quiet', why }];
  return [...new Set(metrics.flatMap((name) => ofMetric(name))), ...own];
}

/** What an empty panel shows. */
export function whyEmpty(expr: Quiet): string {
  const reasons = gapsOf(expr).map(({ why }) => why);
  const who = expr.metrics.every((name) => ALWAYS_THERE.has(name)) ? 'the exporter' : 'ElectrumX or its exporter';
  return reasons.join(', or ') || `no data: ${who} is down`;
}

/** Metrics that the exporter exports while ElectrumX is down, too. */
const ALWAYS_THERE: ReadonlySet<string> = new Set([
  'up',
  ...[...SCRAPE_METRICS, ...EXPORTER_METRICS].map(({ name }) => name),
]);

function ofMetric(name: string): readonly Gap[] {
  // Expressions use it only with `unless`: they have data when it has none.
  if (name === catchingUp.record) return [];
  const recorded = RECORDINGS.get(name);
  if (recorded) return gapsOf(recorded);
  const gap = (GAPS as Readonly<Record<string, Gap>>)[name];
  return gap ? [gap] : [];
}

const RECORDINGS: ReadonlyMap<string, Vector> = new Map(
  GROUPS.flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [[rule.record, rule.expr] as const] : []))),
);
