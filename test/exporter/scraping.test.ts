// How the exporter queries ElectrumX: unexpected replies, shared scrapes, what spares the server, and what outlives a scrape. Faults are in faults.test.ts.
import { describe, expect, test, vi } from 'vitest';
import { deadPort, electrumx } from '../support/electrumx.ts';
import { exporterFor, TEST_TIME_MS, type TestExporter } from '../support/exporter.ts';
import { series, type Exposition } from '../support/exposition.ts';

const WITHIN_1_2_S = { 'x-prometheus-scrape-timeout-seconds': '1.2' };

function success(exposition: Exposition): Record<string, number> {
  return byCollector(exposition, 'electrumx_scrape_collector_success');
}

/** The collectors of LocalRPC; the others have nothing to collect here. */
const LOCALRPC = ['getinfo', 'groups', 'sessions', 'peers'];

function byCollector(exposition: Exposition, name: string): Record<string, number> {
  const all = Object.entries(series(exposition, name)).map(
    ([labels, value]) => [/collector="(\w+)"/.exec(labels)?.[1] ?? '', value] as const,
  );
  return Object.fromEntries(all.filter(([collector]) => LOCALRPC.includes(collector)));
}

function failures(exposition: Exposition): string[] {
  return Object.entries(series(exposition, 'electrumx_scrape_failures_total'))
    .filter(([, count]) => count > 0)
    .map(([labels, count]) => `${labels.replace(/.*collector="(\w+)",kind="(\w+)".*/, '$1 $2')} ${count}`);
}

function failedLines(exporter: TestExporter) {
  return exporter.logged.filter(({ msg }) => msg === 'scrape failed');
}

describe('A reply', () => {
  test('of another shape is a failure of kind protocol', async () => {
    const { port } = await electrumx({ replies: { getinfo: '{"jsonrpc":"2.0","result":{"hello":"world"},"id":0}' } });
    const exposition = await (await exporterFor(port)).scrape();
    expect(failures(exposition)).toEqual(['getinfo protocol 1']);
    expect(success(exposition)).toMatchObject({ getinfo: 0, groups: 1 });
  });

  test('with a row that no release sends lacks that row, which is counted', async () => {
    const rows = [['203.0.113.0/24', 3, 1.5, 0, 0, 0, 0, 0, 0, 0, 0], ['too', 'short'], null];
    const { port } = await electrumx({ replies: { groups: JSON.stringify({ jsonrpc: '2.0', result: rows, id: 0 }) } });
    const exposition = await (await exporterFor(port)).scrape();
    expect(series(exposition, 'electrumx_group_sessions')).toEqual({ '{rank="1"}': 3 });
    expect(byCollector(exposition, 'electrumx_scrape_collector_bad_rows')).toEqual({
      getinfo: 0,
      groups: 2,
      sessions: 0,
      peers: 0,
    });
  });
});

describe('The log', () => {
  test('has one line for a scrape that failed, with collectors, kinds and reasons', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    simulator.fail('groups', 'garbage');
    simulator.fail('peers', 'error');
    await exporter.scrape();
    expect(failedLines(exporter)).toHaveLength(1);
    expect(failedLines(exporter)[0]).toMatchObject({
      level: 40,
      up: true,
      failed: {
        groups: 'protocol: the reply is not JSON',
        peers: expect.stringMatching(/^remote: the server answered with error -?\d+$/) as string,
      },
    });
  });

  test('names data that is not collected once, and has no other line at level info for a successful scrape', async () => {
    const exporter = await exporterFor((await electrumx()).port);
    await exporter.scrape();
    expect(exporter.logged.at(-1)).toMatchObject({
      msg: 'data that is not collected',
      missing: { disk: expect.stringContaining('DB_DIRECTORY') as string, probe: expect.any(String) as string },
    });
    const before = exporter.logged.length;
    await exporter.scrape();
    expect(exporter.logged.slice(before).filter(({ level }) => Number(level) >= 30)).toEqual([]);
  });
});

