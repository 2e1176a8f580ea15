// The world behind the simulator: the same for the same seed and clock, and alive.
import { describe, expect, it } from 'vitest';
import { duration } from '../../src/simulator/replies/format.ts';
import { advance, createWorld } from '../../src/simulator/world/advance.ts';
import { random } from '../../src/simulator/world/random.ts';
import { call, clocked, connectTo, START } from './support/client.ts';

interface Info {
  'daemon height': number;
  'db height': number;
  uptime: string;
  'txs sent': number;
  'request total': number;
  'history cache': string;
  sessions: { count: number; subs: number };
  peers: Record<string, number>;
}
type Row = [number, string, string, string, string, ...number[]];

describe('determinism', () => {
  /** The world after ten minutes, in which it was advanced `looks` times. */
  const story = (seed: number, looks: number) => {
    const world = createWorld({ seed, size: 50, scenario: 'churn', time: 0 });
    for (let n = 1; n <= looks; n++) advance(world, (600 / looks) * n);
    const { sessions, requestCounts, retainedCosts, random: chance, ...rest } = world;
    return { ...rest, draw: chance.next(), sessions: [...sessions], requestCounts: [...requestCounts], retainedCosts };
  };

  it('makes the same world from the same seed and clock, however often it is advanced', () => {
    expect(story(7, 1)).toEqual(story(7, 40));
  });

  it('makes another world from another seed', () => {
    expect(story(7, 1).sessions).not.toEqual(story(8, 1).sessions);
  });

  it('has the same replies in every process', async () => {
    const words = async () => {
      const server = await clocked({ era: 'E3', sessions: 50 });
      const client = await connectTo(server.port);
      const lines = [];
      for (const method of ['getinfo', 'groups', 'sessions', 'peers']) lines.push(await client.raw(method));
      return lines.join('\n').replace(/"127\.0\.0\.1:\d+", "RPC"/g, '"the caller"');
    };
    expect(await words()).toBe(await words());
  });

  it('draws evenly', () => {
    const chance = random(7);
    const draws = Array.from({ length: 20_000 }, () => chance.next());
    expect(draws.reduce((so, n) => so + n, 0) / draws.length).toBeCloseTo(0.5, 2);
    const counts = Array.from({ length: 5000 }, () => chance.times(3));
    expect(counts.reduce((so, n) => so + n, 0) / counts.length).toBeCloseTo(3, 0);
  });
});

