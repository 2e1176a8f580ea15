// Faults that wallets of real servers see are in the metrics of the probe, within two probes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { series, valueOf, type Exposition } from '../support/exposition.ts';
import { CLIENT_PORT_FAULTS } from './support/client-port-faults.ts';
import { makeClosers } from './support/closers.ts';
import { startScene, type Scene } from './support/probed-servers.ts';
import { describeWith, releases } from './support/tools.ts';

const RELEASES = releases('e-x-1.18.0', 'e-x-1.20.0', 'e-x-2.0.0', 'electrumx-1.20.2');
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

/** Whether a metric of the probe has so many series, and each of them a value that shows the fault. */
const each =
  (count: number, name: string, shows: (value: number, scraped: Exposition) => boolean) => (scraped: Exposition) => {
    const found = values(scraped, name);
    return found.length === count && found.every((one) => shows(one, scraped));
  };

/** What shows each fault, by its name. */
const SHOWN: Readonly<Record<string, (scraped: Exposition) => boolean>> = {
  'bitcoind is killed': allFail('daemon'),
  'bitcoind is stopped (SIGSTOP)': allFail('daemon'),
  "bitcoind's getrawmempool hangs, and three blocks arrive": each(
    4,
    'probe_tip_height',
    (tip, scraped) => value(scraped, 'db_height') - tip === 3,
  ),
  'bitcoind is rolled back ten blocks below the index': each(
    4,
    'probe_tip_height',
    (tip, scraped) => tip - value(scraped, 'daemon_height') === 10,
  ),
  'three sessions reach MAX_SESSIONS=3, and the ports are closed': (scraped) =>
    value(scraped, 'sessions') > value(scraped, 'sessions_limit') &&
    valueOf(scraped, 'electrumx_scrape_collector_skipped', { collector: 'probe' }) === 1,
  'ten sessions reach a MAX_SESSIONS that the exporter does not know': allFail('connect'),
  'the certificate expires within a day': each(
    2,
    'probe_certificate_not_after_timestamp_seconds',
    (expiry) => expiry - Date.now() / 1000 < 2 * DAY,
  ),
  'the certificate is replaced on disk, and the old one is served': (scraped) =>
    String(values(scraped, 'probe_certificate_current')) === '0,0',
  'nothing listens on the ssl port': (scraped) => String(values(scraped, 'probe_success')) === '1,0',
  'the client ports are those of another chain': (scraped) => value(scraped, 'probe_genesis_match') === 0,
  'ElectrumX is stopped (SIGSTOP)': (scraped) => allFail('version', 'tls')(scraped) && value(scraped, 'up') === 0,
};

describeWith({ releases: RELEASES, commands: ['openssl'] }, 'a fault of a real ElectrumX', () => {
  describe.each(CLIENT_PORT_FAULTS)('$name', (fault) => {
    const shown = SHOWN[fault.name] ?? (() => false);
    const closers = makeClosers();
    let scene: Scene;
    let before: readonly Exposition[];

    const scrapeAll = () => Promise.all(scene.servers.map(({ exporter }) => exporter.scrape()));

    beforeAll(async () => {
      scene = await startScene(fault, { releases: RELEASES, timeout: '4s' }, closers);
      before = fault.begin ? await scrapeAll() : [];
      await fault.begin?.(scene);
    });

    afterAll(() => closers.closeAll());

    if (fault.begin) {
      test('does not show before it begins', () => {
        expect(before).toHaveLength(RELEASES.length);
        expect(before.filter(shown)).toEqual([]);
      });
    }

    test.concurrent.each(RELEASES)('shows within two probes of $name', async (release) => {
      const exporter = scene.servers.find(({ ports }) => ports.electrumx.release === release)?.exporter;
      const scrapes = [await exporter?.scrape(), await exporter?.scrape()].flatMap((scrape) => scrape ?? []);
      expect(scrapes.some(shown), scrapes[1]?.lines.filter((line) => line.includes('probe')).join('\n')).toBe(true);
    });
  });
});
