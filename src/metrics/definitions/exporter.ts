// What the exporter shows of itself, under the names that every Prometheus client library uses.
import { counter, gauge, only, sample } from '../metric.ts';

export const OWN_METRICS = [
  gauge({
    name: 'electrumx_exporter_build_info',
    help: 'Always 1; version of this exporter of getinfo, groups, sessions and peers, and of Node.js under it.',
    source: 'exporter',
    labels: ['version', 'nodejs_version'],
    read: ({ version, own }) => [sample({ version, nodejs_version: own.nodeVersion }, 1)],
  }),
  counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the exporter.',
    source: 'exporter',
    read: ({ own }) => only(own.cpuSeconds.user + own.cpuSeconds.system),
  }),
  counter({
    name: 'process_cpu_user_seconds_total',
    help: 'User CPU time of the exporter.',
    source: 'exporter',
    read: ({ own }) => only(own.cpuSeconds.user),
  }),
  counter({
    name: 'process_cpu_system_seconds_total',
    help: 'System CPU time of the exporter.',
    source: 'exporter',
    read: ({ own }) => only(own.cpuSeconds.system),
  }),
  gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the exporter.',
    source: 'exporter',
    read: ({ own }) => only(own.residentMemoryBytes),
  }),
  gauge({
    name: 'process_start_time_seconds',
    help: 'When the exporter started, since the epoch.',
    source: 'exporter',
    read: ({ own }) => only(own.startTime),
  }),
  gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors of the exporter; Linux only.',
    source: 'exporter',
    read: ({ own }) => only(own.openFds),
  }),
  gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use.',
    source: 'exporter',
    read: ({ own }) => only(own.heapUsedBytes),
  }),
  gauge({
    name: 'nodejs_heap_size_total_bytes',
    help: 'JavaScript heap reserved.',
    source: 'exporter',
    read: ({ own }) => only(own.heapTotalBytes),
  }),
];
