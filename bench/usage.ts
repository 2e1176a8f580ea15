// Loaded into each measured process before anything else: reports over IPC what the process has used since the last report.
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** CPU of user and system, resident memory now and at its highest, and the longest time in which the event loop stood still. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly peakRssBytes: number;
  readonly blockedMs: number;
}

/** `getrusage` would start from what the process that spawned this one had, so where there is a /proc it is asked. */
function peakRssBytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS * 1024;
  return 1024 * Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

const RESOLUTION_MS = 1;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let before = process.cpuUsage();

process.on('message', (message) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage(before);
  process.send?.({
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    peakRssBytes: peakRssBytes(),
    blockedMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
  } satisfies Usage);
  delay.reset();
  before = process.cpuUsage();
});
process.on('disconnect', () => process.exit());
