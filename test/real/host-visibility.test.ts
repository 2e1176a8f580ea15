// The process of a real ElectrumX, seen by exporters that run in other namespaces, as other users, and without /proc.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { series, type Exposition } from '../support/exposition.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { dispose, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { run } from './support/process.ts';
import { describeWith, releases } from './support/tools.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/main.js');
const [RELEASE] = releases('e-x-2.0.0');
const OTHER_USER = 60_002;
const NO_SUCH_PROCESS =
  'no process with this pid: the PID namespace is not shared, or /proc hides the processes of other users';

const asUser = (user: number) => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
/** A command that runs `script` first, in a mount namespace. */
const after = (script: string) => ['unshare', '--mount', 'sh', '-c', `${script} && exec "$0" "$@"`];
const newPidNamespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

describeWith(
  { releases: RELEASE ? [RELEASE] : [], commands: ['setpriv', 'unshare', 'mount'] },
  'the process of a real ElectrumX',
  () => {
    let bitcoind: Bitcoind | undefined;
    let server: ElectrumX;
    let exporter: Exporter | undefined;

    beforeAll(async () => {
      if (!RELEASE) return;
      bitcoind = await startBitcoind(110);
      server = await startElectrumX(RELEASE, bitcoind);
    }, 60_000);
    afterAll(async () => {
      await dispose(server);
      await bitcoind?.close();
    });
    afterEach(async () => {
      // `unshare --fork` does not pass SIGTERM on.
      await exporter?.process.stop('SIGKILL');
      exporter = undefined;
    });

    /** An exporter that `wrapper` starts, and three scrapes of it. */
    async function scrapesFrom(wrapper: readonly string[]) {
      const [command, ...args] = [...wrapper, process.execPath, MAIN];
      const started = await startExporter(server.rpcPort, [], (flags) => run(command, [...args, ...flags]));
      exporter = started;
      const scrapes = [await started.scrape(), await started.scrape(), await started.scrape()];
      const lines = started.process
        .output()
        .split('\n')
        .filter((line) => line.includes('data that is not collected'));
      return { scrapes, lines };
    }

    /** A PID namespace whose process with the server's pid is another program. */
    const reusedPid = () => [
      ...[...newPidNamespace, 'sh', '-c'],
      `echo ${server.process.pid - 1} > /proc/sys/kernel/ns_last_pid; sleep 600 & exec "$0" "$@"`,
    ];

    test.each([
      ['from another PID namespace', () => newPidNamespace, NO_SUCH_PROCESS],
      ['from a PID namespace where another program has its pid', reusedPid, 'the pid belongs to another program'],
      [
        'by another user where /proc is mounted with hidepid=invisible',
        () => [...after('mount -t proc -o hidepid=invisible proc /proc'), ...asUser(OTHER_USER)],
        NO_SUCH_PROCESS,
      ],
      [
        'by another user where /proc is mounted with hidepid=noaccess',
        () => [...after('mount -t proc -o hidepid=noaccess proc /proc'), ...asUser(OTHER_USER)],
        '/proc is not readable: it is mounted with hidepid',
      ],
      ['without /proc', () => after('mount -t tmpfs none /proc'), '/proc is not readable: it is not mounted'],
    ])('is not seen %s: its series are absent, and one log line says why', async (_, wrapper, reason) => {
      const { scrapes, lines } = await scrapesFrom(wrapper());
      for (const exposition of scrapes) {
        expect(processSeries(exposition)).toEqual([]);
        expect(series(exposition, 'electrumx_up')).toEqual({ '': 1 });
        expect(Object.values(series(exposition, 'electrumx_scrape_failures_total')).filter(Boolean)).toEqual([]);
        expect(series(exposition, 'electrumx_sessions_limit_info')).toEqual({ '{source="default"}': 1 });
      }
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(reason);
    });

    test('shows another user everything but the bytes read and written', async () => {
      const { scrapes, lines } = await scrapesFrom(asUser(OTHER_USER));
      for (const exposition of scrapes) {
        expect(processSeries(exposition)).not.toContain('electrumx_process_read_bytes_total');
        expect(processSeries(exposition)).not.toContain('electrumx_process_written_bytes_total');
        expect(series(exposition, 'electrumx_process_threads')['']).toBe(threads(server.process.pid));
        expect(series(exposition, 'electrumx_process_open_fds')['']).toBeGreaterThan(10);
        expect(series(exposition, 'electrumx_sessions_limit_info')).not.toHaveProperty('{source="env"}');
      }
      expect(lines.filter((line) => line.includes('pid'))).toEqual([]);
    });
  },
);

function processSeries({ samples }: Exposition): string[] {
  return [...samples.keys()].filter((name) => name.startsWith('electrumx_process_'));
}

function threads(pid: number): number {
  return Number(/^Threads:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
