// Real servers that lower their limit of sessions, because they may not open enough files, become a critical notification when they are full.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient } from './support/electrum-client.ts';
import { dispose, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { startExporter } from './support/exporter.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import { freePort } from './support/process.ts';
import { describeWith, releases, type Release } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

/** Ten minutes are ten seconds. */
const TIME_SCALE = 60;
const EVERY_MS = 1000;
/** Soft and hard limit: since 1.19 the server raises the soft one. */
const OPEN_FILES = ['prlimit', '--nofile=400'];
const RELEASES = releases('e-x-1.18.0', 'e-x-2.0.0');

const commands = ['prlimit', 'prometheus', 'prometheus-alertmanager'];

describeWith({ releases: RELEASES, commands }, 'a server with 400 open files and as many wallets as it accepts', () => {
  const closers = makeClosers();
  const servers = new Map<Release, { readonly electrumx: ElectrumX; readonly instance: string }>();
  let monitoring: Monitoring;

  /** Starts a server, and an exporter that probes it where replies are not padded. */
  async function start(release: Release) {
    const bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
    const ports = { tcpPort: await freePort(), rpcPort: await freePort() };
    const probed = `ws://127.0.0.1:${await freePort()}`;
    const SERVICES = `tcp://127.0.0.1:${ports.tcpPort},${probed},rpc://127.0.0.1:${ports.rpcPort}`;
    const options = { ports, env: { SERVICES }, launcher: OPEN_FILES };
    const electrumx = closers.add(await startElectrumX(release, bitcoind, options), dispose);
    const flags = [`--collector.probe.services=${probed}`, '--collector.probe.min-interval=0s'];
    const { port } = closers.add(await startExporter(ports.rpcPort, flags), (it) => it.stop());
    servers.set(release, { electrumx, instance: `127.0.0.1:${port}` });
    return port;
  }

  /** Connects clients until the server closes its client ports, and keeps them. */
  async function fill({ tcpPort, process }: ElectrumX) {
    const limit = loggedLimit(process.output());
    // At the same time: 1.18 takes a second to greet each. The exporter's sessions count, too, so that the last may be refused.
    const names = Array.from({ length: limit }, (_, number) => `client ${number}`);
    const clients = await Promise.allSettled(names.map((name) => connectClient(tcpPort, { name })));
    for (const client of clients) if (client.status === 'fulfilled') closers.add(client.value, (it) => it.close());
    await waitFor('the client ports to be closed', () => {
      return process.output().includes(`maximum sessions ${limit} reached`) || undefined;
    });
  }

  beforeAll(async () => {
    const targets = [];
    for (const release of RELEASES) targets.push(await start(release));
    const options = { targets, everyMs: EVERY_MS, timeScale: TIME_SCALE };
    monitoring = closers.add(await startMonitoring(options), (it) => it.stop());
    await waitFor('probes of both that succeed', async () => {
      const seen = await monitoring.prometheus.query('sum_over_time(electrumx_probe_success[5m]) >= 3');
      return seen.length === RELEASES.length || undefined;
    });
    for (const { electrumx } of servers.values()) await fill(electrumx);
  });

  afterAll(() => closers.closeAll());

  test.each(RELEASES)(
    'notifies ElectrumXSessionsExhausted, and nothing else that is critical: $name',
    async (release) => {
      const { electrumx, instance = '' } = servers.get(release) ?? {};
      const critical = () => monitoring.notified(instance).filter((note) => note.startsWith('critical'));
      await waitFor('a critical notification', () => critical().length > 0 || undefined, { timeoutMs: 90_000 });
      expect(critical()).toEqual(['critical ElectrumXSessionsExhausted']);
      const [limit] = await monitoring.prometheus.query(`electrumx_sessions_limit{instance="${instance}"}`);
      expect(limit?.values).toEqual([loggedLimit(electrumx?.process.output() ?? '')]);
    },
  );

  test('notifies of nothing else that is critical in the five minutes after that', async () => {
    await monitoring.evaluated(300 / TIME_SCALE);
    const critical = monitoring.notes.filter(({ receiver }) => receiver === 'critical');
    expect(new Set(critical.map(({ labels }) => labels['alertname']))).toEqual(new Set(['ElectrumXSessionsExhausted']));
  });
});

/** The limit of sessions that the server reports, having computed it from the limit of open files. */
function loggedLimit(output: string): number {
  const [, limit] = /lowered maximum sessions from 1,000 to (\d+)/.exec(output) ?? [];
  return Number(limit);
}
