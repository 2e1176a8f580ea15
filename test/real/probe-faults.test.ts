// Faults that wallets of real servers see are in the metrics of the probe, within two probes.
import { afterEach, describe, expect, test } from 'vitest';
import { series, valueOf, type Exposition } from '../support/exposition.ts';
import { startBitcoind } from './support/bitcoind.ts';
import { CLIENT_PORT_FAULTS, type ClientPortFault, type Scene } from './support/client-port-faults.ts';
import { startClientPorts } from './support/client-ports.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter } from './support/exporter.ts';
import { describeWith, releases } from './support/tools.ts';

const RELEASES = releases('e-x-1.20.0', 'e-x-2.0.0');
const DAY = 86_400;

const value = (scraped: Exposition, name: string) => valueOf(scraped, `electrumx_${name}`) ?? Number.NaN;
const values = (scraped: Exposition, name: string) => Object.values(series(scraped, `electrumx_${name}`));

/** Whether each probed port fails one of the steps, and no other. */
const allFail =
  (...steps: string[]) =>
  (scraped: Exposition) => {
    const failed = Object.entries(series(scraped, 'electrumx_probe_step_success')).filter(([, ok]) => ok === 0);
    return failed.length === 4 && failed.every(([labels]) => steps.some((step) => labels.includes(`step="${step}"`)));
  };

/** What shows each fault, by its name. */
const SHOWN: Readonly<Record<string, (scraped: Exposition) => boolean>> = {
  'bitcoind is killed': allFail('daemon'),
  'bitcoind is stopped (SIGSTOP)': allFail('daemon'),
  "bitcoind's getrawmempool hangs, and three blocks arrive": (scraped) =>
    values(scraped, 'probe_tip_height').every((tip) => value(scraped, 'db_height') - tip === 3),
  'bitcoind is rolled back ten blocks below the index': (scraped) =>
    values(scraped, 'probe_tip_height').every((tip) => tip - value(scraped, 'daemon_height') === 10),
  'sessions reach MAX_SESSIONS, and the ports are closed': allFail('connect'),
  'the certificate expires within a day': (scraped) =>
    values(scraped, 'probe_certificate_not_after_timestamp_seconds').every(
      (expiry) => expiry - Date.now() / 1000 < 2 * DAY,
    ),
  'the certificate is replaced on disk, and the old one is served': (scraped) =>
    String(values(scraped, 'probe_certificate_current')) === '0,0',
  'nothing listens on the ssl port': (scraped) => String(values(scraped, 'probe_success')) === '1,0',
  'the client ports are those of another chain': (scraped) => value(scraped, 'probe_genesis_match') === 0,
  'ElectrumX is stopped (SIGSTOP)': (scraped) => allFail('version', 'tls')(scraped) && value(scraped, 'up') === 0,
};

describeWith({ releases: RELEASES, commands: ['openssl'] }, 'a fault of a real ElectrumX', () => {
  const closers = makeClosers();
  afterEach(() => closers.closeAll());

  const exporterOf = async (scene: Scene, { services }: ClientPortFault) => {
    const flags = scene.ports.flags.filter((flag) => !services || !flag.startsWith('--collector.probe.services'));
    const elsewhere = services ? [`--collector.probe.services=${await services(scene)}`] : [];
    const all = [...flags, ...elsewhere, '--collector.probe.timeout=4s'];
    return closers.add(await startExporter(scene.ports.electrumx.rpcPort, all), (it) => it.stop());
  };

  describe.each(RELEASES)('$name', (release) => {
    test.each(CLIENT_PORT_FAULTS)('shows within two probes: $name', async (fault) => {
      const bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      const ports = closers.add(await startClientPorts(release, bitcoind, fault.options), (it) => it.close());
      const scene = { bitcoind, ports, closers };
      const exporter = await exporterOf(scene, fault);
      const shown = SHOWN[fault.name] ?? (() => false);
      if (fault.begin) expect(shown(await exporter.scrape())).toBe(false);
      await fault.begin?.(scene);
      const scrapes = [await exporter.scrape(), await exporter.scrape()];
      expect(scrapes.some(shown), scrapes[1]?.lines.filter((line) => line.includes('probe')).join('\n')).toBe(true);
    });
  });
});
