// The host's view of real servers: the process, its limits and its database, as ps, prlimit, /proc, find and the server's log show them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { series, type Exposition } from '../support/exposition.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { connectClient } from './support/electrum-client.ts';
import { dispose, startElectrumX, type ElectrumX, type StartOptions } from './support/electrumx.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { runToEnd } from './support/process.ts';
import { describeWith, releases, type Release } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const RELEASES = releases('e-x-1.18.0', 'e-x-2.0.0');

describeWith({ releases: RELEASES, commands: ['ps', 'prlimit', 'find'] }, 'the host of a real ElectrumX', () => {
  let bitcoind: Bitcoind | undefined;
  let electrumx: ElectrumX | undefined;
  let exporter: Exporter | undefined;

  afterEach(async () => {
    await exporter?.stop();
    await dispose(electrumx);
    await bitcoind?.close();
    exporter = electrumx = bitcoind = undefined;
  });

  const start = async (release: Release, options?: StartOptions) => {
    bitcoind = await startBitcoind(110);
    electrumx = await startElectrumX(release, bitcoind, options);
    exporter = await startExporter(electrumx.rpcPort, [
      `--collector.disk.path=${electrumx.database}`,
      '--collector.disk.min-interval=0s',
    ]);
    return { server: electrumx, exporter };
  };

  test.each(RELEASES)('shows the process of $name as ps, prlimit and /proc do', async (release) => {
    const { server, exporter } = await start(release);
    const { pid } = server.process;
    // The server works between two looks at it: the values are compared until they were read in the same state.
    await waitFor('the same values', async () => {
      const exposition = await exporter.scrape();
      expect(valuesOf(exposition, 'electrumx_process_')).toMatchObject(await shownBy(pid));
      const { stdout } = await runToEnd('ps', ['-o', 'etimes=', '-p', String(pid)]);
      const startTime = series(exposition, 'electrumx_process_start_time_seconds')[''] ?? Number.NaN;
      expect(Math.abs(Date.now() / 1000 - Number(stdout) - startTime)).toBeLessThan(2);
      return true;
    });
  });

  test.each(RELEASES)('shows the size of the database of $name as find does', async (release) => {
    const { server, exporter } = await start(release);
    await waitFor('the same size', async () => {
      const size = series(await exporter.scrape(), 'electrumx_db_size_bytes')[''];
      const directories = ['utxo', 'hist', 'meta'].map((name) => join(server.database, name));
      // The sizes of the directories are not part of the database.
      const { stdout } = await runToEnd('find', [...directories, '-type', 'f', '-printf', '%s\n']);
      const sizes = stdout.trim().split('\n').map(Number);
      expect(size).toBe(sizes.reduce((sum, size) => sum + size, 0));
      return true;
    });
  });

  test.each(RELEASES)(
    'shows with 400 open files the limit of sessions that the log of $name reports',
    async (release) => {
      const { server, exporter } = await start(release, { launcher: ['prlimit', '--nofile=400'] });
      const logged = /lowered maximum sessions from 1,000 to (\d+)/.exec(server.process.output())?.[1];
      const exposition = await exporter.scrape();
      expect(series(exposition, 'electrumx_sessions_limit')).toEqual({ '': Number(logged) });
      expect(series(exposition, 'electrumx_sessions_limit_info')).toEqual({ '{source="open_files"}': 1 });
      expect(series(exposition, 'electrumx_process_max_fds')).toEqual({ '': 400 });
    },
  );

  test.each(RELEASES)('shows as many sessions as the limit when $name closes its client ports', async (release) => {
    const { server, exporter } = await start(release, { launcher: ['prlimit', '--nofile=356'] });
    const limit = series(await exporter.scrape(), 'electrumx_sessions_limit')[''];
    expect(limit).toBe(6);
    const clients = [];
    for (let number = 0; number < 6; number += 1) {
      clients.push(await connectClient(server.tcpPort, { name: `client ${number}` }));
    }
    await waitFor('the client ports to be closed', async () => {
      expect(server.process.output()).toContain('maximum sessions 6 reached');
      expect(series(await exporter.scrape(), 'electrumx_sessions')['']).toBeGreaterThanOrEqual(6);
      return true;
    });
    for (const client of clients) client.close();
  });
});

/** The value of each metric without labels whose name begins with `prefix`. */
function valuesOf({ samples }: Exposition, prefix: string): Record<string, number> {
  return Object.fromEntries([...samples].filter(([name]) => name.startsWith(prefix)));
}

/** The same values from other programs, but for the start. */
async function shownBy(pid: number): Promise<Record<string, number>> {
  const ps = await runToEnd('ps', ['-o', 'rss=,vsz=,nlwp=', '-p', String(pid)]);
  const [rss = 0, vsz = 0, threads = 0] = ps.stdout.trim().split(/\s+/).map(Number);
  const prlimit = await runToEnd('prlimit', ['--noheadings', '--output=SOFT', '--nofile', `--pid=${pid}`]);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? [];
  const io = Object.fromEntries(
    readFileSync(`/proc/${pid}/io`, 'utf8')
      .split('\n')
      .map((line) => line.split(': ')),
  ) as Record<string, string>;
  return {
    electrumx_process_resident_memory_bytes: rss * 1024,
    electrumx_process_virtual_memory_bytes: vsz * 1024,
    electrumx_process_threads: threads,
    electrumx_process_cpu_seconds_total: ((stat[11] ?? 0) + (stat[12] ?? 0)) / 100,
    electrumx_process_open_fds: readdirSync(`/proc/${pid}/fd`).length,
    electrumx_process_max_fds: Number(prlimit.stdout.trim()),
    electrumx_process_read_bytes_total: Number(io['read_bytes']),
    electrumx_process_written_bytes_total: Number(io['write_bytes']),
  };
}
