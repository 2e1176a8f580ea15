// The host's view of real servers: their process, their limits and their database, as ps, prlimit, /proc and find show them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseUptime } from '../../src/electrumx/text-formats.ts';
import { diskReader, type Disk } from '../../src/host/disk.ts';
import { readServerProcess, type ProcessStats } from '../../src/host/process.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { dispose, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { runToEnd } from './support/process.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const RELEASES = releases('e-x-1.18.0', 'e-x-2.0.0');

describeWith({ releases: RELEASES, commands: ['ps', 'prlimit', 'find'] }, 'the host of a real ElectrumX', () => {
  let bitcoind: Bitcoind | undefined;
  let electrumx: ElectrumX | undefined;

  afterEach(async () => {
    await dispose(electrumx);
    await bitcoind?.close();
    electrumx = bitcoind = undefined;
  });

  const start = async (release: (typeof RELEASES)[number]) => {
    bitcoind = await startBitcoind(110);
    return (electrumx = await startElectrumX(release, bitcoind));
  };

  test.each(RELEASES)('shows the process of $name as ps, prlimit and /proc do', async (release) => {
    const server = await start(release);
    const { pid, uptime } = (await server.ask('getinfo')) as { pid: number; uptime: string };
    expect(pid).toBe(server.process.pid);
    const startTime = Date.now() / 1000 - (parseUptime(uptime)?.seconds ?? Number.NaN);
    // The server works between two looks at it: the values are compared until they were read in the same state.
    await waitFor('the same values', async () => {
      const found = (await readServerProcess({ pid, now: Date.now() / 1000, startTime })) as ProcessStats;
      expect({ ...found, startTimeSeconds: 'compared below', memoryLimitBytes: 'may be there' }).toEqual({
        ...(await shownBy(pid)),
        startTimeSeconds: 'compared below',
        memoryLimitBytes: 'may be there',
      });
      const { stdout } = await runToEnd('ps', ['-o', 'etimes=', '-p', String(pid)]);
      expect(Math.abs(Date.now() / 1000 - Number(stdout) - found.startTimeSeconds)).toBeLessThan(2);
      return true;
    });
  });

  test.each(RELEASES)('shows the size of the database of $name as find does', async (release) => {
    const { database } = await start(release);
    await waitFor('the same size', async () => {
      const disk = (await diskReader({ path: database })(performance.now() + 5000)) as Disk;
      const directories = ['utxo', 'hist', 'meta'].map((name) => join(database, name));
      // The sizes of the directories are not part of the database.
      const { stdout } = await runToEnd('find', [...directories, '-type', 'f', '-printf', '%s\n']);
      const sizes = stdout.trim().split('\n').map(Number);
      expect(disk.databaseSize).toBe(sizes.reduce((sum, size) => sum + size, 0));
      return true;
    });
  });
});

/** The same values from other programs, but for the start. */
async function shownBy(pid: number): Promise<Omit<ProcessStats, 'startTimeSeconds' | 'memoryLimitBytes'>> {
  const ps = await runToEnd('ps', ['-o', 'rss=,vsz=,nlwp=', '-p', String(pid)]);
  const [rss = 0, vsz = 0, threads = 0] = ps.stdout.trim().split(/\s+/).map(Number);
  const prlimit = await runToEnd('prlimit', ['--noheadings', '--output=SOFT,HARD', '--nofile', `--pid=${pid}`]);
  const [maxFds, hardMaxFds] = prlimit.stdout.trim().split(/\s+/).map(Number);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
  const io = Object.fromEntries(
    readFileSync(`/proc/${pid}/io`, 'utf8')
      .split('\n')
      .map((line) => line.split(': ')),
  ) as Record<string, string>;
  return {
    residentMemoryBytes: rss * 1024,
    virtualMemoryBytes: vsz * 1024,
    threads,
    cpuSeconds: ((stat[11] ?? 0) + (stat[12] ?? 0)) / 100,
    openFds: readdirSync(`/proc/${pid}/fd`).length,
    maxFds,
    hardMaxFds,
    readBytes: Number(io['read_bytes']),
    writtenBytes: Number(io['write_bytes']),
  };
}
