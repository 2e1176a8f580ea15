// Acceptance by a real Prometheus: a minute of scrapes in both formats, with ElectrumX restarted in the middle of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient } from './support/electrum-client.ts';
import { dispose, startElectrumX } from './support/electrumx.ts';
import { ACCEPT, startExporter } from './support/exporter.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { startPrometheus, type Prometheus, type Series } from './support/prometheus.ts';
import { sampleCount, startRelay, type Relay } from './support/relay.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const SCRAPES = 60;
// All of the run and nothing from before: the samples are a minute and a bit.
const ALL = '[5m]';
const FORMATS = ['text', 'openmetrics'] as const;

const [release] = releases('e-x-1.20.0');

describeWith({ releases: releases('e-x-1.20.0'), commands: ['prometheus'] }, 'a minute under a real Prometheus', () => {
  const closers = makeClosers();
  let prometheus: Prometheus;
  const relays = {} as Record<(typeof FORMATS)[number], Relay>;

  beforeAll(async () => {
    if (release === undefined) throw new Error('no such release');
    const bitcoind = closers.add(await startBitcoind(), (it) => it.close());
    let electrumx = await startElectrumX(release, bitcoind);
    closers.add(undefined, () => dispose(electrumx));
    const exporter = closers.add(await startExporter(electrumx.rpcPort), (it) => it.stop());
    relays.text = closers.add(await startRelay(exporter.port, ACCEPT.text), (it) => it.close());
    relays.openmetrics = closers.add(await startRelay(exporter.port), (it) => it.close());
    const jobs = { text: [relays.text.port], openmetrics: [relays.openmetrics.port] };
    prometheus = closers.add(await startPrometheus({ jobs }), (it) => it.stop());

    const scraped = (count: number) =>
      waitFor(
        `${count} scrapes`,
        () => (FORMATS.every((format) => relays[format].replies.length >= count) ? true : undefined),
        {
          timeoutMs: (count + 20) * 1000,
        },
      );
    const client = await connectClient(electrumx.tcpPort, { name: 'electrum/4.5.5' });
    await client.subscribe(2);
    await scraped(20);
    await electrumx.stop();
    await scraped(relays.text.replies.length + 5);
    electrumx = await startElectrumX(release, bitcoind, { again: electrumx });
    const again = await connectClient(electrumx.tcpPort, { name: 'electrum/4.5.5' });
    await again.subscribe(1);
    await scraped(SCRAPES);
    for (const line of [client, again]) line.close();
  });

  afterAll(() => closers.closeAll());

  describe.each(FORMATS)('in %s', (format) => {
    const only = async (expression: string): Promise<Series> => {
      const found = await prometheus.query(expression);
      expect(found, expression).toHaveLength(1);
      return found[0] ?? { metric: {}, values: [] };
    };
    const of = (name: string, range = ''): string => `${name}{job="${format}"}${range}`;

    test('that is the format that Prometheus was given', () => {
      const kind = { text: 'text/plain; version=0.0.4', openmetrics: 'application/openmetrics-text; version=1.0.0' }[
        format
      ];
      for (const reply of relays[format].replies) expect(reply.contentType).toContain(kind);
    });

    test('up is 1 for the whole minute, while ElectrumX went and came', async () => {
      const up = await only(of('up', ALL));
      expect(up.values.length).toBeGreaterThanOrEqual(SCRAPES - 1);
      expect(new Set(up.values)).toEqual(new Set([1]));
    });

    test('electrumx_up goes to 0 and back, once', async () => {
      const { values } = await only(of('electrumx_up', ALL));
      expect(values.filter((value, index) => value !== values[index - 1])).toEqual([1, 0, 1]);
    });

    test('the start time moves exactly once', async () => {
      const name = of('electrumx_start_time_seconds', ALL);
      expect((await only(`changes(${name})`)).values).toEqual([1]);
      const { values } = await only(name);
      expect(values.at(-1)).toBeGreaterThan(values[0] ?? Infinity);
    });

    test('every sample of every reply arrived', async () => {
      const scraped = (await only(of('scrape_samples_scraped', ALL))).values;
      const sent = relays[format].replies.map(sampleCount).slice(0, scraped.length);
      expect(scraped.slice(0, sent.length)).toEqual(sent);
      expect(sent.length).toBeGreaterThanOrEqual(SCRAPES - 1);
    });

    test('every counter has a rate', async () => {
      const body = relays[format].replies.at(-1)?.body ?? '';
      const families = [...body.matchAll(/^# TYPE (\S+) counter$/gm)].map(([, name = '']) => name);
      const names = families.map((name) => (name.endsWith('_total') ? name : `${name}_total`));
      expect(names).toContain('electrumx_requests_total');
      for (const name of names) {
        const expected = Object.keys(series(parseExposition(body), name)).length;
        const rates = await prometheus.query(`rate(${of(name, '[15s]')})`);
        expect(rates.length, name).toBe(expected);
        for (const { values } of rates) expect(values[0], name).toBeGreaterThanOrEqual(0);
      }
      const asked = await only(`rate(electrumx_requests_total{job="${format}",method="getinfo"}[15s])`);
      expect(asked.values[0]).toBeGreaterThan(0.5);
    });
  });
});
