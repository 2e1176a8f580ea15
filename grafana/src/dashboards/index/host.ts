// The rows about the process and its disk: memory, CPU, open files, storage.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { labelValue, stat } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { counter, gauge, rate } from '../../promql.ts';
import { cpuUsed } from '../expressions.ts';

export const PROCESS: Row = {
  title: 'Does the process have what it needs?',
  height: 7,
  panels: [
    timeSeries(
      'Memory',
      [
        ['resident', gauge('electrumx_process_resident_memory_bytes')],
        ['limit', gauge('electrumx_process_memory_limit_bytes')],
      ],
      {
        asks: 'Does memory grow towards its limit?',
        normal: 'Normal: level a day after the start. At the limit of the cgroup the kernel kills the process.',
        width: 6,
        unit: units.BytesIEC,
        min: 0,
        limits: { limit: 'red' },
        alerts: ['ElectrumXMemoryGrowth', 'ElectrumXMemoryNearLimit'],
      },
    ),
    timeSeries('CPU', [['used', cpuUsed]], {
      asks: 'How much of one core does it use?',
      normal: 'ElectrumX has one event loop: near 100% wallets wait. A sync may use more.',
      width: 6,
      unit: units.PercentUnit,
      min: 0,
      softMax: 1,
    }),
    timeSeries(
      'Open files',
      [
        ['open', gauge('electrumx_process_open_fds')],
        ['limit', gauge('electrumx_process_max_fds')],
      ],
      {
        asks: 'Does it run out of open files?',
        normal: 'Each session takes one, and the database up to 250. At the limit it accepts no wallet.',
        width: 6,
        unit: units.Number,
        min: 0,
        limits: { limit: 'red' },
        alerts: ['ElectrumXFileDescriptorsHigh'],
      },
    ),
    timeSeries('Threads', [['threads', gauge('electrumx_process_threads')]], {
      asks: 'Do threads pile up?',
      normal: 'Normal: level, some dozens at most.',
      width: 3,
      unit: units.Number,
      min: 0,
      softMax: 10,
    }),
    labelValue('Limited by', gauge('electrumx_sessions_limit_info'), {
      label: 'source',
      asks: 'What limits the number of sessions?',
      normal:
        'env: MAX_SESSIONS. open_files: it is lowered, because the process may not open enough files. default: not known to the exporter.',
      width: 3,
      unit: units.String,
      steps: ['blue'],
      states: {
        env: ['MAX_SESSIONS', 'blue'],
        open_files: ['open files', 'orange'],
        default: ['the default', 'blue'],
      },
    }),
  ],
};

export const DISK: Row = {
  title: 'Is there room on the disk?',
  height: 7,
  panels: [
    timeSeries(
      'Disk',
      [
        ['free', gauge('electrumx_db_filesystem_avail_bytes')],
        ['size', gauge('electrumx_db_filesystem_size_bytes')],
      ],
      {
        asks: 'How fast does the disk fill?',
        normal: 'Normal: slowly. ElectrumX ends when nothing is free, and its database may be damaged.',
        width: 7,
        unit: units.BytesIEC,
        min: 0,
        limits: { size: 'gray' },
        alerts: ['ElectrumXDiskFilling', 'ElectrumXDiskFull'],
      },
    ),
    timeSeries('Size of the database', [['database', gauge('electrumx_db_size_bytes')]], {
      asks: 'Is it the database that grows?',
      normal: 'Normal: slowly. Logs and copies on the same disk are not part of it.',
      width: 6,
      unit: units.BytesIEC,
      min: 0,
    }),
    timeSeries(
      'Storage',
      [
        ['read', rate(counter('electrumx_process_read_bytes_total'), RATE_INTERVAL)],
        ['written', rate(counter('electrumx_process_written_bytes_total'), RATE_INTERVAL)],
      ],
      {
        asks: 'Does it wait for the disk?',
        normal: 'Normal: little is read when the page cache is large enough. Flushes write.',
        width: 7,
        unit: units.BytesPerSecondIEC,
        min: 0,
      },
    ),
    stat('Files left', gauge('electrumx_db_filesystem_files_free'), {
      asks: 'How many more files can the file system hold?',
      normal: 'Normal: millions. A LevelDB database has tens of thousands.',
      width: 4,
      unit: units.Short,
      steps: ['red', [limits.DISK_FILES_FEW, 'orange'], [10_000, 'green']],
      alerts: ['ElectrumXDiskOutOfInodes'],
    }),
  ],
};
