// What the exporter shows of the server's process and disk, on processes and directories of this machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { series, type Exposition } from '../support/exposition.ts';

function namesOf({ samples }: Exposition, prefix: string): string[] {
  return [...samples.keys()].filter((name) => name.startsWith(prefix));
}

/** What the log lines about data that is not collected say of one collector, line by line. */
function missingOf({ logged }: TestExporter, collector: string): unknown[] {
  const lines = logged.filter(({ msg }) => msg === 'data that is not collected');
  return lines.map(({ missing }) => (missing as Record<string, unknown>)[collector]);
}

/** An exporter of a server that reports this pid and uptime. */
async function exporterOfPid(pid: number, uptime: string): Promise<TestExporter> {
  const result = { version: 'ElectrumX 2.0.0', 'daemon height': 1, 'db height': 1, pid, uptime };
  const { port } = await electrumx({ replies: { getinfo: JSON.stringify({ jsonrpc: '2.0', result, id: 0 }) } });
  return exporterFor(port, { now: Date.now });
}

/** A process with the command line of an ElectrumX, which has started just now. */
async function startLookalike(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'electrumx-'));
  const script = join(folder, 'electrumx_server');
  writeFileSync(script, 'process.stdin.resume(); process.stdout.write("ready")');
  const child = spawn(process.execPath, [script], { argv0: 'python3', stdio: 'pipe' });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
    rmSync(folder, { recursive: true });
  });
  await once(child.stdout, 'data');
  return child.pid ?? -1;
}

describe.runIf(process.platform === 'linux')('the process of the server', () => {
  test('is shown when its command line and its start are those of the server', async () => {
    const exporter = await exporterOfPid(await startLookalike(), '01s');
    const exposition = await exporter.scrape();
    expect(series(exposition, 'electrumx_scrape_collector_success')).toMatchObject({ '{collector="process"}': 1 });
    expect(series(exposition, 'electrumx_process_resident_memory_bytes')['']).toBeGreaterThan(10_000_000);
    expect(series(exposition, 'electrumx_process_open_fds')['']).toBeGreaterThan(2);
    expect(missingOf(exporter, 'process')).toEqual([undefined]);
  });

  test.each([
    ['of a pid that another program has', () => process.pid, '01s', 'the pid belongs to another program'],
    [
      'of a pid that another ElectrumX has',
      startLookalike,
      '5d 00h 00m',
      'the pid belongs to another ElectrumX, or the clock was set: its start does not fit the uptime',
    ],
    [
      'of a pid that no process has',
      () => 2 ** 30,
      '01s',
      'no process with this pid: the PID namespace is not shared, or /proc hides the processes of other users',
    ],
  ])('%s is not shown, which one log line says', async (_, pid, uptime, reason) => {
    const exporter = await exporterOfPid(await pid(), uptime);
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const exposition = await exporter.scrape();
      expect(namesOf(exposition, 'electrumx_process_')).toEqual([]);
      expect(series(exposition, 'electrumx_scrape_collector_success')).toMatchObject({
        '{collector="getinfo"}': 1,
        '{collector="process"}': 0,
      });
      expect(series(exposition, 'electrumx_sessions_limit_info')).toEqual({ '{source="default"}': 1 });
      expect(series(exposition, 'electrumx_scrape_failures_total')).toMatchObject({
        '{collector="process",kind="protocol"}': 0,
      });
    }
    expect(missingOf(exporter, 'process')).toEqual([reason]);
  });
});

describe('a database of 100,000 files', () => {
  let database: string;
  beforeAll(() => {
    database = mkdtempSync(join(tmpdir(), 'electrumx-'));
    const directory = join(database, 'hist');
    mkdirSync(directory);
    // Links, since they are made twenty times as fast as files.
    for (let number = 0; number < 100_000; number += 1) {
      const first = number - (number % 25_000);
      if (number === first) writeFileSync(join(directory, `${first}.ldb`), '');
      else linkSync(join(directory, `${first}.ldb`), join(directory, `${number}.ldb`));
    }
  }, 60_000);
  afterAll(() => rmSync(database, { recursive: true, force: true }));

  test('has no size, which a log line explains, and delays no scrape', async () => {
    const { port } = await electrumx();
    const exporter = await exporterFor(port, {
      env: { DB_DIRECTORY: database },
      flags: ['--collector.disk.min-interval=0s'],
    });
    const scrape = async () => {
      const started = performance.now();
      const exposition = await exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '2' });
      expect(performance.now() - started).toBeLessThan(2000);
      expect(series(exposition, 'electrumx_scrape_collector_success')).toMatchObject({ '{collector="getinfo"}': 1 });
      expect(namesOf(exposition, 'electrumx_db_size_bytes')).toEqual([]);
      return namesOf(exposition, 'electrumx_db_filesystem_size_bytes');
    };
    await expect.poll(scrape, { timeout: 10_000 }).toHaveLength(1);
    const reasons = () => missingOf(exporter, 'disk').join();
    await expect.poll(reasons, { timeout: 10_000 }).toMatch(/more than \d+ files/);
  }, 30_000);
});