describe('Scrapes at the same time', () => {
  test('a later one joins the one in progress, and keeps its own deadline', async () => {
    const simulator = await electrumx();
    simulator.fail('sessions', 'hang');
    const exporter = await exporterFor(simulator.port);
    const first = exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '4' });
    await expect.poll(() => simulator.requests).toContain('sessions');
    const hurried = await exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '0.4' });
    expect(success(hurried)).toEqual({ getinfo: 1, groups: 1, sessions: 0, peers: 0 });
    expect(failures(hurried)).toEqual([]);
    simulator.recover();
    expect(success(await first)).toEqual({ getinfo: 1, groups: 1, sessions: 1, peers: 1 });
    expect(simulator.connections).toBe(1);
  });

  test('one that joins a scrape with a much shorter deadline scrapes again', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    const exporter = await exporterFor(simulator.port);
    const hurried = exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '0.5' });
    await expect.poll(() => simulator.requests).toEqual(['getinfo']);
    const patient = exporter.scrape({ 'x-prometheus-scrape-timeout-seconds': '10' });
    await expect.poll(() => exporter.received()).toBe(2);
    expect(success(await hurried)['getinfo']).toBe(0);
    simulator.recover();
    expect(success(await patient)).toEqual({ getinfo: 1, groups: 1, sessions: 1, peers: 1 });
  });

  test('the first scrape after a hang is complete, without a restart', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    simulator.fail('*', 'hang');
    expect(success(await exporter.scrape(WITHIN_1_2_S))).toEqual({ getinfo: 0, groups: 0, sessions: 0, peers: 0 });
    simulator.recover();
    expect(success(await exporter.scrape())).toEqual({ getinfo: 1, groups: 1, sessions: 1, peers: 1 });
  });

  test('no connection stays open after a scrape, good or bad', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port);
    await exporter.scrape();
    simulator.fail('groups', 'half');
    await exporter.scrape();
    simulator.fail('groups', 'hang');
    await exporter.scrape(WITHIN_1_2_S);
    await expect.poll(() => simulator.openConnections).toBe(0);
  });
});

