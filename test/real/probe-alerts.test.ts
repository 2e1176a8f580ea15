// Faults that wallets of real servers see lead to the right notification, and to no other critical one. Time passes faster.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT_PORT_FAULTS, type ClientPortFault } from './support/client-port-faults.ts';
import { makeClosers } from './support/closers.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import { startScene, type Scene } from './support/probed-servers.ts';
import { describeWith, releases, type Release } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

/** Ten minutes are twenty seconds. */
const TIME_SCALE = 30;
const EVERY_MS = 3000;
const RELEASES = releases('e-x-1.18.0', 'e-x-1.20.0', 'e-x-2.0.0', 'electrumx-1.20.2');

/** Who is notified of each fault, by its name, as `receiver alert`. */
const NOTIFIED: Readonly<Record<string, string>> = {
  'bitcoind is killed': 'critical ElectrumXDaemonUnreachable',
  'bitcoind is stopped (SIGSTOP)': 'critical ElectrumXDaemonUnreachable',
  "bitcoind's getrawmempool hangs, and three blocks arrive": 'critical ElectrumXWalletTipBehind',
  'bitcoind is rolled back ten blocks below the index': 'critical ElectrumXDaemonBelowIndex',
  'three sessions reach MAX_SESSIONS=3, and the ports are closed': 'critical ElectrumXSessionsExhausted',
  'ten sessions reach a MAX_SESSIONS that the exporter does not know': 'critical ElectrumXClientPortDown',
  'the certificate expires within a day': 'critical ElectrumXCertificateExpiresSoon',
  'the certificate is replaced on disk, and the old one is served': 'warning ElectrumXCertificateNotServed',
  'nothing listens on the ssl port': 'critical ElectrumXClientPortDown',
  'the client ports are those of another chain': 'critical ElectrumXWrongChain',
  'ElectrumX is stopped (SIGSTOP)': 'critical ElectrumXDown',
};

/** Since 2.0.0, balances wait for the mempool, too: wallets of an older release only keep an old tip. */
function expectedOf({ name }: ClientPortFault, release: Release): string {
  if (name.includes('getrawmempool') && release.name === 'e-x-2.0.0') return 'critical ElectrumXWalletUnserved';
  return NOTIFIED[name] ?? '';
}

const commands = ['openssl', 'prometheus', 'prometheus-alertmanager'];

describeWith({ releases: RELEASES, commands }, 'a fault of a real ElectrumX', () => {
  const closers = makeClosers();
  const scenes = new Map<ClientPortFault, Scene>();
  let monitoring: Monitoring;

  beforeAll(async () => {
    for (const fault of CLIENT_PORT_FAULTS) {
      scenes.set(fault, await startScene(fault, { releases: RELEASES, timeout: '4s' }, closers));
    }
    const targets = [...scenes.values()].flatMap(({ servers }) => servers.map(({ exporter }) => exporter.port));
    const options = { targets, everyMs: EVERY_MS, timeScale: TIME_SCALE };
    monitoring = closers.add(await startMonitoring(options), (it) => it.stop());
    await waitFor('a few scrapes of all', async () => {
      const seen = await monitoring.prometheus.query('count_over_time(electrumx_up[5m]) >= 5');
      return seen.length === targets.length ? true : undefined;
    });
    await Promise.all([...scenes].map(([fault, scene]) => fault.begin?.(scene)));
  });

  afterAll(() => closers.closeAll());

  function notified(fault: ClientPortFault, release: Release): string[] {
    const server = scenes.get(fault)?.servers.find(({ ports }) => ports.electrumx.release === release);
    return monitoring.notified(`127.0.0.1:${server?.exporter.port ?? 0}`);
  }

  const others = (fault: ClientPortFault, release: Release) =>
    notified(fault, release).filter((name) => name.startsWith('critical') && name !== expectedOf(fault, release));

  describe.each(RELEASES)('$name', (release) => {
    test.each(CLIENT_PORT_FAULTS)('leads to one notification: $name', async (fault) => {
      const expected = expectedOf(fault, release);
      await waitFor(
        expected,
        () => {
          const names = notified(fault, release);
          if (!names.includes(expected)) throw new Error(`there is ${names.join(', ')}`);
          return true;
        },
        { timeoutMs: 110_000 },
      );
      expect(others(fault, release)).toEqual([]);
    });
  });

  test.each(RELEASES)('notifies of no other critical alert until all are seen: $name', (release) => {
    expect(CLIENT_PORT_FAULTS.flatMap((fault) => others(fault, release))).toEqual([]);
  });
});
