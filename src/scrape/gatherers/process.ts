// The collector of the server's process: memory, CPU time and open files, from /proc.
import { readServerProcess, type ProcessStats } from '../../host/process.ts';
import { collector, type Gather, type Gathered, type GatherContext } from '../collector.ts';

export const process = collector({
  name: 'process',
  help: "Collect memory, CPU time and open files of ElectrumX's process. Linux only. Needs the same PID namespace.",
  runs: 'beside',
  minInterval: '0s',
  options: {},
  create: (): Gather<ProcessStats> => serverProcess,
});

/** Reads the process that getinfo reports, or says why it cannot be seen from here. */
export async function serverProcess({
  results: { getinfo },
  now,
}: Pick<GatherContext, 'results' | 'now'>): Promise<Gathered<ProcessStats>> {
  if (getinfo?.pid === undefined || !getinfo.uptime) return { skipped: 'getinfo has not reported a pid and an uptime' };
  const { pid, uptime } = getinfo;
  const found = await readServerProcess({ pid, startTime: now() - uptime.seconds, now: now() });
  return 'unavailable' in found ? { skipped: found.unavailable } : { result: found };
}
