// What the host knows about the ElectrumX process: memory, CPU time, open files, storage, and their limits.
import type { ProcessStats } from '../../host/process.ts';
import { counter, gauge, single, type ScrapeData } from '../metric.ts';

export const PROCESS_METRICS = [
  gauge({
    name: 'electrumx_process_resident_memory_bytes',
    help: 'Resident memory of the ElectrumX process.',
    source: '/proc/PID/status: VmRSS',
    read: ofProcess(({ residentMemoryBytes }) => residentMemoryBytes),
  }),
  gauge({
    name: 'electrumx_process_virtual_memory_bytes',
    help: 'Virtual memory of the ElectrumX process.',
    source: '/proc/PID/stat: vsize',
    read: ofProcess(({ virtualMemoryBytes }) => virtualMemoryBytes),
  }),
  gauge({
    name: 'electrumx_process_memory_limit_bytes',
    help: 'Smallest memory limit of the cgroups of the ElectrumX process. Absent without a limit, and where it cannot be read.',
    source: 'cgroup: memory.max, memory.limit_in_bytes',
    read: ofProcess(({ memoryLimitBytes }) => memoryLimitBytes),
  }),
  counter({
    name: 'electrumx_process_cpu_seconds_total',
    help: 'User and system CPU time of the ElectrumX process.',
    source: '/proc/PID/stat: utime, stime',
    read: ofProcess(({ cpuSeconds }) => cpuSeconds),
  }),
  gauge({
    name: 'electrumx_process_threads',
    help: 'Threads of the ElectrumX process.',
    source: '/proc/PID/stat: num_threads',
    read: ofProcess(({ threads }) => threads),
  }),
  gauge({
    name: 'electrumx_process_open_fds',
    help: 'Open file descriptors of the ElectrumX process. Needs Linux 6.2 or newer, or the same user.',
    source: '/proc/PID/fd',
    read: ofProcess(({ openFds }) => openFds),
  }),
  gauge({
    name: 'electrumx_process_max_fds',
    help: 'Soft limit on open file descriptors of the ElectrumX process. Absent if unlimited.',
    source: '/proc/PID/limits: Max open files',
    read: ofProcess(({ maxFds }) => maxFds),
  }),
  gauge({
    name: 'electrumx_process_start_time_seconds',
    help: 'Start time of the ElectrumX process since the epoch, from the kernel.',
    source: '/proc/PID/stat: starttime',
    read: ofProcess(({ startTimeSeconds }) => startTimeSeconds),
  }),
  counter({
    name: 'electrumx_process_read_bytes_total',
    help: 'Bytes that the ElectrumX process has read from storage. Absent unless the exporter runs as the same user.',
    source: '/proc/PID/io: read_bytes',
    read: ofProcess(({ readBytes }) => readBytes),
  }),
  counter({
    name: 'electrumx_process_written_bytes_total',
    help: 'Bytes that the ElectrumX process has written to storage. Absent unless the exporter runs as the same user.',
    source: '/proc/PID/io: write_bytes',
    read: ofProcess(({ writtenBytes }) => writtenBytes),
  }),
];

function ofProcess(value: (stats: ProcessStats) => number | undefined) {
  return ({ results: { process } }: ScrapeData) => single(process && value(process));
}
