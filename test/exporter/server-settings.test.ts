// Metrics from ElectrumX's environment variables, which the exporter shares.
import { describe, expect, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { series, type Exposition } from '../support/exposition.ts';

function reply(result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', result, id: 0 });
}

async function scraped(replies: Record<string, string>, env: Record<string, string>): Promise<Exposition> {
  const { port } = await electrumx({ replies });
  return (await exporterFor(port, { env })).scrape();
}

describe('electrumx_daemon_primary', () => {
  const daemon = reply({ daemon: '10.0.0.1:8332/', 'daemon height': 1, uptime: '01m 00s' });

  test.each([
    ['http://user:secret@10.0.0.1:8332/,http://10.0.0.2:8332/', 1],
    ['10.0.0.1', 1],
    ['http://10.0.0.2:8332,http://10.0.0.1:8332', 0],
    ['http://10.0.0.1:8332//', 1],
  ])('DAEMON_URL=%s: %i', async (url, primary) => {
    const exposition = await scraped({ getinfo: daemon }, { DAEMON_URL: url });
    expect(series(exposition, 'electrumx_daemon_primary')).toEqual({ '': primary });
    expect(exposition.lines.join('\n')).not.toMatch(/10\.0\.0|secret/);
  });

  test('is absent without DAEMON_URL', async () => {
    expect(series(await scraped({ getinfo: daemon }, {}), 'electrumx_daemon_primary')).toEqual({});
  });
});

describe('electrumx_peer_self_good', () => {
  const peer = (host: string, status: string) => ({ host, status, features: {}, last_good: 1.7e9 });
  const peers = reply([peer('Example.org', 'good'), peer('2001:db8::1', 'good'), peer('stale.org', 'stale')]);

  test.each([
    ['tcp://example.org:50001,ssl://example.org:50002', 1],
    ['ssl://[2001:DB8:0::1]:50002', 1],
    ['ssl://stale.org:50002', 0],
    ['ssl://nowhere.org:50002', 0],
  ])('REPORT_SERVICES=%s: %i', async (services, good) => {
    const exposition = await scraped({ peers }, { REPORT_SERVICES: services });
    expect(series(exposition, 'electrumx_peer_self_good')).toEqual({ '': good });
  });
});

describe('electrumx_config_block_interval_seconds', () => {
  const getinfo = (coin?: string) => reply({ coin, 'daemon height': 1, uptime: '01m 00s' });
  const interval = async (coin: string | undefined, env: Record<string, string>) =>
    series(await scraped({ getinfo: getinfo(coin) }, env), 'electrumx_config_block_interval_seconds')[''];

  test.each([
    ['BitcoinMainnet', {}, 600],
    ['Dogecoin', {}, 60],
    ['Dogecoin', { ELECTRUMX_EXPORTER_BLOCK_INTERVAL: '2m' }, 120],
    [undefined, { COIN: 'Litecoin' }, 150],
    [undefined, {}, undefined],
    ['BitcoinRegtest', {}, undefined],
    ['BitcoinRegtest', { COIN: 'Bitcoin', NET: 'regtest' }, undefined],
    ['Bitcoin', { ELECTRUMX_EXPORTER_BLOCK_INTERVAL: '0s' }, undefined],
  ])('coin %s and environment %j: %s', async (coin, env, seconds) => {
    expect(await interval(coin, env)).toBe(seconds);
  });
});

test("ElectrumX's limits are exported and compared with the cost of sessions and groups", async () => {
  const row = (id: number, cost: number) => [id, 'T7', '203.0.113.7:1', 'x', '1.4', cost, 0, 0, 0, 0, 0, 0, 0, 0, 1];
  const group = (cost: number) => ['203.0.113.0/24', 1, cost, 0, 0, 0, 0, 0, 0, 0, 0];
  const replies = { sessions: reply([row(0, 50), row(1, 60), row(2, 600)]), groups: reply([group(600)]) };
  const env = { MAX_SESSIONS: '1_000', COST_SOFT_LIMIT: '55', COST_HARD_LIMIT: '500', INITIAL_CONCURRENT: '7' };
  const exposition = await scraped(replies, env);
  expect(series(exposition, 'electrumx_config_max_sessions')).toEqual({ '': 1000 });
  expect(series(exposition, 'electrumx_config_cost_soft_limit')).toEqual({ '': 55 });
  expect(series(exposition, 'electrumx_config_cost_hard_limit')).toEqual({ '': 500 });
  expect(series(exposition, 'electrumx_sessions_by_cost')).toEqual({
    '{band="below_soft"}': 1,
    '{band="soft_to_hard"}': 1,
    '{band="over_hard"}': 1,
  });
  expect(series(exposition, 'electrumx_groups_over_limit')).toEqual({ '{limit="soft"}': 1, '{limit="hard"}': 1 });
  expect(series(exposition, 'electrumx_sessions_throttled')).toEqual({ '': 0 });
});