describe('the world', () => {
  it('starts with the given number of clients, and the caller, from id 0', async () => {
    const server = await clocked({ era: 'F', sessions: 30 });
    const rows = (await call(server.port, 'sessions')) as Row[];
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 31 }, (_, n) => n));
    expect(rows.filter(([, flags]) => flags.startsWith('R'))).toHaveLength(1);
  });

  it('advances: blocks arrive and are indexed, counters and uptime grow', async () => {
    const server = await clocked({ era: 'E3', sessions: 100 });
    const before = (await call(server.port, 'getinfo')) as Info;
    server.pass(3 * 3600);
    const after = (await call(server.port, 'getinfo')) as Info;
    expect(after['daemon height']).toBeGreaterThan(before['daemon height']);
    expect(after['daemon height'] - after['db height']).toBeLessThanOrEqual(1);
    expect(after['request total']).toBeGreaterThan(before['request total'] + 1000);
    expect(after['txs sent']).toBeGreaterThan(0);
    expect(after['history cache']).toMatch(/^[1-9][\d,]* lookups [1-9][\d,]* hits [1-9][\d,]* entries$/);
    expect(after.uptime).toBe('03h 00m 00s');
  });

  it('keeps about as many clients, which connect, stay a while, and disconnect', async () => {
    const server = await clocked({ era: 'F', sessions: 200 });
    const before = (await call(server.port, 'sessions')) as Row[];
    server.pass(3600);
    const after = (await call(server.port, 'sessions')) as Row[];
    expect(after.length).toBeGreaterThan(150);
    expect(after.length).toBeLessThan(250);
    const stayed = after.filter(([id]) => before.some(([old]) => old === id));
    expect(stayed.length).toBeGreaterThan(0);
    expect(stayed.length).toBeLessThan(100);
  });

  it('never decreases what a session has sent or received', async () => {
    const server = await clocked({ era: 'F', sessions: 50 });
    const bytes = async () =>
      new Map(((await call(server.port, 'sessions')) as Row[]).map((row) => [row[0], row.slice(9, 14)]));
    let before = await bytes();
    for (let n = 0; n < 20; n++) {
      server.pass(15);
      const after = await bytes();
      for (const [id, counters] of after) {
        const old = before.get(id) ?? [0, 0, 0, 0, 0];
        for (const [i, value] of counters.entries()) expect(value).toBeGreaterThanOrEqual(Number(old[i]));
      }
      before = after;
    }
  });

  it('refunds the costs of sessions and groups every five minutes', async () => {
    const server = await clocked({ era: 'F', sessions: 50, scenario: 'overloaded' });
    server.setScenario('calm');
    for (const session of server.world.sessions.values()) session.cost = 5000;
    const costs = async () => ((await call(server.port, 'sessions')) as Row[]).map((row) => Number(row[5]));
    expect(Math.max(...(await costs()))).toBeGreaterThanOrEqual(5000);
    server.pass(3 * 300);
    expect(Math.max(...(await costs()))).toBeLessThan(5000);
  });

  it('tries its peers: they are good for 3 hours, 24 up to 1.10.0, then stale', async () => {
    for (const [era, hours] of [
      ['C2', 24],
      ['F', 3],
    ] as const) {
      const server = await clocked({ era });
      const peer = server.world.peers.find(({ lastGood, bad }) => lastGood > 0 && !bad);
      if (!peer) throw new Error('no good peer');
      const status = async () => {
        const peers = (await call(server.port, 'peers')) as { host: string; status: string }[];
        return peers.find(({ host }) => host === peer.host)?.status;
      };
      Object.assign(peer, { lastGood: server.world.now - hours * 3600 + 60, nextTry: Infinity });
      expect(await status()).toBe('good');
      server.pass(61);
      expect(await status()).toBe('stale');
    }
  });

  it('does not go back when the clock does', async () => {
    const server = await clocked({ era: 'F' });
    server.pass(100);
    await call(server.port, 'getinfo');
    server.pass(-60);
    expect(((await call(server.port, 'getinfo')) as Info).uptime).toBe('01m 40s');
  });

  it('can run faster than the clock, and replies contain the time and ages of the clock', async () => {
    const server = await clocked({ era: 'F', sessions: 50, speed: 360 });
    const before = (await call(server.port, 'getinfo')) as Info;
    server.pass(10);
    const after = (await call(server.port, 'getinfo')) as Info;
    expect(after['daemon height'] - before['daemon height']).toBeGreaterThan(1);
    expect(after['request total']).toBeGreaterThan(before['request total'] + 1000);
    expect(after.uptime).toBe('10s');
    const rows = (await call(server.port, 'sessions')) as Row[];
    expect(Math.max(...rows.map((row) => Number(row.at(-1))))).toBeLessThanOrEqual(10);
    server.pass(20);
    const peers = (await call(server.port, 'peers')) as { status: string; last_good: number }[];
    const ages = peers.filter(({ status }) => status === 'good').map((peer) => START / 1000 + 30 - peer.last_good);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ages)).toBeLessThan((3 * 3600) / 360);
  });

  it('handles a long suspension of the machine', async () => {
    const server = await clocked({ era: 'F', sessions: 100 });
    server.pass(400 * 86_400);
    expect(((await call(server.port, 'getinfo')) as Info).uptime).toBe('400d 00h 00m');
  });
});

describe('uptime', () => {
  it.each([
    [0, '00s'],
    [42.9, '42s'],
    [65, '01m 05s'],
    [3600, '01h 00m 00s'],
    [86_400, '1d 00h 00m'],
    [10_627_500, '123d 00h 05m'],
  ])('of %d seconds is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});
