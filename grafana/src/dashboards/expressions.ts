// Expressions that more than one dashboard shows.
import * as limits from '../limits.ts';
import { RATE_INTERVAL } from '../panel/panel.ts';
import { aggregate, counter, gauge, not, over, promql, rate, type Vector } from '../promql.ts';
import { daemonStalledLimit } from '../rules/chain.ts';

/** For axes: Grafana's ticks are at round numbers of the unit, and 2000 seconds are `33.3 mins`. */
export const MINUTES = 'suffix:min';
export const HOURS = 'suffix:h';
export const DAYS = 'suffix:d';

/** A number of seconds in minutes. */
export function inMinutes<Label extends string>(seconds: Vector<Label>): Vector<Label> {
  return promql`${seconds} / 60`;
}

export const sinceBlock = promql`time() - ${gauge('electrumx_daemon_height_change_timestamp_seconds')}`;

/** As a share of the limit from which on the daemon counts as stalled. */
export const daemonSilence = promql`${sinceBlock} / ${daemonStalledLimit}`;

export const uptime = promql`time() - ${gauge('electrumx_start_time_seconds')}`;

/** Sessions of wallets and other clients, without LocalRPC. */
export const clients = aggregate('sum', gauge('electrumx_sessions_by_transport', { transport: not('rpc') }), {
  without: ['transport'],
});

/** Of requests: those of wallets, without those of operators and of this exporter. */
export const WALLETS = { method: not('getinfo', 'groups', 'sessions', 'peers') } as const;

/** Requests of wallets in a second, by method. */
export const requests = rate(counter('electrumx_requests_total', WALLETS), RATE_INTERVAL);

/** How long ago each collector last succeeded. */
export const dataAge = promql`time() - ${gauge('electrumx_scrape_collector_last_success_timestamp_seconds')}`;

/** 1 if every client port passes the probe, 0 if one fails. */
export const walletsServed = aggregate('min', gauge('electrumx_probe_success'), { without: ['transport', 'port'] });

/** Blocks that the lowest tip of a client port is below the index. */
export const walletsBehind = promql`${gauge('electrumx_db_height')} - ${aggregate('min', gauge('electrumx_probe_tip_height'), { without: ['transport', 'port'] })}`;

/** Days for which each certificate is still valid. */
export const certificateDays = promql`(${gauge('electrumx_probe_certificate_not_after_timestamp_seconds')} - time()) / ${limits.DAY}`;

/** Of the memory limit. */
export const memoryUsed = promql`${gauge('electrumx_process_resident_memory_bytes')} / ${gauge('electrumx_process_memory_limit_bytes')}`;

/** Of one core. */
export const cpuUsed = rate(counter('electrumx_process_cpu_seconds_total'), RATE_INTERVAL);

/** Of the limit of open files. */
export const filesUsed = promql`${gauge('electrumx_process_open_fds')} / ${gauge('electrumx_process_max_fds')}`;

const available = gauge('electrumx_db_filesystem_avail_bytes');

/** Of the size of the file system. */
export const diskFree = promql`${available} / ${gauge('electrumx_db_filesystem_size_bytes')}`;

/** Days that are shown for a disk that does not fill. */
export const NEVER_FULL_DAYS = 3650;

/** Days until the disk is full at the speed of the last day. */
export const diskFullInDays = promql`clamp_max(${available} / clamp_min(-1 * ${over('deriv', available, '1d')}, 1) / ${limits.DAY}, ${NEVER_FULL_DAYS})`;
