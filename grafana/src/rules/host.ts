// Alerts: does the host have enough memory, open files and disk for the server?
import { last15m, median15m, WEEK } from '../last15m.ts';
import * as limits from '../limits.ts';
import { gauge, over, predictLinear, promql, type Series, type Vector } from '../promql.ts';
import { alert, type Group } from '../rule.ts';
import { seconds } from '../time.ts';
import { blocksBehind } from './chain.ts';
import { age } from './clock.ts';

const memory = gauge('electrumx_process_resident_memory_bytes');
const startTime = gauge('electrumx_process_start_time_seconds');
const available = gauge('electrumx_db_filesystem_avail_bytes');
const size = gauge('electrumx_db_filesystem_size_bytes');
const filesFree = gauge('electrumx_db_filesystem_files_free');

/** The lowest of the last day is so many times the lowest of a day a week before. */
function grew(of: Series<never>, times: number): Vector<never> {
  return promql`${over('min_over_time', of, '1d')} > ${times} * ${over('min_over_time', of, '1d', '7d')}`;
}

/** A copy that is written to the disk for an hour is over when the alert has waited. */
const fills = promql`${predictLinear(available, '6h', limits.DISK_FILLING_AHEAD_SECONDS)} < 0 and ${predictLinear(available, '1h', limits.DISK_FILLING_AHEAD_SECONDS)} < 0`;

export const HOST: Group = {
  name: 'electrumx-host',
  rules: [
    // Memory that a sync or more sessions need is not a leak.
    alert({
      alert: 'ElectrumXMemoryGrowth',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '1h',
      expr: promql`${grew(memory, limits.MEMORY_GROWTH)} and ${age(last15m(startTime))} > ${seconds(limits.MEMORY_GROWTH_AGE_SECONDS)} unless ${grew(gauge('electrumx_sessions'), limits.SESSIONS_GROWTH)} unless ${over('max_over_time', blocksBehind, WEEK)} > ${limits.BLOCKS_OF_A_SYNC}`,
      summary:
        'The memory of ElectrumX at {{ $labels.instance }} has grown to {{ $value | humanize1024 }}B within a week',
      description: `That is more than ${limits.MEMORY_GROWTH} times as much as a week ago, without a restart and without more sessions. If it goes on, the kernel kills the process.`,
    }),
    alert({
      alert: 'ElectrumXMemoryNearLimit',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${median15m(memory)} / ${last15m(gauge('electrumx_process_memory_limit_bytes'))} > ${limits.MEMORY_NEARLY_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory limit',
      description: 'At its limit the kernel kills the process, and all wallets are disconnected.',
    }),
    alert({
      alert: 'ElectrumXFileDescriptorsHigh',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${median15m(gauge('electrumx_process_open_fds'))} / ${last15m(gauge('electrumx_process_max_fds'))} > ${limits.FILES_NEARLY_FULL}`,
      summary: 'ElectrumX at {{ $labels.instance }} has {{ $value | humanizePercentage }} of its open files in use',
      description: 'At the limit it cannot accept wallets, connect to its daemon or open the files of its database.',
    }),
    alert({
      alert: 'ElectrumXDiskFilling',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '2h',
      expr: promql`${last15m(available)} and ${fills}`,
      summary:
        'The disk of ElectrumX at {{ $labels.instance }} is full within 3 days: {{ $value | humanize1024 }}B are left',
      description: 'At the rate of the last hour and of the last 6 hours. A full disk can damage the database.',
    }),
    alert({
      alert: 'ElectrumXDiskFull',
      severity: 'critical',
      dashboard: 'electrumx-index',
      for: '2m',
      expr: promql`${last15m(available)} < ${limits.DISK_FULL_BYTES} and ${last15m(available)} / ${last15m(size)} < ${limits.DISK_FULL_SHARE}`,
      summary: 'The disk of ElectrumX at {{ $labels.instance }} is full: {{ $value | humanize1024 }}B are left',
      description:
        'When nothing is left, ElectrumX ends at its next flush, and its database may be damaged. Free some space now.',
      inhibits: ['ElectrumXDiskFilling'],
    }),
    // Absent on file systems whose number of inodes is not fixed, such as btrfs.
    alert({
      alert: 'ElectrumXDiskOutOfInodes',
      severity: 'critical',
      dashboard: 'electrumx-index',
      for: '2m',
      expr: promql`${last15m(filesFree)} < ${limits.DISK_FILES_FEW}`,
      summary: 'The disk of ElectrumX at {{ $labels.instance }} has inodes for only {{ $value }} more files',
      description: 'When none is left, ElectrumX crashes at the next block, even if there is free space.',
    }),
  ],
};
