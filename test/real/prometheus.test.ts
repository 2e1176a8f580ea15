// Prometheus 2 and 3 scrape a real ElectrumX for a minute, in both formats, with a restart of ElectrumX in the middle.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBitcoind } from './support/bitcoind.ts';
import { makeClosers, type Closers } from './support/closers.ts';
import { connectClient } from './support/electrum-client.ts';
import { dispose, startElectrumX } from './support/electrumx.ts';
import { ACCEPT, startExporter } from './support/exporter.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { startPrometheus, type Prometheus, type Series } from './support/prometheus.ts';
import { sampleCount, startRelay, type Relay } from './support/relay.ts';
import { describeWith, PROMETHEUS_VERSIONS, releases, type PrometheusVersion } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

/** Leaves the exporter 1.5 s to answer, which a restarting ElectrumX may need on a busy machine. */
const SCRAPE_INTERVAL_MS = 2000;
/** A minute. */
const SCRAPES = 30;
/** The whole run, and nothing from before it: the samples span little more than a minute. */
const WHOLE_RUN = '[5m]';
const FORMATS = ['text', 'openmetrics'] as const;
const CONTENT_TYPES = {
  text: 'text/plain; version=0.0.4',
  openmetrics: 'application/openmetrics-text; version=1.0.0',
} as const;

const [release] = releases('e-x-1.20.0');
const commands = PROMETHEUS_VERSIONS.map(({ prometheus }) => prometheus);

/** One Prometheus and the relays that it scrapes the exporter through, one for each format. */
interface Scraper {
  readonly prometheus: Prometheus;
  readonly relays: Readonly<Record<(typeof FORMATS)[number], Relay>>;
}

describeWith({ releases: releases('e-x-1.20.0'), commands }, 'scraping a real ElectrumX for a minute', () => {
  const closers = makeClosers();
  const scrapers = new Map<string, Scraper>();

  beforeAll(async () => {
    if (release === undefined) throw new Error('no such release');
    const bitcoind = closers.add(await startBitcoind(), (it) => it.close());
    let electrumx = await startElectrumX(release, bitcoind);
    closers.add(undefined, () => dispose(electrumx));
    const exporter = closers.add(await startExporter(electrumx.rpcPort), (it) => it.stop());
    for (const version of PROMETHEUS_VERSIONS) {
      scrapers.set(version.name, await startScraper(version, exporter.port, closers));
    }
    const relays = [...scrapers.values()].flatMap((scraper) => Object.values(scraper.relays));
    const least = () => Math.min(...relays.map(({ replies }) => replies.length));
    const scraped = (count: number) =>
      waitFor(`${count} scrapes`, () => (least() >= count ? true : undefined), {
        timeoutMs: (count + 10) * SCRAPE_INTERVAL_MS,
      });

    const client = await connectClient(electrumx.tcpPort, { name: 'electrum/4.5.5' });
    await client.subscribe(2);
    await scraped(10);
    await electrumx.stop();
    await scraped(least() + 3);
    electrumx = await startElectrumX(release, bitcoind, { again: electrumx });
    const again = await connectClient(electrumx.tcpPort, { name: 'electrum/4.5.5' });
    await again.subscribe(1);
    await scraped(SCRAPES);
    for (const line of [client, again]) line.close();
  });

  afterAll(() => closers.closeAll());

  const cases = PROMETHEUS_VERSIONS.flatMap(({ name }) => FORMATS.map((format) => ({ name, format })));

  describe.each(cases)('$name, in $format', ({ name, format }) => {
    const scraper = (): Scraper => {
      const found = scrapers.get(name);
      if (found === undefined) throw new Error(`${name} was not started`);
      return found;
    };
    const replies = () => scraper().relays[format].replies;
    const single = async (expression: string): Promise<Series> => {
      const found = await scraper().prometheus.query(expression);
      expect(found, expression).toHaveLength(1);
      return found[0] ?? { metric: {}, values: [] };
    };
    const of = (metric: string, range = ''): string => `${metric}{job="${format}"}${range}`;

    test('receives that format', () => {
      for (const reply of replies()) expect(reply.contentType).toContain(CONTENT_TYPES[format]);
    });

    test('has up at 1 for the whole minute, also while ElectrumX is down', async () => {
      const up = await single(of('up', WHOLE_RUN));
      expect(up.values.length).toBeGreaterThanOrEqual(SCRAPES - 1);
      expect(new Set(up.values)).toEqual(new Set([1]));
    });

    test('has electrumx_up at 0 once, while ElectrumX is down', async () => {
      const { values } = await single(of('electrumx_up', WHOLE_RUN));
      expect(values.filter((value, index) => value !== values[index - 1])).toEqual([1, 0, 1]);
    });

    test('has one change of the start time', async () => {
      const metric = of('electrumx_start_time_seconds', WHOLE_RUN);
      expect((await single(`changes(${metric})`)).values).toEqual([1]);
      const { values } = await single(metric);
      expect(values.at(-1)).toBeGreaterThan(values[0] ?? Infinity);
    });

    test('stores every sample of every reply', async () => {
      const scraped = (await single(of('scrape_samples_scraped', WHOLE_RUN))).values;
      const sent = replies().map(sampleCount).slice(0, scraped.length);
      expect(scraped.slice(0, sent.length)).toEqual(sent);
      expect(sent.length).toBeGreaterThanOrEqual(SCRAPES - 1);
    });

    test('computes a rate for every counter', async () => {
      const body = replies().at(-1)?.body ?? '';
      const families = [...body.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, family = '']) => family);
      const metrics = families.map((family) => (family.endsWith('_total') ? family : `${family}_total`));
      expect(metrics).toContain('electrumx_requests_total');
      for (const metric of metrics) {
        const expected = Object.keys(series(parseExposition(body), metric)).length;
        const rates = await scraper().prometheus.query(`rate(${of(metric, '[15s]')})`);
        expect(rates.length, metric).toBe(expected);
        for (const { values } of rates) expect(values[0], metric).toBeGreaterThanOrEqual(0);
      }
      const getinfo = await single(`rate(electrumx_requests_total{job="${format}",method="getinfo"}[15s])`);
      expect(getinfo.values[0]).toBeGreaterThan(0.5);
    });
  });
});

/** Starts that Prometheus, and a relay to the exporter for each format. Prometheus negotiates OpenMetrics by itself. */
async function startScraper(version: PrometheusVersion, exporterPort: number, closers: Closers): Promise<Scraper> {
  const relays = {
    text: closers.add(await startRelay(exporterPort, ACCEPT.text), (it) => it.close()),
    openmetrics: closers.add(await startRelay(exporterPort), (it) => it.close()),
  };
  const jobs = { text: [relays.text.port], openmetrics: [relays.openmetrics.port] };
  const prometheus = await startPrometheus({ command: version.prometheus, jobs, everyMs: SCRAPE_INTERVAL_MS });
  closers.add(prometheus, (it) => it.stop());
  return { prometheus, relays };
}
