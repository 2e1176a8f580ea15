// The conventions of Prometheus for exporters, one test each. Those that need `promtool` are in test/real.
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { deadPort, electrumx } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { parseExposition, series, type Exposition } from '../support/exposition.ts';

const OPENMETRICS = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' };
const COLLECTORS = ['getinfo', 'groups', 'sessions', 'peers'];

async function exporter(flags: string[] = []): Promise<TestExporter> {
  return exporterFor((await electrumx()).port, { flags });
}

async function scraped(): Promise<Exposition> {
  return (await exporter()).scrape();
}

function names({ types }: Exposition): string[] {
  return [...types.keys()];
}

function labelNames({ samples }: Exposition): Set<string> {
  return new Set(
    [...samples.keys()].flatMap((key) => [...key.matchAll(/[{,]([a-z_]+)="/g)].map(([, name = '']) => name)),
  );
}

describe('Names and types', () => {
  test('every metric has a HELP that is a sentence, and a TYPE', async () => {
    const { help, types } = await scraped();
    for (const text of help.values()) expect(text).toMatch(/^\S.{10,}\.( \(.*\))?$/);
    expect(new Set(types.values())).toEqual(new Set(['gauge', 'counter']));
  });

  test('no series is duplicated', async () => {
    const { lines, samples } = await scraped();
    expect(samples.size).toBe(lines.length);
  });

  test('every name begins with electrumx_, or is a standard name of process metrics', async () => {
    expect(names(await scraped()).filter((name) => !/^(electrumx_|process_|nodejs_)/.test(name))).toEqual([]);
  });

  test('names are snake_case without colons', async () => {
    expect(names(await scraped()).filter((name) => !/^[a-z_][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  test('units are base units', async () => {
    const scaled = /_(ms|millis.*|kb|mb|percent|minutes|hours|days)(_total)?$/;
    expect(names(await scraped()).filter((name) => scaled.test(name))).toEqual([]);
  });

  test('counters, and only counters, end in _total; no name looks like part of a histogram', async () => {
    const { types } = await scraped();
    for (const [name, type] of types) expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
    expect([...types.keys()].filter((name) => /_(bucket|count|sum)$/.test(name))).toEqual([]);
  });

  test('HELP and TYPE come in pairs', async () => {
    const { help, types } = await scraped();
    expect([...help.keys()]).toEqual([...types.keys()]);
  });

  test('no sample carries a timestamp', async () => {
    expect((await scraped()).lines.filter((line) => / \S+ \d{10,}$/.test(line))).toEqual([]);
  });

  test('times are timestamps, not ages', async () => {
    const exposition = await scraped();
    expect(names(exposition).filter((name) => /uptime|_age|since/.test(name))).toEqual([]);
    expect(exposition.types.has('electrumx_start_time_seconds')).toBe(true);
  });

  test('caches show lookups and hits, not a rate', async () => {
    const exposition = await scraped();
    expect(Object.keys(series(exposition, 'electrumx_cache_hits_total'))).toEqual(
      Object.keys(series(exposition, 'electrumx_cache_lookups_total')),
    );
    expect(names(exposition).filter((name) => /hitrate|_ratio/.test(name))).toEqual([]);
  });
});

describe('Labels', () => {
  test('no label is one of the target or of Prometheus', async () => {
    const reserved = 'type instance job cluster region zone env environment service owner stage le quantile'.split(' ');
    const used = labelNames(await scraped());
    expect(reserved.filter((name) => used.has(name))).toEqual([]);
  });

  test('a value that all series share is a label of electrumx_info only', async () => {
    const exposition = await scraped();
    expect(series(exposition, 'electrumx_up')).toEqual({ '': 1 });
    const withCoin = [...exposition.samples.keys()].filter((key) => /[{,]coin=/.test(key));
    expect(withCoin).toEqual([expect.stringMatching(/^electrumx_info\{/)]);
  });

  test('no label value is a total of the others', async () => {
    expect([...(await scraped()).samples.keys()].filter((key) => /="(total|all)"/.test(key))).toEqual([]);
  });

  test('series end when ElectrumX no longer reports them', async () => {
    const simulator = await electrumx({ sessions: 5 });
    const exporter = await exporterFor(simulator.port);
    expect(Object.keys(series(await exporter.scrape(), 'electrumx_sessions_by_client'))).not.toEqual([]);
    simulator.world.sessions.clear();
    expect(series(await exporter.scrape(), 'electrumx_sessions_by_client')).toEqual({});
  });

  test('series that are known in advance are 0 from the start', async () => {
    const simulator = await electrumx({ sessions: 0 });
    const exposition = await (await exporterFor(simulator.port)).scrape();
    expect(Object.keys(series(exposition, 'electrumx_peers')).sort()).toEqual([
      '{status="bad"}',
      '{status="good"}',
      '{status="never"}',
      '{status="stale"}',
    ]);
    expect(series(exposition, 'electrumx_sessions_by_transport')).toMatchObject({
      '{transport="tcp"}': 0,
      '{transport="ssl"}': 0,
    });
    expect(Object.values(series(exposition, 'electrumx_scrape_failures_total'))).toEqual(Array<number>(27).fill(0));
  });
});

describe('Scraping', () => {
  test('ElectrumX is queried only by scrapes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
    try {
      const simulator = await electrumx();
      const exporter = await exporterFor(simulator.port);
      await exporter.scrape();
      const before = simulator.requests.length;
      vi.advanceTimersByTime(3_600_000);
      await exporter.get('/-/healthy');
      expect(simulator.requests).toHaveLength(before);
    } finally {
      vi.useRealTimers();
    }
  });

  test('one scrape is one connection with one request for each collector, in order', async () => {
    const simulator = await electrumx();
    await (await exporterFor(simulator.port)).scrape();
    expect(simulator.requests).toEqual(COLLECTORS);
    expect(simulator.connections).toBe(1);
  });

  test('twenty simultaneous scrapes query once and return the same', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    const exporter = await exporterFor(simulator.port);
    const all = Array.from({ length: 20 }, () => exporter.scrape());
    await expect.poll(() => exporter.received()).toBe(20);
    simulator.recover();
    expect(new Set((await Promise.all(all)).map(({ lines }) => lines.join('\n'))).size).toBe(1);
    expect(simulator.requests).toEqual(COLLECTORS);
    expect(simulator.connections).toBe(1);
  });

  test('without ElectrumX the response is 200, up is 0, and no value is stale', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    await exporter.scrape();
    await simulator.stop();
    const response = await exporter.get('/metrics');
    expect(response.status).toBe(200);
    const exposition = parseExposition(await response.text());
    expect(series(exposition, 'electrumx_up')).toEqual({ '': 0 });
    const rest = names(exposition).filter(
      (name) => !/^(electrumx_up|electrumx_scrape_.*|electrumx_exporter_build_info|process_.*|nodejs_.*)$/.test(name),
    );
    expect(rest).toEqual([]);
  });

  test('a method that fails affects its metrics only; without a server, all collectors are 0', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    simulator.fail('peers', 'error');
    const exposition = await exporter.scrape();
    expect(series(exposition, 'electrumx_scrape_collector_success')).toEqual({
      '{collector="getinfo"}': 1,
      '{collector="groups"}': 1,
      '{collector="sessions"}': 1,
      '{collector="peers"}': 0,
      '{collector="process"}': 0,
      '{collector="disk"}': 0,
      '{collector="probe"}': 0,
    });
    expect(exposition.types.has('electrumx_daemon_height')).toBe(true);
    expect(exposition.types.has('electrumx_peers_by_software')).toBe(false);
    await simulator.stop();
    expect(Object.values(series(await exporter.scrape(), 'electrumx_scrape_collector_success'))).toEqual(
      Array(7).fill(0),
    );
  });

  test('with a server that hangs, up is 0 within the time that Prometheus waits', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    simulator.fail('*', 'hang');
    const started = performance.now();
    const exposition = await exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '1.2' });
    expect(performance.now() - started).toBeLessThan(1200);
    expect(series(exposition, 'electrumx_up')).toEqual({ '': 0 });
    const parsed = parseConfig([], {});
    expect(parsed.ok && parsed.config.timeoutMs).toBeLessThan(10_000);
  });

  test('an exporter that starts first finds ElectrumX when it starts', async () => {
    const port = await deadPort();
    const exporter = await exporterFor(port);
    expect(series(await exporter.scrape(), 'electrumx_up')).toEqual({ '': 0 });
    await electrumx({ port });
    expect(series(await exporter.scrape(), 'electrumx_up')).toEqual({ '': 1 });
  });

  test('metrics of the scrape itself are gauges, except the count of failures', async () => {
    const { types } = await scraped();
    const counters = [...types].filter(([name, type]) => name.startsWith('electrumx_scrape_') && type !== 'gauge');
    expect(counters).toEqual([['electrumx_scrape_failures_total', 'counter']]);
  });

  test('ten thousand sessions stay within 300 series, and no session has a series', async () => {
    const simulator = await electrumx({ sessions: 10_000 });
    const exposition = await (await exporterFor(simulator.port)).scrape();
    expect(series(exposition, 'electrumx_sessions')['']).toBeGreaterThan(9_000);
    expect(exposition.lines.length).toBeLessThanOrEqual(300);
    expect(labelNames(exposition)).not.toContain('session');
  });
});

describe('The exporter as a product', () => {
  test('the version and the port are the same everywhere', async () => {
    const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const exposition = await scraped();
    expect(Object.keys(series(exposition, 'electrumx_exporter_build_info'))).toEqual([
      expect.stringContaining('version="1.2.3"'),
    ]);
    expect(read('Dockerfile')).toMatch(/^EXPOSE 10061$/m);
    expect(read('README.md')).toContain('localhost:10061/metrics');
    expect(read('grafana/prometheus.yml')).toContain(':10061');
    const parsed = parseConfig([], {});
    expect(parsed.ok && parsed.config.listenAddresses).toEqual([{ host: undefined, port: 10_061 }]);
  });

  test('the landing page leads to the metrics, other paths are 404, health does not need ElectrumX', async () => {
    const simulator = await electrumx();
    const { get } = await exporterFor(simulator.port);
    expect(await (await get('/')).text()).toContain('href="./metrics"');
    expect((await get('/nope')).status).toBe(404);
    for (const path of ['/-/healthy', '/-/ready']) expect((await get(path)).status).toBe(200);
    expect(simulator.connections).toBe(0);
  });

  test('without flags it queries 127.0.0.1:8000, where ElectrumX listens by default', () => {
    const parsed = parseConfig([], {});
    expect(parsed.ok && parsed.config.rpcAddress).toEqual({ host: '127.0.0.1', port: 8000 });
  });

  test("no metric is about the machine, which is node_exporter's task", async () => {
    expect(names(await scraped()).filter((name) => /^(node_|electrumx_(cpu|mem|disk))/.test(name))).toEqual([]);
  });

  test('Accept selects text or OpenMetrics, with the right content type and the same series', async () => {
    const { get, scrape } = await exporter();
    await scrape(); // the first one makes methods that ElectrumX then counts
    const text = await get('/metrics', { accept: '' });
    const openMetrics = await get('/metrics', OPENMETRICS);
    expect(text.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(openMetrics.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1\.0\.0/);
    const [textBody, openMetricsBody] = [await text.text(), await openMetrics.text()];
    expect(openMetricsBody).toMatch(/\n# EOF\n$/);
    expect([...parseExposition(openMetricsBody).samples.keys()]).toEqual([...parseExposition(textBody).samples.keys()]);
  });
});
