// Each scenario can be seen in the replies, as soon as it begins, and calm after it.
import { describe, expect, it } from 'vitest';
import { HOSTILE_CLIENTS } from '../../src/simulator/world/hostile.ts';
import { SCENARIOS, type Scenario } from '../../src/simulator/world/scenarios.ts';
import { call, type Client, clocked, connectTo, START } from './support/client.ts';
import { connectWallet, greet, UNUSED_SCRIPT } from './support/wallet.ts';

interface Info extends Record<'request counts' | 'sessions' | 'peers', Record<string, number>> {
  daemon: string;
  'daemon height': number;
  'db height': number;
  db_flush_count: number;
  pid: number;
  uptime: string;
}
type Row = [number, string, string, string, string, ...number[]];

/** A server of 1.20 with what it says, and a clock to move. */
async function server(scenario: Scenario = 'calm') {
  const services = [{ transport: 'ssl' }, { transport: 'tcp' }] as const;
  const started = await clocked({ era: 'F', sessions: 100, scenario, services, requestTimeoutMs: 20 });
  /** Peers as JSON: what other servers sent can contain numbers that only Python reads. */
  const peers = async () => {
    const client = await connectTo(started.port);
    const line = (await client.raw('peers')) ?? '';
    client.end();
    const { result } = JSON.parse(line.replace(/-?Infinity|\bNaN\b(?!")/g, 'null')) as { result: unknown };
    return { line, list: result as { host: string; status: string; last_good: number; features: object }[] };
  };
  return Object.assign(Object.create(started) as typeof started, {
    info: async () => (await call(started.port, 'getinfo')) as Info,
    clients: async () =>
      ((await call(started.port, 'sessions')) as Row[]).filter(([, flags]) => !flags.startsWith('R')),
    groups: async () => (await call(started.port, 'groups')) as [string, ...number[]][],
    peers,
  });
}
type Server = Awaited<ReturnType<typeof server>>;

/** The number in the flags of a session. */
const concurrency = (flags: string) => Number(flags.replace(/\D/g, ''));

/** What can be seen of a scenario right after its beginning. */
const SIGHTS: Readonly<Record<Scenario, (seen: Server) => Promise<void>>> = {
  calm: async ({ info, clients }) => {
    const { sessions, peers, ...rest } = await info();
    expect(rest['daemon height']).toBe(rest['db height']);
    expect(sessions['pending requests']).toBeLessThan(20);
    expect(peers['good']).toBeGreaterThan(10);
    expect(await clients()).toHaveLength(100);
  },
  'daemon-stalled': async ({ info, pass }) => {
    const before = await info();
    pass(6 * 3600);
    expect((await info())['daemon height']).toBe(before['daemon height']);
  },
  'index-behind': async ({ info, pass }) => {
    const before = await info();
    expect(before['daemon height'] - before['db height']).toBeGreaterThanOrEqual(6);
    pass(1800);
    const after = await info();
    expect(after['db height']).toBe(before['db height']);
    expect(after['daemon height']).toBeGreaterThan(before['daemon height']);
  },
  'initial-sync': async ({ info, clients, pass }) => {
    const before = await info();
    expect(before['db height'] / before['daemon height']).toBeCloseTo(0.4, 2);
    expect(before.peers['good']).toBe(0);
    expect(await clients()).toEqual([]);
    pass(60);
    expect((await info())['db height']).toBeGreaterThan(before['db height'] + 1000);
  },
  'sync-stalled': async ({ info, pass }) => {
    const before = await info();
    pass(3 * 3600);
    const after = await info();
    expect(after['db height']).toBe(before['db height']);
    expect(after['db height'] / after['daemon height']).toBeCloseTo(0.4, 2);
  },
  'daemon-failover': async ({ info, port }) => {
    expect((await info()).daemon).toBe('127.0.0.2:8332/');
    await call(port, 'daemon_url', ['']);
    expect((await info()).daemon).toBe('127.0.0.1:8332/');
  },
  flood: async ({ groups, clients }) => {
    expect(await clients()).toHaveLength(500);
    const [, biggest] = (await groups()).find(([name]) => name === '198.51.100.0/24') ?? [];
    expect(biggest).toBe(400);
  },
  churn: async ({ clients, pass }) => {
    const before = new Set((await clients()).map(([id]) => id));
    pass(30);
    const after = await clients();
    expect(after.length).toBeGreaterThan(60);
    expect(after.filter(([id]) => before.has(id)).length).toBeLessThan(5);
  },
  overloaded: async ({ info, clients }) => {
    expect((await info()).sessions['pending requests']).toBeGreaterThan(200);
    expect((await clients()).filter(([, flags]) => concurrency(flags) < 10).length).toBeGreaterThan(90);
  },
  throttled: async ({ info, clients }) => {
    expect((await info()).sessions['pending requests']).toBeLessThan(20);
    expect((await clients()).filter(([, flags]) => concurrency(flags) < 10).length).toBeGreaterThan(90);
  },
  'locked-out': async ({ groups }) => {
    const lost = (await groups()).filter(([, , cost = 0, retained = 0]) => cost + retained > 10_000);
    expect(lost.length).toBeGreaterThan(10);
  },
  slow: async ({ info }) => {
    const began = performance.now();
    await info();
    expect(performance.now() - began).toBeGreaterThan(1100);
  },
  'sessions-many': async ({ clients, pass }) => {
    expect(await clients()).toHaveLength(900);
    pass(1200);
    expect((await clients()).length).toBeGreaterThan(850);
  },
  'stuck-closing': async ({ clients, pass }) => {
    const closing = async () => (await clients()).filter(([, flags]) => flags.includes('C')).length;
    expect(await closing()).toBe(30);
    pass(600);
    expect(await closing()).toBeGreaterThan(100);
  },
  logging: async ({ info, clients, pass }) => {
    expect((await info()).sessions['logged']).toBe(101); // with the one that asks
    pass(3600);
    expect((await clients()).filter(([, flags]) => !flags.includes('L'))).toEqual([]);
  },
  'sessions-full': async ({ clients, pass }) => {
    expect(await clients()).toHaveLength(1000);
    for (let n = 0; n < 20; n++) {
      pass(60);
      const { length } = await clients();
      expect(length).toBeLessThanOrEqual(1000);
      expect(length).toBeGreaterThan(950);
    }
  },
  'peers-lost': async ({ info, pass }) => {
    expect((await info()).peers).toMatchObject({ good: 0, total: 24 });
    pass(3600);
    expect((await info()).peers).toMatchObject({ good: 0, total: 24 });
  },
  'discovery-stalled': async ({ info, peers, pass }) => {
    const { list } = await peers();
    expect((await info()).peers['good']).toBeGreaterThan(10);
    expect(Math.max(...list.map((peer) => peer.last_good))).toBeLessThan(START / 1000 - 2 * 3600);
    pass(3600);
    expect((await info()).peers['good']).toBe(0);
  },
  'not-advertised': async ({ info, peers, pass }) => {
    const itself = async () => (await peers()).list.find(({ host }) => host === 'electrum0.example.org')?.status;
    expect(await itself()).toBe('stale');
    pass(3600);
    expect(await itself()).toBe('stale');
    expect((await info()).peers['good']).toBeGreaterThan(10);
  },
  'flush-count-high': async ({ info }) => {
    expect((await info()).db_flush_count).toBeGreaterThanOrEqual(62_000);
  },
  'flush-count-critical': async ({ info }) => {
    expect((await info()).db_flush_count).toBeGreaterThan(65_000);
  },
  'crash-loop': async ({ info, clients, pass, port }) => {
    const before = await info();
    const open = await connectTo(port);
    pass(21);
    expect(await open.raw('getinfo')).toBeUndefined();
    const after = await info();
    expect(after.pid).not.toBe(before.pid);
    expect(after.uptime).toMatch(/^0\ds$/);
    expect((await clients())[0]?.[0]).toBe(0);
  },
  'wallet-tip-frozen': async (seen) => {
    const info = await seen.info();
    const wallet = await greet(seen);
    const tip = (await wallet.call('blockchain.headers.subscribe')) as { height: number };
    expect(info['db height']).toBe(info['daemon height']);
    expect(info['db height'] - tip.height).toBe(3);
    seen.pass(500);
    expect(await wallet.call('blockchain.headers.subscribe')).toEqual(tip);
  },
  'balance-hang': async (seen) => {
    const wallet = await greet(seen);
    expect(await wallet.call('blockchain.scripthash.get_balance', [UNUSED_SCRIPT])).toMatchObject({ code: -102 });
    expect(await wallet.call('blockchain.headers.subscribe')).toHaveProperty('height');
  },
  'daemon-dead': async (seen) => {
    const before = await seen.info();
    const wallet = await greet(seen);
    const id = await wallet.call('blockchain.transaction.id_from_pos', [1, 0]);
    expect(await wallet.call('blockchain.transaction.get', [id])).toMatchObject({ code: -102 });
    expect(await wallet.call('blockchain.scripthash.get_balance', [UNUSED_SCRIPT])).toHaveProperty('confirmed', 0);
    seen.pass(6 * 3600);
    expect((await seen.info())['daemon height']).toBe(before['daemon height']);
  },
  'wallet-slow': async (seen) => {
    const wallet = await greet(seen);
    const greeting = wallet.received();
    wallet.send('blockchain.headers.subscribe');
    await expect.poll(() => seen.walletRequests).toContain('blockchain.headers.subscribe');
    await seen.info();
    expect(wallet.received()).toBe(greeting);
  },
  'port-closed': async (seen) => {
    await expect(connectWallet(seen, 'ssl')).rejects.toThrow('ECONNREFUSED');
    expect(await (await greet(seen)).call('server.ping')).toBeNull();
  },
  'certificate-expiring': async (seen) => {
    const { valid_to: expiry } = (await greet(seen, '1.4', 'ssl')).certificate();
    expect(Date.parse(expiry) - START).toBe(10 * 86_400_000);
  },
  'wrong-chain': async (seen) => {
    const wallet = await greet(seen);
    expect(await wallet.call('server.features')).toMatchObject({
      genesis_hash: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
    });
    expect(await wallet.call('blockchain.transaction.id_from_pos', [1, 0])).not.toMatch(/^0e3e2357/);
  },
  'hostile-names': async ({ info, clients, peers }) => {
    const shown = new Set((await clients()).map((row) => row[3]));
    const { list, line } = await peers();
    for (const { client } of HOSTILE_CLIENTS) expect(shown).toContain(Array.from(client).slice(0, 17).join(''));
    expect(Math.max(...(await clients()).map((row) => row[4].length))).toBeGreaterThan(40_000);
    expect(list.some(({ features }) => Object.hasOwn(features, '__proto__'))).toBe(true);
    expect(list.some(({ host }) => host.startsWith('2600::1%"}'))).toBe(true);
    expect(line).toContain('"uptime":NaN,"load":[Infinity,-Infinity]');
    expect(Object.hasOwn((await info())['request counts'], '__proto__')).toBe(true);
  },
};

describe.each(SCENARIOS)('%s', (scenario) => {
  it('can be seen when a server starts in it', async () => SIGHTS[scenario](await server(scenario)));

  it('can be seen when a server switches to it, and calm after it', async () => {
    const seen = await server();
    await seen.info();
    seen.setScenario(scenario);
    await SIGHTS[scenario](seen);
    seen.setScenario('calm');
    seen.pass(120);
    const { peers, sessions, ...rest } = await seen.info();
    expect(rest['daemon height'] - rest['db height']).toBeLessThanOrEqual(1);
    expect(rest.daemon).toBe('127.0.0.1:8332/');
    expect(rest.db_flush_count).toBeLessThan(5000);
    expect(peers['good']).toBeGreaterThan(10);
    expect(sessions['pending requests']).toBeLessThan(20);
    expect((await seen.clients()).length).toBeLessThan(130);
    const rows = await seen.clients();
    expect(rows.filter((row) => row[4].length > 6)).toEqual([]);
    expect(rows.filter(([, flags]) => !/^[STW]10$/.test(flags))).toEqual([]);
    expect((await seen.groups()).filter(([, , cost = 0, retained = 0]) => cost + retained > 1000)).toEqual([]);
  });
});

describe('a crash', () => {
  it('closes idle connections at the next request, or when the scenario is switched', async () => {
    const started = await clocked({ era: 'F', sessions: 0, scenario: 'crash-loop' });
    const idle = await connectTo(started.port);
    await idle.raw('getinfo');
    started.pass(21);
    started.setScenario('calm');
    await idle.closed;
  });

  it('starts a process that has to catch up before it can do a reorg', async () => {
    const started = await clocked({ era: 'F', sessions: 0, scenario: 'crash-loop' });
    started.world.daemon.height += 1000;
    started.pass(21);
    const refused = { code: 1, message: 'still catching up with daemon' };
    started.world.conditions = { ...started.world.conditions, indexing: 0 };
    expect(await call(started.port, 'reorg', [3])).toEqual(refused);
  });

  it('closes no session of the new process with the connections of the old one', async () => {
    const started = await clocked({ era: 'F', sessions: 0, scenario: 'crash-loop' });
    const ids = async (client: Client) => ((await client.call('sessions')) as Row[]).map(([id]) => id);
    const old = await connectTo(started.port);
    expect(await ids(old)).toEqual([0]);
    started.pass(21);
    const client = await connectTo(started.port);
    await old.closed;
    expect(await ids(client)).toEqual([0]);
    expect(await ids(client)).toEqual([0]);
  });
});

describe('hostile names', () => {
  it('are sent as by a Python server: in ASCII, with lone surrogates escaped', async () => {
    const { port } = await clocked({ era: 'E3', sessions: 100, scenario: 'hostile-names' });
    const client = await connectTo(port);
    const line = (await client.raw('sessions')) ?? '';
    expect(line).toContain('"half \\ud800 a pair"');
    expect(line).toContain('"\\ud83e\\udde8');
    expect(line).toContain('"\\u001b[2J\\u001b[1;1Hgone"');
    expect(line).toMatch(/^[\x20-\x7e]*$/);
  });
});
