// However hostile the clients: at most 400 series, and none of their names, addresses or ports in what is served or logged.
import { describe, expect, test } from 'vitest';
import type { State } from '../../src/scrape/state.ts';
import { KNOWN_METHODS } from '../../src/metrics/labels.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { find, passer } from '../support/pipeline.ts';

const SESSIONS = 10_000;
const PEERS = 300;
const pass = passer();
const ADDRESS = /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9a-f]{1,4}:[0-9a-f:]{3,}/i;

function reply(result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', result, id: 0 });
}

/** As much variety as the wire allows: every column takes part, every known method and cache is used. */
function worstCase(): Record<string, string> {
  const caches = ['history', 'merkle txid', 'txids', 'estimatefee', 'txo status'];
  const methods = [...KNOWN_METHODS, '__proto__', 'constructor'];
  const strange = Array.from({ length: 5_000 }, (_, i) => `x.method_${i}`);
  const families = [
    'electrum',
    'sparrow',
    'bluewallet',
    'nunchuk',
    'trezor',
    'ledger-live',
    'zeus',
    'edge',
    'cake',
    'evil',
  ];
  const row = (id: number) => [
    id,
    `${'TSWRXYZ'[id % 7] ?? ''}${id % 3 ? '' : 'C'}${id % 5 ? '' : 'L'}${id % 11}`,
    `203.0.${id % 256}.${(id >> 8) % 256}:${40_000 + (id % 20_000)}`,
    id % 2
      ? `${families[id % 10] ?? ''}/${id % 100}.${id % 89}.${id % 83}`
      : `198.51.100.${id % 256}\u202e"\n\ud800`.slice(0, 17),
    id % 3 ? `1.${id % 100}.${id % 10}` : '1.4'.padEnd(id % 200, '9'),
    id * 1.5,
    id,
    ...[0, 0, id % 4, 1, 100, 1, 100, 4 ** (id % 10)],
  ];
  const group = (id: number) => [`203.0.${id}.0/24`, 40, id * 100.5, id, 0, 0, 0, 0, 0, 0, 0];
  const peer = (id: number) => ({
    host: `2600::1%${'x'.repeat(1000)}${id}${id % 2 ? '.onion' : ''}`,
    status: ['good', 'bad', 'stale', 'never', 'evil'][id % 5],
    features: {
      server_version: `${['ElectrumX', 'Fulcrum', 'electrs', 'Evil'][id % 4] ?? ''} ${id}`,
      protocol_max: id % 3 ? `1.${id % 100}` : `198.51.100.${id % 256}`,
      __proto__: { x: 1 },
      x: [[[[id]]]],
    },
    source: '198.51.100.7',
    last_good: 1.6e9 + id,
  });
  return {
    getinfo: reply({
      version: 'ElectrumX 2.0',
      coin: 'Bitcoin',
      daemon: '10.0.0.1:8332/',
      'daemon height': 8e5,
      'db height': 8e5,
      db_flush_count: 1,
      caches: Object.fromEntries(caches.map((name) => [name, '1 lookups, 1 hits, 1 entries, hitrate 1.0'])),
      groups: 200,
      pid: 1,
      uptime: '01h 00m 00s',
      peers: { good: 1, bad: 2, stale: 3, never: 4, total: 10 },
      'request counts': Object.fromEntries([...methods, ...strange].map((name) => [name, 1])),
      sessions: {
        count: SESSIONS,
        subs_sh: 1,
        subs_txo: 1,
        'count with subs_any': 1,
        errors: 1,
        logged: 1,
        paused: 1,
        'pending requests': 1,
      },
      'txs sent': 1,
    }),
    groups: reply(Array.from({ length: 200 }, (_, id) => group(id))),
    sessions: reply(Array.from({ length: SESSIONS }, (_, id) => row(id))),
    peers: reply(Array.from({ length: PEERS }, (_, id) => peer(id))),
  };
}

