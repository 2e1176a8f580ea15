// What sessions come to: the sums of their rows, whatever the rows are, and how the number in their flags is to be read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { readSessions, type Session } from './session.ts';
import { decodeSessions, decodeSessionsInTurns, type Sessions } from './sessions.ts';

const ERAS = eraSamples();
const COUNTERS = [1, 2, 36, 40, 9000, 41, 12_000, 60.5];

/** The same sums, taken one by one from a list of all rows; how to read numbers is tested below. */
function plainSums(reply: unknown): Sessions | undefined {
  const rows: Session[] = [];
  const badRows = readSessions(reply, (session) => rows.push(session));
  if (badRows === undefined) return undefined;
  const clients = rows.filter(({ transport }) => transport !== 'rpc');
  const tally = <Key>(keys: Key[]) => new Map(keys.map((key) => [key, keys.filter((other) => other === key).length]));
  const byId = clients.toSorted((a, b) => a.id - b.id);
  return {
    badRows,
    numberMeans: expect.any(String) as Sessions['numberMeans'],
    tellsCost: rows.some(({ cost }) => cost !== undefined),
    tellsProtocol: rows.some(({ protocol }) => protocol !== undefined),
    byTransport: tally(rows.map(({ transport }) => transport)),
    closing: rows.filter(({ closing }) => closing).length,
    withSubs: rows.filter(({ subs }) => subs > 0).length,
    highestId: Math.max(-1, ...rows.map(({ id }) => id)),
    clients: {
      byName: tally(clients.map(({ client }) => client)),
      byProtocol: tally(clients.map(({ protocol }) => protocol)),
      byNumber: tally(clients.map(({ number }) => number)),
      costs: clients.flatMap(({ cost, extraCost }) => (cost === undefined ? [] : [cost + (extraCost ?? 0)])),
      moved: {
        ids: byId.map(({ id }) => id),
        receivedBytes: byId.map(({ receivedBytes }) => receivedBytes),
        sentBytes: byId.map(({ sentBytes }) => sentBytes),
      },
    },
  };
}

describe('the sums', () => {
  test.each(recordings())('of $release, $state are those of its rows', ({ replies }) => {
    const { result } = JSON.parse(replies.sessions) as { result?: unknown };
    expect(decodeSessions(result ?? [])).toEqual(plainSums(result ?? []));
  });

  test('are those of the rows, whatever these are, and however their ids are ordered', () => {
    const text = fc.constantFrom('a', 'b', '__proto__', '');
    const flags = fc.constantFrom('T10', 'SC3', 'WL0', 'R20', 'Q1', 'nonsense');
    const cost = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(null));
    const bytes = fc.nat({ max: 2 ** 40 });
    const row = fc
      .tuple(fc.nat({ max: 9 }), flags, text, fc.option(text), cost, cost, fc.nat({ max: 2 }), bytes, bytes)
      .map(([id, flag, client, protocol, own, extra, subs, received, sent]): unknown[] => [
        ...[id, flag, '203.0.113.7:5', client, protocol, own, extra, 0, 0, subs, 1, received, 1, sent, 1.5],
      ]);
    const short = row.map((cells) => cells.toSpliced(4, 3));
    fc.assert(
      fc.property(fc.array(fc.oneof(row, short, fc.constant('bad'))), (rows) => {
        expect(decodeSessions(rows)).toEqual(plainSums(rows));
      }),
    );
  });

  test('are the same in turns, while other things have theirs', async () => {
    const slice = Array.from({ length: 20_000 }, (_, id) => [id, 'T10', 'a', 'b', '1.4', 5, 1, ...COUNTERS]);
    let turns = 0;
    let over = false;
    const takeTurns = () => {
      turns += 1;
      if (!over) setImmediate(takeTurns);
    };
    setImmediate(takeTurns);
    const sums = await decodeSessionsInTurns([slice, slice, ['bad'], slice][Symbol.iterator]());
    over = true;
    expect(sums).toEqual(decodeSessions([...slice, ...slice, 'bad', ...slice]));
    expect(turns).toBeGreaterThan(1);
    expect(await decodeSessionsInTurns(slice)).toEqual(decodeSessions(slice));
    expect(await decodeSessionsInTurns({ 0: slice })).toBeUndefined();
  });

  test('of no sessions are 0', () => {
    expect(decodeSessions([])).toEqual(plainSums([]));
    expect(plainSums([])).toMatchObject({ badRows: 0, highestId: -1, closing: 0 });
  });

  test.each([null, 5, 'text', {}, { 0: [] }])('are none of what is no table: %j', (reply) => {
    expect(decodeSessions(reply)).toBeUndefined();
  });
});

describe('the number in the flags', () => {
  test.each([
    ['A3', 'priority'],
    ['A4', 'priority'],
    ['B1', 'priority'],
    ['B2', 'concurrency-of-6'],
    ['C1', 'concurrency-of-6'],
    ['C2', 'concurrency-of-6'],
    ['D', 'concurrency'],
    ['E1', 'concurrency'],
    ['E2', 'concurrency'],
    ['E3', 'concurrency'],
    ['E3-spesmilo-1.16.0', 'concurrency'],
    ['F', 'concurrency'],
    ['G', 'concurrency'],
  ])('means in %s: %s', (era, meaning) => {
    const decoded = decodeSessions(ERAS[era]?.sessions);
    expect(decoded).toMatchObject({ numberMeans: meaning, badRows: 0 });
  });

  test('is told by the row of LocalRPC, and not by a client that calls itself RPC', () => {
    const client = [1, 'T0', 'a', 'RPC', 'RPC', ...COUNTERS];
    const rpc = (flags: string) => [0, flags, 'a', 'RPC', 'RPC', ...COUNTERS];
    expect(decodeSessions([client, rpc('R6')])?.numberMeans).toBe('concurrency-of-6');
    expect(decodeSessions([client, rpc('R0')])?.numberMeans).toBe('priority');
  });
});
