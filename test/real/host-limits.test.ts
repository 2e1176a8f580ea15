// What the host allows a real ElectrumX: a file system that fills, and the memory limit of its cgroup.
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { series } from '../support/exposition.ts';
import { startBitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { dispose, startElectrumX } from './support/electrumx.ts';
import { startExporter } from './support/exporter.ts';
import { runToEnd } from './support/process.ts';
import { mountSmallDisk } from './support/small-disk.ts';
import { describeWith, releases, type Release } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const RELEASES = releases('e-x-2.0.0');
const MEBIBYTE = 2 ** 20;

/** The root of the cgroups with memory limits, and the name of the file of the limit; `undefined` where this user cannot make cgroups. */
const CGROUPS = [
  { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', file: 'memory.max' },
].find(({ root, file }) => {
  const trial = join(root, `electrumx-exporter-trial-${process.pid}`);
  try {
    mkdirSync(trial);
    const hasFile = existsSync(join(trial, file));
    rmdirSync(trial);
    return hasFile;
  } catch {
    return false;
  }
});

describeWith({ releases: RELEASES, commands: ['mount', 'umount', 'df'] }, 'the host of a real ElectrumX', () => {
  const closers = makeClosers();
  afterEach(() => closers.closeAll());

  async function start(release: Release, env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []) {
    const bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
    const server = closers.add(await startElectrumX(release, bitcoind, { env }), dispose);
    return { server, exporter: closers.add(await startExporter(server.rpcPort, flags), (it) => it.stop()) };
  }

  test.each(RELEASES)('shows the space that df shows while the disk of $name fills, down to 0', async (release) => {
    const disk = closers.add(await mountSmallDisk(64 * MEBIBYTE), (it) => it.close());
    const flags = [`--collector.disk.path=${disk.path}`, '--collector.disk.min-interval=0s'];
    const { exporter } = await start(release, { DB_DIRECTORY: disk.path }, flags);
    const available = async () => {
      const exposition = await exporter.scrape();
      expect(series(exposition, 'electrumx_db_filesystem_size_bytes')).toEqual({ '': disk.sizeBytes });
      return series(exposition, 'electrumx_db_filesystem_avail_bytes')[''];
    };
    const sameAsDf = async () => sameAs(await available(), await availableByDf(disk.path));
    const left = [await waitFor('the same space', sameAsDf)];
    while (left.at(-1) !== 0) {
      disk.write(8 * MEBIBYTE);
      left.push(await waitFor('the same space', sameAsDf));
    }
    expect(left.length).toBeGreaterThan(4);
    expect(left).toEqual(left.toSorted((a, b) => b - a));
    expect(await available()).toBe(0);
  });

  describe.runIf(CGROUPS !== undefined)('with a cgroup', () => {
    test.each(RELEASES)('shows the memory limit of $name', async (release) => {
      const { root, file } = CGROUPS ?? { root: '', file: '' };
      const cgroup = closers.add(mkdtempSync(join(root, 'electrumx-exporter-')), (it) => rmdirSync(it));
      writeFileSync(join(cgroup, file), String(512 * MEBIBYTE));
      const { server, exporter } = await start(release);
      const limit = async () => series(await exporter.scrape(), 'electrumx_process_memory_limit_bytes')[''];
      const before = await limit();
      writeFileSync(join(cgroup, 'cgroup.procs'), String(server.process.pid));
      expect(await limit()).toBe(512 * MEBIBYTE);
      expect(before).not.toBe(512 * MEBIBYTE);
    });
  });
});

function sameAs(value: number | undefined, expected: number): number | undefined {
  return value === expected ? value : undefined;
}

async function availableByDf(path: string): Promise<number> {
  const { stdout } = await runToEnd('df', ['--block-size=1', '--output=avail', path]);
  return Number(stdout.split('\n')[1]);
}
