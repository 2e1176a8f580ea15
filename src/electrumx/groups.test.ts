// Groups of every era: rows of 10 and 11 cells, slots of time, subnets, and both at once.
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { decodeGroups, sessionPairs, type Group } from './groups.ts';

const ERAS = eraSamples();

function groups(...rows: unknown[]): readonly Group[] {
  return decodeGroups(rows)?.rows ?? [];
}

describe.each(recordings())('groups of $release, $state', ({ replies }) => {
  test('are decoded row by row', () => {
    const { result } = JSON.parse(replies.groups) as { result: (string | number)[][] };
    expect(decodeGroups(result)).toEqual({
      badRows: 0,
      ranked: expect.any(Array) as unknown,
      rows: result.map((cells) => {
        const hasCost = cells.length === 11;
        const [cost, retained] = [Number(cells[2]), Number(cells[3])];
        const name = String(cells[0]);
        return {
          name,
          kind: !hasCost ? 'slot' : name.startsWith('t') ? 'time' : 'subnet',
          sessions: cells[1],
          bandwidthBytes: hasCost ? undefined : cells[2],
          cost: hasCost ? cost + retained : undefined,
          retainedCost: hasCost ? retained : undefined,
          pendingRequests: cells[hasCost ? 4 : 3],
          subs: cells[hasCost ? 6 : 5],
        };
      }),
    });
  });
});

describe('groups', () => {
  test.each(['A3', 'A4', 'B1', 'B2', 'C1', 'C2'])('of %s are slots of time, with a bandwidth and no cost', (name) => {
    const [group] = decodeGroups(ERAS[name]?.groups)?.rows ?? [];
    expect(group).toMatchObject({ kind: 'slot', cost: undefined, retainedCost: undefined });
    expect(group?.bandwidthBytes).toBeGreaterThan(0);
  });

  test.each(['D', 'E1', 'E2'])('of %s are a slot of time and a subnet for the same session', (name) => {
    const rows = decodeGroups(ERAS[name]?.groups)?.rows ?? [];
    expect(rows.map(({ kind, name }) => [kind, name])).toEqual([
      ['time', 't0'],
      ['subnet', '127.0.0'],
    ]);
  });

  test.each(['E3-spesmilo-1.16.0', 'F', 'G'])('of %s can be none', (name) => {
    expect(decodeGroups(ERAS[name]?.groups)).toEqual({ rows: [], badRows: 0, ranked: [] });
  });

  test('have the name of their subnet in every era', () => {
    const names = [
      '203.0.113.0/24',
      '203.0.113',
      '2001:0db8:0000',
      '2001:db8::/48',
      'unknown_ip',
      'unknown_addr',
      'tor',
    ];
    for (const name of names) {
      expect(groups([name, 3, 15.2, 1.5, 0, 0, 36, 40, 9000, 41, 12_000])).toEqual([
        {
          name,
          kind: 'subnet',
          sessions: 3,
          bandwidthBytes: undefined,
          cost: 16.7,
          retainedCost: 1.5,
          pendingRequests: 0,
          subs: 36,
        },
      ]);
    }
  });

  test('may have a number or a string as name in rows of either length', () => {
    expect(groups(['100', 1, 67, 0, 0, 0, 3, 161, 2, 457])).toMatchObject([{ name: '100', kind: 'slot' }]);
    expect(groups([7, 1, 0.5, 0, 0, 0, 0, 3, 161, 2, 457])).toMatchObject([{ name: '7', kind: 'subnet' }]);
  });

  test('with more cells than any known row are read by the first 11', () => {
    const row = ['203.0.113.0/24', 3, 15.2, 0, 0, 0, 36, 40, 9000, 41, 12_000];
    expect(groups([...row, 'new', null])).toEqual(groups(row));
  });
});

describe('a bad row', () => {
  const good = ['203.0.113.0/24', 3, 15.2, 0, 0, 0, 36, 40, 9000, 41, 12_000];
  test.each([
    ['too short', good.slice(0, 9)],
    ['empty', []],
    ['no array', { 0: 'a' }],
    ['null', null],
    ['without a number of sessions', ['a', '3', ...good.slice(2)]],
    ['without a cost', ['a', 3, null, ...good.slice(3)]],
    ['without a name', [null, ...good.slice(1)]],
    ['of costs beyond all numbers in their sum', ['a', 3, 1e308, 1e308, ...good.slice(4)]],
    ['of numbers beyond all numbers', ['a', 3, JSON.parse('1e999') as number, ...good.slice(3)]],
  ])('%s is left out and counted', (_, bad) => {
    const decoded = decodeGroups([good, bad, good]);
    expect(decoded?.rows).toHaveLength(2);
    expect(decoded?.badRows).toBe(1);
  });

  test.each([null, 5, 'text', {}, { 0: good }])('is not the same as no table at all: %j', (reply) => {
    expect(decodeGroups(reply)).toBeUndefined();
  });
});

describe('the ranked groups', () => {
  const names = (rows: unknown[][]) => decodeGroups(rows)?.ranked.map(({ name }) => name);

  test('are in the order of their cost, retained cost included, and without time groups', () => {
    const row = (name: string, cost: number, retained: number) => [name, 1, cost, retained, 0, 0, 0, 0, 0, 0, 0];
    expect(names([row('a', 5, 0), row('t0', 99, 0), row('b', 1, 8), row('c', 7, 0)])).toEqual(['b', 'c', 'a']);
  });

  test('are in the order of their bandwidth where groups have no cost', () => {
    const row = (name: number, bandwidth: number) => [name, 1, bandwidth, 0, 0, 0, 0, 0, 0, 0];
    expect(names([row(1, 50), row(2, 70)])).toEqual(['2', '1']);
  });
});

describe('the pairs that sessions makes the server walk', () => {
  const row = (name: string, sessions: number) => [name, sessions, 1, 0, 0, 0, 0, 0, 0, 0, 0];

  test('are the squared sizes of all groups, including time groups', () => {
    const decoded = decodeGroups([row('203.0.113.0/24', 30), row('198.51.100.0/24', 4), row('t0', 10)]);
    expect(decoded && sessionPairs(decoded)).toBe(900 + 16 + 100);
  });

  test('are 0 in eras whose groups have no cost', () => {
    const decoded = decodeGroups([[100, 5000, 67, 0, 0, 0, 3, 161, 2, 457]]);
    expect(decoded && sessionPairs(decoded)).toBe(0);
  });
});
