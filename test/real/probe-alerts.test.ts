// Faults that wallets of real servers see lead to the right notification, and to no other critical one. Time passes faster.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBitcoind } from './support/bitcoind.ts';
import { CLIENT_PORT_FAULTS, type ClientPortFault, type Scene } from './support/client-port-faults.ts';
import { startClientPorts } from './support/client-ports.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter } from './support/exporter.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

/** Ten minutes are ten seconds. */
const TIME_SCALE = 60;
const EVERY_MS = 1500;
const RELEASES = releases('e-x-2.0.0');

/** Who is notified of each fault, by its name, as `receiver alert`. */
const NOTIFIED: Readonly<Record<string, string>> = {
  'bitcoind is killed': 'critical ElectrumXDaemonUnreachable',
  'bitcoind is stopped (SIGSTOP)': 'critical ElectrumXDaemonUnreachable',
  "bitcoind's getrawmempool hangs, and three blocks arrive": 'critical ElectrumXWalletUnserved',
  'bitcoind is rolled back ten blocks below the index': 'critical ElectrumXDaemonBelowIndex',
  'sessions reach MAX_SESSIONS, and the ports are closed': 'critical ElectrumXClientPortDown',
  'the certificate expires within a day': 'critical ElectrumXCertificateExpiresSoon',
  'the certificate is replaced on disk, and the old one is served': 'warning ElectrumXCertificateNotServed',
  'nothing listens on the ssl port': 'critical ElectrumXClientPortDown',
  'the client ports are those of another chain': 'critical ElectrumXWrongChain',
  'ElectrumX is stopped (SIGSTOP)': 'critical ElectrumXDown',
};

const commands = ['openssl', 'prometheus', 'prometheus-alertmanager'];

describeWith({ releases: RELEASES, commands }, 'a fault of a real ElectrumX', () => {
  const closers = makeClosers();
  const instances = new Map<ClientPortFault, string>();
  let monitoring: Monitoring;

  /** Starts a server, and an exporter that probes it. */
  async function start(fault: ClientPortFault): Promise<{ scene: Scene; port: number }> {
    const [release] = RELEASES;
    if (release === undefined) throw new Error('no such release');
    const bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
    const ports = closers.add(await startClientPorts(release, bitcoind, fault.options), (it) => it.close());
    const scene = { bitcoind, ports, closers };
    const services = await fault.services?.(scene);
    const flags = [
      ...ports.flags.filter((flag) => services === undefined || !flag.includes('probe.services')),
      ...(services === undefined ? [] : [`--collector.probe.services=${services}`]),
      '--collector.probe.timeout=800ms',
    ];
    const exporter = closers.add(await startExporter(ports.electrumx.rpcPort, flags), (it) => it.stop());
    return { scene, port: exporter.port };
  }

  beforeAll(async () => {
    const started: [ClientPortFault, Scene][] = [];
    for (const fault of CLIENT_PORT_FAULTS) {
      const { scene, port } = await start(fault);
      started.push([fault, scene]);
      instances.set(fault, `127.0.0.1:${port}`);
    }
    const targets = [...instances.values()].map((instance) => Number(instance.split(':')[1]));
    const options = { targets, everyMs: EVERY_MS, timeScale: TIME_SCALE };
    monitoring = closers.add(await startMonitoring(options), (it) => it.stop());
    await waitFor('a few scrapes of all', async () => {
      const seen = await monitoring.prometheus.query('count_over_time(electrumx_up[5m]) >= 5');
      return seen.length === targets.length ? true : undefined;
    });
    for (const [fault, scene] of started) await fault.begin?.(scene);
  });

  afterAll(() => closers.closeAll());

  test.each(CLIENT_PORT_FAULTS)('leads to one notification: $name', async (fault) => {
    const instance = instances.get(fault) ?? '';
    const expected = NOTIFIED[fault.name] ?? '';
    const notified = () => monitoring.notified(instance);
    await waitFor(
      expected,
      () => {
        if (!notified().includes(expected)) throw new Error(`there is ${notified().join(', ')}`);
        return true;
      },
      { timeoutMs: 90_000 },
    );
    expect(notified().filter((name) => name.startsWith('critical') && name !== expected)).toEqual([]);
  });

  test('notifies of no other critical alert until all are seen', () => {
    const others = [...instances].flatMap(([{ name }, instance]) =>
      monitoring.notified(instance).filter((other) => other.startsWith('critical') && other !== NOTIFIED[name]),
    );
    expect(others).toEqual([]);
  });
});
