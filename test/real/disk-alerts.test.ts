// A disk that fills under the database of a real ElectrumX becomes a warning, and later a critical notification, where time passes faster.
import { afterEach, expect, test } from 'vitest';
import { startBitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { dispose, startElectrumX } from './support/electrumx.ts';
import { startExporter } from './support/exporter.ts';
import { startMonitoring, type Monitoring } from './support/monitoring.ts';
import { mountSmallDisk, type SmallDisk } from './support/small-disk.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

/** The two hours of ElectrumXDiskFilling are 18 seconds. */
const TIME_SCALE = 400;
const EVERY_MS = 600;
const SIZE_BYTES = 64 * 2 ** 20;
/** Written between two scrapes: the disk is full after 64 of them, which is four hours. */
const BYTES_A_SCRAPE = 2 ** 20;
const FILL_TIMEOUT_MS = 90_000;
const RELEASES = releases('e-x-2.0.0');
/** They have nothing to do with the disk, and scrapes have little time on a busy machine. */
const WITHOUT = ['groups', 'sessions', 'peers'].map((collector) => `--no-collector.${collector}`);

const commands = ['mount', 'umount', 'prometheus', 'prometheus-alertmanager'];

describeWith({ releases: RELEASES, commands }, 'a disk that fills', () => {
  const closers = makeClosers();
  afterEach(() => closers.closeAll());

  test.each(RELEASES)(
    'is first notified as ElectrumXDiskFilling, and then as ElectrumXDiskFull, under the database of $name',
    async (release) => {
      const disk = closers.add(await mountSmallDisk(SIZE_BYTES), (it) => it.close());
      const bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      const env = { DB_DIRECTORY: disk.path };
      const { rpcPort } = closers.add(await startElectrumX(release, bitcoind, { env }), dispose);
      const flags = [...WITHOUT, `--collector.disk.path=${disk.path}`, '--collector.disk.min-interval=0s'];
      const { port } = closers.add(await startExporter(rpcPort, flags), (it) => it.stop());
      const options = { targets: [port], everyMs: EVERY_MS, timeScale: TIME_SCALE };
      const monitoring = closers.add(await startMonitoring(options), (it) => it.stop());

      const left = await fillUntil('ElectrumXDiskFull', disk, monitoring);

      expect(aboutDisk(monitoring)).toEqual([
        `warning ElectrumXDiskFilling 127.0.0.1:${port}`,
        `critical ElectrumXDiskFull 127.0.0.1:${port}`,
      ]);
      expect(left.filter((share) => share >= 0.05).length).toBeGreaterThan(50);
    },
  );
});

/** Writes the same amount after every scrape until the alert is notified. The share that each scrape finds left, in order. */
async function fillUntil(alert: string, disk: SmallDisk, { notes, prometheus }: Monitoring): Promise<number[]> {
  const left: number[] = [];
  // A scrape that fails or is late delays the fill as well.
  const nextScrape = (after: number) =>
    waitFor('a scrape', async () => {
      const available = 'electrumx_db_filesystem_avail_bytes';
      const [scraped] = await prometheus.query(`${available} and timestamp(${available}) > ${after}`);
      return scraped?.values[0];
    });
  const deadline = Date.now() + FILL_TIMEOUT_MS;
  while (!notes.some(({ labels }) => labels['alertname'] === alert)) {
    if (Date.now() > deadline) throw new Error(`${alert} is not notified: ${left.join(' ')}`);
    disk.write(BYTES_A_SCRAPE);
    left.push((await nextScrape(Date.now() / 1000)) / disk.sizeBytes);
  }
  return left;
}

/** Who was notified of the disk: each receiver, alert and instance once, in order. */
function aboutDisk({ notes }: Monitoring): string[] {
  const aboutIt = notes.filter(({ status, labels }) => status === 'firing' && labels['alertname']?.includes('Disk'));
  const lines = aboutIt.map(({ receiver, labels: { alertname, instance } }) => `${receiver} ${alertname} ${instance}`);
  return [...new Set(lines)];
}
