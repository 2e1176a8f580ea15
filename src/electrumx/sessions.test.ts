// What sessions come to: the sums of their rows, whatever the rows are, and how the number in their flags is to be read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import type { SessionTransport } from './session-row.ts';
import { clientsByLabels } from './client-families.ts';
import { decodeSessions, type Sessions } from './sessions.ts';

const ERAS = eraSamples();
const COUNTERS = [1, 2, 36, 40, 9000, 41, 12_000, 60.5];

const PLACES: Readonly<Record<number, { protocol?: number; cost?: number; extraCost?: number; counters: number }>> = {
  12: { counters: 4 },
  13: { protocol: 4, counters: 5 },
  14: { protocol: 4, cost: 5, counters: 6 },
  15: { protocol: 4, cost: 5, extraCost: 6, counters: 7 },
};

/** The same sums, taken one by one from all rows; `bad` are left out. How to read numbers is tested below. */
function plainSums(table: readonly unknown[]): Sessions {
  const rows = table.filter((row) => row !== 'bad').map((row) => row as unknown[]);
  const sessions = rows.map((cells) => {
    const { protocol = -1, cost = -1, extraCost = -1, counters } = PLACES[cells.length] ?? { counters: 0 };
    const flags = /^([A-Z])(C?)L?(\d+)$/.exec(String(cells[1]));
    const transport = { T: 'tcp', S: 'ssl', W: 'ws', R: 'rpc' }[flags?.[1] ?? ''] ?? 'other';
    const numbers = [cells[0], cells[cost], cells[extraCost], ...cells.slice(counters)].map((cell) => cell as number);
    const [id = 0, own, extra, , txs = 0, subs = 0, receivedCount = 0, received = 0, sentCount = 0, sent = 0, age = 0] =
      numbers;
    const closing = flags?.[2] === 'C';
    const number = flags ? Number(flags[3]) : undefined;
    const said = (cells[protocol] ?? undefined) as string | undefined;
    const total = typeof own === 'number' ? own + (extra ?? 0) : undefined;
    return {
      ...{ id, transport, closing, number, client: cells[3] as string, said, total },
      ...{ txs, subs, receivedCount, received, sentCount, sent, age },
    };
  });
  const clients = sessions.filter(({ transport }) => transport !== 'rpc');
  const tally = <Key>(keys: Key[]) => new Map(keys.map((key) => [key, keys.filter((other) => other === key).length]));
  const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
  const byId = clients.toSorted((a, b) => a.id - b.id);
  return {
    badRows: table.length - rows.length,
    flagSemantics: expect.any(String) as Sessions['flagSemantics'],
    hasCost: sessions.some(({ total }) => total !== undefined),
    hasProtocol: sessions.some(({ said }) => said !== undefined),
    byTransport: tally(sessions.map(({ transport }) => transport as SessionTransport)),
    closing: sessions.filter(({ closing }) => closing).length,
    withSubs: sessions.filter(({ subs }) => subs > 0).length,
    highestId: Math.max(-1, ...sessions.map(({ id }) => id)),
    clients: {
      byName: tally(clients.map(({ client }) => client)),
      byLabels: clientsByLabels(tally(clients.map(({ client }) => client))),
      byProtocol: tally(clients.map(({ said }) => said)),
      byNumber: tally(clients.map(({ number }) => number)),
      costs: Float64Array.from(clients.flatMap(({ total }) => total ?? [])),
      ages: Float64Array.from(clients, ({ age }) => age),
      maxSubs: Math.max(0, ...clients.map(({ subs }) => subs)),
      transactions: sum(clients.map(({ txs }) => txs)),
      receivedMessages: sum(clients.map(({ receivedCount }) => receivedCount)),
      sentMessages: sum(clients.map(({ sentCount }) => sentCount)),
      traffic: {
        ids: Float64Array.from(byId, ({ id }) => id),
        receivedBytes: Float64Array.from(byId, ({ received }) => received),
        sentBytes: Float64Array.from(byId, ({ sent }) => sent),
      },
    },
  };
}

describe('the sums', () => {
  test.each(recordings())('of $release, $state are those of its rows', ({ replies }) => {
    const { result = [] } = JSON.parse(replies.sessions) as { result?: unknown[] };
    expect(decodeSessions(result)).toEqual(plainSums(result));
  });

  test('are those of the rows, whatever these are, and however their ids are ordered', () => {
    const text = fc.constantFrom('a', 'b', '__proto__', '');
    const flags = fc.constantFrom('T10', 'SC3', 'WL0', 'R20', 'Q1', 'nonsense');
    const cost = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(null));
    const count = fc.nat({ max: 2 });
    const bytes = fc.nat({ max: 2 ** 40 });
    const counters = fc.tuple(count, count, count, count, bytes, count, bytes, fc.integer({ min: -9, max: 9 }));
    const row = fc
      .tuple(fc.nat({ max: 9 }), flags, text, fc.option(text), cost, cost, counters)
      .map(([id, flag, client, protocol, own, extra, counts]): unknown[] => [
        ...[id, flag, '203.0.113.7:5', client, protocol, own, extra, ...counts],
      ]);
    const short = row.map((cells) => cells.toSpliced(4, 3));
    fc.assert(
      fc.property(fc.array(fc.oneof(row, short, fc.constant('bad'))), (rows) => {
        expect(decodeSessions(rows)).toEqual(plainSums(rows));
      }),
    );
  });

  test('have at most 1,000 names, and count the other sessions as other', () => {
    const rows = Array.from({ length: 3000 }, (_, id) => [id, `T${id}`, 'a', `x${id}`, `1.${id}`, ...COUNTERS]);
    const { byName, byProtocol, byNumber } = decodeSessions(rows)?.clients ?? {};
    expect([byName?.size, byName?.get('other'), byName?.get('x7')]).toEqual([1001, 2000, 1]);
    expect([byProtocol?.size, byProtocol?.get('other')]).toEqual([1001, 2000]);
    expect([byNumber?.size, byNumber?.get(undefined)]).toEqual([1001, 2000]);
  });

  test('of no sessions are 0', () => {
    expect(decodeSessions([])).toEqual(plainSums([]));
    expect(plainSums([])).toMatchObject({ badRows: 0, highestId: -1, closing: 0 });
  });

  test.each([null, 5, 'text', {}, { 0: [] }])('are undefined for what is not a table: %j', (reply) => {
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
    expect(decoded).toMatchObject({ flagSemantics: meaning, badRows: 0 });
  });

  test('is decided by the row of LocalRPC, and not by a client that calls itself RPC', () => {
    const client = [1, 'T0', 'a', 'RPC', 'RPC', ...COUNTERS];
    const rpc = (flags: string) => [0, flags, 'a', 'RPC', 'RPC', ...COUNTERS];
    expect(decodeSessions([client, rpc('R6')])?.flagSemantics).toBe('concurrency-of-6');
    expect(decodeSessions([client, rpc('R0')])?.flagSemantics).toBe('priority');
  });
});
