// The exporter's own process, under the names that every Prometheus client library uses.
import { counter, gauge, sample, single } from '../metric.ts';

export const EXPORTER_METRICS = [
  gauge({
    name: 'electrumx_exporter_build_info',
    help: 'Always 1. Versions of this exporter and of Node.js.',
    source: 'exporter',
    labels: ['version', 'nodejs_version'],
    read: ({ version, exporter }) => [sample({ version, nodejs_version: exporter.nodeVersion }, 1)],
  }),
  counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the exporter.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.cpuSeconds.user + exporter.cpuSeconds.system),
  }),
  counter({
    name: 'process_cpu_user_seconds_total',
    help: 'User CPU time of the exporter.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.cpuSeconds.user),
  }),
  counter({
    name: 'process_cpu_system_seconds_total',
    help: 'System CPU time of the exporter.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.cpuSeconds.system),
  }),
  gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the exporter.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.residentMemoryBytes),
  }),
  gauge({
    name: 'process_start_time_seconds',
    help: 'Start time of the exporter since the epoch.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.startTime),
  }),
  gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors of the exporter. Linux only.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.openFds),
  }),
  gauge({
    name: 'nodejs_heap_size_used_bytes',
    help: 'JavaScript heap in use.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.heapUsedBytes),
  }),
  gauge({
    name: 'nodejs_heap_size_total_bytes',
    help: 'JavaScript heap reserved.',
    source: 'exporter',
    read: ({ exporter }) => single(exporter.heapTotalBytes),
  }),
];
