// The row about what the host sees of the ElectrumX process and of its disk.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { stat } from '../../panel/numbers.ts';
import { gauge } from '../../promql.ts';
import { cpuUsed, DAYS, diskFree, diskFullInDays, filesUsed, memoryUsed, NEVER_FULL_DAYS } from '../expressions.ts';
import { DISK_FREE_STEPS, FILES_STEPS, MEMORY_STEPS } from '../steps.ts';

export const HOST: Row = {
  title: 'What does the host see?',
  height: 4,
  panels: [
    stat('Memory', gauge('electrumx_process_resident_memory_bytes'), {
      asks: 'How much memory does ElectrumX use?',
      normal: 'Normal: level a day after the start. A sync uses more, up to CACHE_MB.',
      width: 4,
      unit: units.BytesIEC,
      decimals: 1,
      steps: ['blue'],
      alerts: ['ElectrumXMemoryGrowth'],
    }),
    stat('Memory limit used', memoryUsed, {
      asks: 'How much of its memory limit does it use?',
      normal: 'At 100% the kernel kills it. Without a limit of the cgroup there is no value.',
      width: 4,
      unit: units.PercentUnit,
      decimals: 0,
      steps: MEMORY_STEPS,
      alerts: ['ElectrumXMemoryNearLimit'],
    }),
    stat('CPU', cpuUsed, {
      asks: 'How much of one core does it use?',
      normal: 'ElectrumX has one event loop: near 100% wallets wait. A sync may use more.',
      width: 4,
      unit: units.PercentUnit,
      decimals: 0,
      steps: ['green', [0.9, 'orange']],
    }),
    stat('Open files used', filesUsed, {
      asks: 'How many of the possible open files are in use?',
      normal: 'At 100% it accepts no wallet and opens no file of its database.',
      width: 4,
      unit: units.PercentUnit,
      decimals: 0,
      steps: FILES_STEPS,
      alerts: ['ElectrumXFileDescriptorsHigh'],
    }),
    stat('Disk free', diskFree, {
      asks: 'How much of the disk of the database is free?',
      normal: 'ElectrumX ends when nothing is left, and its database may be damaged.',
      width: 4,
      unit: units.PercentUnit,
      decimals: 0,
      steps: DISK_FREE_STEPS,
      alerts: ['ElectrumXDiskFull'],
    }),
    stat('Disk full in', diskFullInDays, {
      asks: 'When is the disk full, at the speed of the last day?',
      normal: 'Normal: months, or not filling. Copying large files to the disk shortens it for some hours.',
      width: 4,
      unit: DAYS,
      decimals: 0,
      steps: ['red', [limits.DISK_FILLING_AHEAD_SECONDS / limits.DAY, 'orange'], [30, 'green']],
      states: { [NEVER_FULL_DAYS]: ['not filling', 'green'] },
      alerts: ['ElectrumXDiskFilling'],
    }),
  ],
};