describe('Sparing the server', () => {
  test('sessions is skipped while one subnet floods it, and only then', async () => {
    const simulator = await electrumx({ sessions: 100 });
    const exporter = await exporterFor(simulator.port, { flags: ['--collector.sessions.max-pairs=200'] });
    simulator.setScenario('flood');
    const flooded = await exporter.scrape();
    expect(byCollector(flooded, 'electrumx_scrape_collector_skipped')).toEqual({
      getinfo: 0,
      groups: 0,
      sessions: 1,
      peers: 0,
    });
    expect(success(flooded)).toEqual({ getinfo: 1, groups: 1, sessions: 0, peers: 1 });
    expect(failures(flooded)).toEqual([]);
    expect(flooded.types.has('electrumx_sessions_by_transport')).toBe(false);
    expect(simulator.requests).toEqual(['getinfo', 'groups', 'peers']);
  });

  test.each([
    ['F', true],
    ['C2', false],
  ] as const)(
    'without groups the worst is assumed, where sessions are costly at all (era %s: skipped %s)',
    async (era, skipped) => {
      const simulator = await electrumx({ era, sessions: 100 });
      const flags = ['--no-collector.groups', '--collector.sessions.max-pairs=5000'];
      const exposition = await (await exporterFor(simulator.port, { flags })).scrape();
      expect(byCollector(exposition, 'electrumx_scrape_collector_skipped')).toEqual({
        getinfo: 0,
        sessions: Number(skipped),
        peers: 0,
      });
    },
  );

  test('sessions is skipped when the server hangs and its groups are not known', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    simulator.fail('groups', 'hang');
    const exposition = await (await exporterFor(simulator.port)).scrape(WITHIN_1_2_S);
    expect(byCollector(exposition, 'electrumx_scrape_collector_skipped')).toMatchObject({ sessions: 1, peers: 0 });
    expect(simulator.requests).toEqual(['getinfo', 'groups', 'peers']);
  });

  test('groups that cannot be read count as unknown', async () => {
    const groups = JSON.stringify({ jsonrpc: '2.0', result: [['?']], id: 0 });
    const simulator = await electrumx({ sessions: 100, replies: { groups } });
    await (await exporterFor(simulator.port, { flags: ['--collector.sessions.max-pairs=5000'] })).scrape();
    expect(simulator.requests).toEqual(['getinfo', 'groups', 'peers']);
  });

  test('reused groups do not hide a new flood', async () => {
    const simulator = await electrumx({ sessions: 40 });
    const flags = ['--collector.groups.min-interval=1h', '--collector.sessions.max-pairs=400'];
    const exporter = await exporterFor(simulator.port, { flags });
    expect(success(await exporter.scrape())['sessions']).toBe(1);
    simulator.setScenario('flood');
    const flooded = await exporter.scrape();
    expect(byCollector(flooded, 'electrumx_scrape_collector_skipped')).toMatchObject({ groups: 0, sessions: 1 });
  });

  test('a collector that is switched off is not queried and not exported', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port, { flags: ['--no-collector.sessions', '--no-collector.peers'] });
    expect(success(await exporter.scrape())).toEqual({ getinfo: 1, groups: 1 });
    expect(simulator.requests).toEqual(['getinfo', 'groups']);
  });

  test('within its min-interval the last result is reused, and its age is exported', async () => {
    const simulator = await electrumx();
    let now = TEST_TIME_MS;
    const flags = ['--collector.peers.min-interval=1h', '--collector.sessions.min-interval=1h'];
    const exporter = await exporterFor(simulator.port, { flags, now: () => now });
    const first = await exporter.scrape();
    now += 30_000;
    const second = await exporter.scrape();
    expect(simulator.requests).toEqual(['getinfo', 'groups', 'sessions', 'peers', 'getinfo', 'groups']);
    expect(success(second)).toEqual({ getinfo: 1, groups: 1, sessions: 1, peers: 1 });
    expect(series(second, 'electrumx_peers_by_software')).toEqual(series(first, 'electrumx_peers_by_software'));
    expect(byCollector(second, 'electrumx_scrape_collector_last_success_timestamp_seconds')).toEqual({
      getinfo: now / 1000,
      groups: now / 1000,
      sessions: TEST_TIME_MS / 1000,
      peers: TEST_TIME_MS / 1000,
    });
  });

  test('a min-interval as long as the scrape interval queries on every scrape, even if scrapes come a little early', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const simulator = await electrumx();
      const exporter = await exporterFor(simulator.port, { flags: ['--collector.peers.min-interval=15s'] });
      for (const passed of [0, 14_990, 14_990, 7_000]) {
        vi.advanceTimersByTime(passed);
        await exporter.scrape();
      }
      expect(simulator.requests.filter((method) => method === 'peers')).toHaveLength(3);
    } finally {
      vi.useRealTimers();
    }
  });

  test('a result is not reused while the server is down', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port, { flags: ['--collector.peers.min-interval=1h'] });
    await exporter.scrape();
    await simulator.stop();
    const exposition = await exporter.scrape();
    expect(success(exposition)).toEqual({ getinfo: 0, groups: 0, sessions: 0, peers: 0 });
    expect(exposition.types.has('electrumx_peers_by_software')).toBe(false);
  });

  test('without a listener, each scrape counts one refusal for each collector', async () => {
    const exporter = await exporterFor(await deadPort());
    await exporter.scrape();
    expect(failures(await exporter.scrape()).sort()).toEqual([
      'getinfo refused 2',
      'groups refused 2',
      'peers refused 2',
      'sessions refused 2',
    ]);
  });
});

describe('What outlives a scrape', () => {
  test('the start time stays while the server runs, and changes once when it restarts on the same port', async () => {
    let now = TEST_TIME_MS;
    const clock = { now: () => now };
    const simulator = await electrumx(clock);
    const exporter = await exporterFor(simulator.port, clock);
    const startTime = async () => series(await exporter.scrape(), 'electrumx_start_time_seconds')[''];
    const first = await startTime();
    now += 3_000;
    expect(await startTime()).toBe(first);
    await simulator.stop();
    now += 60_000;
    expect(await startTime()).toBeUndefined();
    await electrumx({ ...clock, port: simulator.port });
    const second = await startTime();
    expect(second).toBeGreaterThan(first ?? 0);
    now += 5_000;
    expect(await startTime()).toBe(second);
  });

  test('traffic of a new client is in the next scrape', async () => {
    let now = TEST_TIME_MS;
    const clock = { now: () => now };
    const simulator = await electrumx({ ...clock, sessions: 20, scenario: 'churn' });
    const exporter = await exporterFor(simulator.port, clock);
    const value = (exposition: Exposition, name: string) => series(exposition, name)[''] ?? Number.NaN;
    const before = await exporter.scrape();
    now += 60_000;
    const after = await exporter.scrape();
    expect(value(before, 'electrumx_session_received_bytes_total')).toBe(0);
    for (const name of [
      'electrumx_sessions_opened_total',
      'electrumx_session_received_bytes_total',
      'electrumx_session_sent_bytes_total',
    ]) {
      expect(value(after, name), name).toBeGreaterThan(value(before, name));
    }
  });
});
