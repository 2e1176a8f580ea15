// Sessions of every era: rows of 12 to 15 cells and more, what their flags say, and rows that cost only themselves.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordings } from '../../test/support/fixtures.ts';
import { decodeSessions } from './sessions.ts';

const COUNTERS = [1, 2, 36, 40, 9000, 41, 12_000, 60.5];
const ROW = [7, 'T10', '203.0.113.7:40098', 'electrum/4.5.5', '1.4.2', 5.5, 0.25, ...COUNTERS];

/** What the sums of a single row say of it. Of LocalRPC's own sessions they say less than of clients. */
function session(row: unknown) {
  const sums = decodeSessions([row]);
  if (!sums || sums.badRows > 0) return undefined;
  const { byTransport, closing, withSubs, highestId, clients } = sums;
  const first = <Key>(counts: ReadonlyMap<Key, number>) => [...counts.keys()][0];
  return {
    id: highestId,
    transport: first(byTransport),
    closing: closing === 1,
    hasSubs: withSubs === 1,
    number: first(clients.byNumber),
    client: first(clients.byName),
    protocol: first(clients.byProtocol),
    cost: clients.costs[0],
    receivedBytes: clients.traffic.receivedBytes[0],
    sentBytes: clients.traffic.sentBytes[0],
  };
}

const flagged = (flags: unknown) => session(ROW.with(1, flags as string));

describe.each(recordings())('sessions of $release, $state', ({ release, replies }) => {
  test('are decoded row by row', () => {
    const { result } = JSON.parse(replies.sessions) as { result?: (string | number)[][] };
    if (!result) return expect(release).toBe('kyuupichan-1.10.1'); // which answers with an internal error
    expect(result.map(session)).toEqual(
      result.map((cells) => {
        const hasCost = cells.length === 15;
        const [, , subs, , received, , sent] = cells.slice(hasCost ? 7 : 5).map(Number);
        const flags = String(cells[1]);
        const said = {
          number: Number(/\d+$/.exec(flags)?.[0]),
          client: cells[3],
          protocol: cells[4],
          cost: hasCost ? Number(cells[5]) + Number(cells[6]) : undefined,
          receivedBytes: received,
          sentBytes: sent,
        };
        return {
          id: cells[0],
          transport: { T: 'tcp', S: 'ssl', R: 'rpc' }[flags.charAt(0)],
          closing: flags.includes('C'),
          hasSubs: (subs ?? 0) > 0,
          ...(flags.startsWith('R') ? {} : said),
        };
      }),
    );
    expect(result.length).toBeGreaterThan(0);
  });
});

describe('a row', () => {
  const rest = { hasSubs: true, receivedBytes: 9000, sentBytes: 12_000 };

  test.each([
    [12, [7, 'T5', 'a', 'b', ...COUNTERS], { ...rest, protocol: undefined, cost: undefined }],
    [13, [7, 'T5', 'a', 'b', '1.0', ...COUNTERS], { ...rest, protocol: '1.0', cost: undefined }],
    [14, [7, 'T5', 'a', 'b', '1.4', 5.5, ...COUNTERS], { ...rest, protocol: '1.4', cost: 5.5 }],
    [15, [7, 'T5', 'a', 'b', '1.4', 5.5, 0.25, ...COUNTERS], { ...rest, protocol: '1.4', cost: 5.75 }],
    [17, [...ROW, 'new', null], { ...rest, id: 7, protocol: '1.4.2', cost: 5.75 }],
  ])('of %i cells is read by its length', (length, cells, expected) => {
    expect(cells).toHaveLength(length);
    expect(session(cells)).toMatchObject(expected);
  });

  test('of 1.10.1 may have -1 requests', () => {
    expect(session(ROW.with(7, -1))).toMatchObject({ hasSubs: true });
  });

  test('keeps any string that a client sent', () => {
    const protocol = `1.${'4'.repeat(1_000_000)}`;
    for (const client of ['', '\ud800', '4.5.5 €\nlong-name', '"}\\', '__proto__', 'constructor', 'RPC']) {
      expect(session(ROW.with(3, client).with(4, protocol))).toMatchObject({ client, protocol, transport: 'tcp' });
    }
  });

  test('may lack a client and a protocol, and a cost that is a number', () => {
    const cells: unknown[] = [...ROW];
    cells.splice(3, 4, null, null, 'dear', null);
    expect(session(cells)).toMatchObject({ client: '', protocol: undefined, cost: undefined });
  });
});

describe('a bad row', () => {
  test.each([
    ['of 11 cells', ROW.slice(0, 11)],
    ['empty', []],
    ['no array', 'T10'],
    ['null', null],
    ['without id', ROW.with(0, 'x')],
    ['with a negative id', ROW.with(0, -1)],
    ['with half an id', ROW.with(0, 1.5)],
    ['with a counter that is a text', ROW.with(11, '9000')],
    ['with a counter beyond all numbers', ROW.with(11, JSON.parse('1e999') as number)],
    ['with a counter that is null', [...ROW.slice(0, 14), null]],
  ])('%s is left out and counted', (_, bad) => {
    const sums = decodeSessions([ROW, bad, ROW.with(0, 8)]);
    expect(sums).toEqual({ ...decodeSessions([ROW, ROW.with(0, 8)]), badRows: 1 });
    expect(sums?.clients.traffic.ids).toEqual(Float64Array.of(7, 8));
  });

  test.each([null, 5, 'text', {}, { 0: ROW }])('is not the same as no table at all: %j', (reply) => {
    expect(decodeSessions(reply)).toBeUndefined();
  });

  test('does not affect the other rows, wherever it is', () => {
    const row = fc.oneof(fc.constant(ROW), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(row), (table) => {
        const good = table.filter((cells) => cells === ROW);
        expect(decodeSessions(table)).toEqual({ ...decodeSessions(good), badRows: table.length - good.length });
      }),
    );
  });
});

describe('flags', () => {
  test.each([
    ['T10', 'tcp', false, 10],
    ['S6', 'ssl', false, 6],
    ['W0', 'ws', false, 0],
    ['R20', 'rpc', false, undefined],
    ['TC3', 'tcp', true, 3],
    ['SL10', 'ssl', false, 10],
    ['RCL0', 'rpc', true, undefined],
    ['Q7', 'other', false, 7],
  ])('%s: %s, closing %s, number %s', (flags, transport, closing, number) => {
    expect(flagged(flags)).toMatchObject({ transport, closing, number });
  });

  test.each(['', 'T', '10', 't10', 'TLC1', 'T10 ', 'T1.5', '__proto__', `T${'9'.repeat(400)}`, null, 5, ['T10']])(
    '%j are unknown, and the row still counts',
    (flags) => {
      expect(flagged(flags)).toMatchObject({ transport: 'other', closing: false, number: undefined });
    },
  );

  test('of a client that calls itself RPC are those of a client', () => {
    expect(session(ROW.with(3, 'RPC').with(4, 'RPC'))).toMatchObject({ transport: 'tcp' });
  });
});