describe(`${SESSIONS} sessions with hostile names`, () => {
  const settings = [
    '--electrumx.max-sessions=10000',
    '--electrumx.cost-soft-limit=1000',
    '--electrumx.cost-hard-limit=10000',
  ];

  test.each([
    ['a server under attack', () => electrumx({ sessions: SESSIONS, scenario: 'hostile-names' })],
    ['the worst that the wire allows', () => electrumx({ replies: worstCase() })],
  ])('%s: at most 400 series', async (_, start) => {
    const { port } = await start();
    const exporter = await exporterFor(port, { flags: settings });
    const started = exporter.logged.length;
    await exporter.scrape();
    const exposition = await exporter.scrape();
    expect(series(exposition, 'electrumx_scrape_collector_success')).toMatchObject({
      '{collector="getinfo"}': 1,
      '{collector="peers"}': 1,
    });
    expect(exposition.lines.length).toBeLessThanOrEqual(400);
    expect(exposition.lines.filter((line) => ADDRESS.test(line) || /evil|xxxx|x\.method/i.test(line))).toEqual([]);
    expect(exposition.lines.filter((line) => !/^[\x20-\x7e]+$/.test(line))).toEqual([]);
    expect(JSON.stringify(exporter.logged.slice(started))).not.toMatch(ADDRESS);
  });

  test('every session and every peer is counted once in each breakdown', async () => {
    const exporter = await exporterFor((await electrumx({ replies: worstCase() })).port, {
      flags: ['--collector.sessions.max-pairs=1000000000'],
    });
    const exposition = await exporter.scrape();
    const sum = (name: string) => Object.values(series(exposition, name)).reduce((a, b) => a + b, 0);
    const rpc = series(exposition, 'electrumx_sessions_by_transport')['{transport="rpc"}'] ?? 0;
    expect(sum('electrumx_sessions_by_transport')).toBe(SESSIONS);
    expect(sum('electrumx_sessions_by_protocol')).toBe(SESSIONS);
    expect(sum('electrumx_sessions_by_client')).toBe(SESSIONS - rpc);
    expect(sum('electrumx_sessions_by_cost')).toBe(SESSIONS - rpc);
    expect(sum('electrumx_sessions_by_duration')).toBe(SESSIONS - rpc);
    expect(sum('electrumx_peers_by_network')).toBe(PEERS);
    expect(sum('electrumx_peers_by_protocol')).toBe(PEERS);
    expect(sum('electrumx_requests_total')).toBe(KNOWN_METHODS.size + 5_002);
  });

  test('limits client/version label pairs to 200, then drops the version', async () => {
    const row = (id: number, version: string) => [
      id,
      'T10',
      'a',
      `electrum/${version}`,
      '1.4',
      0,
      0,
      ...Array<number>(8).fill(0),
    ];
    const rows = (scrape: number) => Array.from({ length: 20 }, (_, id) => row(id, `${scrape}.${id}.1`));
    const shown = new Set<string>();
    let state: State | undefined;
    for (let scrape = 0; scrape < 50; scrape += 1) {
      const passed = pass([await find('sessions', Buffer.from(reply(rows(scrape))))], state);
      state = passed.state;
      const clients = series(parseExposition(await passed.expose('text')), 'electrumx_sessions_by_client');
      expect(Object.values(clients).reduce((a, b) => a + b, 0)).toBe(20);
      for (const labels of Object.keys(clients)) shown.add(labels);
    }
    expect(shown.size).toBe(201);
    expect([...shown]).toContain('{client="electrum",version="other"}');
  });

  test('exports the names of groups only with --collector.groups.names', async () => {
    const { port } = await electrumx({ replies: worstCase() });
    const ranks = async (flags: readonly string[]) => {
      const exporter = await exporterFor(port, { flags: [...flags, '--collector.groups.top=2'] });
      return new Set(Object.keys(series(await exporter.scrape(), 'electrumx_group_cost')));
    };
    expect(await ranks([])).toEqual(new Set(['{rank="1"}', '{rank="2"}']));
    expect(await ranks(['--collector.groups.names'])).toEqual(
      new Set(['{group="203.0.199.0/24",rank="1"}', '{group="203.0.198.0/24",rank="2"}']),
    );
  });
});
