// What the eras make of the same world: numbers, names and notations.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERA_NAMES, ERAS, type Era, eraOf } from '../../src/simulator/eras.ts';
import { addSession, removeSession } from '../../src/simulator/world/sessions.ts';
import { call, simulator } from './support/client.ts';

type Row = [number, string, string, string, string, ...number[]];

describe('a release', () => {
  it.each([
    ['1.1', 'B1'],
    ['1.3', 'B1'],
    ['1.4', 'B2'],
    ['1.4.3', 'B2'],
    ['1.5', 'C1'],
    ['1.8', 'C2'],
    ['1.10.0', 'C2'],
    ['1.10.1', 'D'],
    ['1.13.0', 'E2'],
    ['1.16', 'E3'],
    ['1.20', 'F'],
    ['1.20.0', 'F'],
    ['1.20.1', 'E3'],
    ['1.20.2', 'E3'],
    ['2.0', 'G'],
    ['B2', 'B2'],
    ['b2', 'B2'],
  ])('%s is of era %s', (name, era) => expect(eraOf(name)).toBe(era));

  it.each(['', '0.9', '3.0', 'b9', '__proto__', '1.4.x'])('%j is none', (name) => expect(eraOf(name)).toBeUndefined());

  it('that is offered is known', () => {
    expect(ERA_NAMES.filter((name) => eraOf(name) === undefined)).toEqual([]);
  });
});

describe('caches', () => {
  it.each([
    ['E2', 'history cache', '1,234,567 lookups 1,000 hits 12 entries'],
    ['E3', 'history cache', '1,234,567 lookups 1,000 hits 12 entries'],
    ['F', 'history cache', '1234567 lookups, 1000 hits, 12 entries'],
  ] as const)('of era %s: %s is %s', async (era, key, text) => {
    const server = await simulator({ era });
    Object.assign(server.world.caches.history, { lookups: 1_234_567, hits: 1000, entries: 12 });
    expect(await call(server.port, 'getinfo')).toMatchObject({ [key]: text });
  });

  it('of era G have a hit rate', async () => {
    const server = await simulator({ era: 'G' });
    Object.assign(server.world.caches.txo, { lookups: 3, hits: 1, entries: 2 });
    const expected = { 'txo status': '3 lookups, 1 hits, 2 entries, hitrate 0.3333' };
    expect(await call(server.port, 'getinfo')).toMatchObject({ caches: expected });
  });
});

describe('the number in the flags', () => {
  it.each([
    ['B1', 'R0', ['S1', 'S6', 'S11']],
    ['B2', 'R6', ['S6', 'S4', 'S1']],
    ['C2', 'R6', ['S6', 'S4', 'S1']],
    ['D', 'R20', ['S10', 'S5', 'S0']],
    ['G', 'R20', ['S10', 'S5', 'S0']],
  ] as const)('of era %s: %s, and a client from no load to full load', async (era, rpc, clients) => {
    const server = await simulator({ era, sessions: 0 });
    for (const [n, cost] of [0, 5500, 10_000].entries()) {
      // each in a subnet and a time slot of its own, because the cost of a group is charged to its members
      const connectedAt = server.world.startedAt + n * 300;
      addSession(server.world, { transport: 'ssl', address: `198.18.${n}.1`, port: 1, cost, connectedAt });
    }
    const flags = ((await call(server.port, 'sessions')) as Row[]).map((row) => row[1]);
    expect(flags).toEqual([...clients, rpc]);
  });
});

describe('a session', () => {
  it('pays for the others of its groups: in full for its subnet, 3% for its time slot', async () => {
    const extras = { D: 103, E2: 103, E3: 103, F: 100 } as const;
    for (const [era, extra] of Object.entries(extras)) {
      const server = await simulator({ era: era as Era, sessions: 0 });
      for (const cost of [7, 60]) {
        addSession(server.world, { transport: 'tcp', address: '198.18.3.4', port: 1, cost });
      }
      server.world.retainedCosts.set('198.18.3', 40).set('t0', 40);
      const rows = (await call(server.port, 'sessions')) as Row[];
      expect(rows[0]?.[5]).toBe(7);
      expect(rows[0]?.[6]).toBeCloseTo(extra, 1);
    }
  });

  it('of WebSocket is W from 1.12 on, S before', async () => {
    for (const era of ERAS) {
      const server = await simulator({ era, sessions: 0 });
      addSession(server.world, { transport: 'ws', address: '198.18.3.4', port: 1 });
      const [row] = (await call(server.port, 'sessions')) as Row[];
      expect(row?.[1][0]).toBe(['E2', 'E3', 'F', 'G'].includes(era) ? 'W' : 'S');
    }
  });

  it('before its handshake has a name and a protocol of the era', async () => {
    const protocols = { B1: '1.0', B2: '1.0', C1: '1.1', C2: '1.2', D: '1.4', G: '1.4' };
    for (const [era, protocol] of Object.entries(protocols)) {
      const server = await simulator({ era: era as Era, sessions: 0 });
      addSession(server.world, { transport: 'tcp', address: '198.18.3.4', port: 1 });
      const [row] = (await call(server.port, 'sessions')) as Row[];
      expect(row?.slice(3, 5)).toEqual(['unknown', protocol]);
    }
  });
});

describe('groups', () => {
  it('are named by octets and hextets, later by networks; what left them stays a while', async () => {
    const names = {
      D: ['t0', '198.18.3', '2001:0db8:0012', '127.0.0'],
      E3: ['t0', '198.18.3', '2001:0db8:0012'],
      F: ['198.18.3.0/24', '2001:db8:12::/48'],
    };
    for (const [era, expected] of Object.entries(names)) {
      const server = await simulator({ era: era as Era, sessions: 0 });
      for (const address of ['198.18.3.4', '198.18.3.5', '2001:db8:12::7', '127.0.0.1']) {
        addSession(server.world, { transport: 'tcp', address, port: 1, cost: 5 });
      }
      const shown = async () => (await call(server.port, 'groups')) as [string, ...number[]][];
      expect((await shown()).map(([name]) => name)).toEqual(expected);
      for (const session of [...server.world.sessions.values()]) removeSession(server.world, session);
      const left = (await shown()).filter(([name]) => name.startsWith('198.18.3'));
      expect(left).toEqual([[expect.any(String), 0, 0, 10, 0, 0, 0, 0, 0, 0, 0]]);
    }
  });
});

describe('the table of docs/simulator.md', () => {
  const text = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (\w\d?) +\| (.*?) +\|/gm)].map(([, era = '', releases = '']) => ({
    era,
    releases,
  }));

  it('has every era, oldest first', () => {
    expect(rows.map(({ era }) => era)).toEqual(ERAS);
  });

  it('has every release that is offered in its era', () => {
    const within = (release: string, [first, last = first]: readonly string[]) =>
      number(release) >= number(first) && number(release) <= number(last);
    const number = (release = '') => release.split('.').reduce((so, part, n) => so + Number(part) / 1000 ** n, 0);
    const places = (name: string) =>
      rows
        .filter(({ releases }) =>
          releases
            .split(', ')
            .some(
              (span) => span.replace(/^e-x /, '') === name || within(name, span.replace(/^e-x /, '').split(' to ')),
            ),
        )
        .map(({ era }) => era);
    const offered = ERA_NAMES.filter((name) => /^\d/.test(name));
    expect(offered.map((name) => [name, places(name)])).toEqual(offered.map((name) => [name, [eraOf(name)]]));
  });
});
