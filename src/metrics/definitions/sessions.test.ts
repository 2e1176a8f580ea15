// The series of open sessions, compared with sums over the rows of each recorded reply.
import { describe, expect, test } from 'vitest';
import { series, parseExposition } from '../../../test/support/exposition.ts';
import { recordings } from '../../../test/support/fixtures.ts';
import { find, passer } from '../../../test/support/pipeline.ts';

const pass = passer();

async function exposed(rows: unknown) {
  const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', result: rows, id: 0 }));
  return parseExposition(await pass([await find('sessions', line)]).expose('text'));
}

/** The cells of a client's row that the last eight columns have in every release. */
function cellsOf(row: readonly unknown[]) {
  const [, txs = 0, subs = 0, received = 0, , sent = 0, , age = 0] = row.slice(-8).map(Number);
  return { txs, subs, received, sent, age };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const recorded = recordings().flatMap(({ release, state, replies }) => {
  const { result } = JSON.parse(replies.sessions) as { result?: unknown[][] };
  return result ? [{ name: `${release}, ${state}`, rows: result }] : [];
});

describe.each(recorded)('the sessions of $name', ({ rows }) => {
  const clients = rows.filter((row) => !String(row[1]).startsWith('R')).map(cellsOf);

  test('are exported with their transactions, messages and subscriptions', async () => {
    const exposition = await exposed(rows);
    expect(series(exposition, 'electrumx_session_transactions')).toEqual({ '': sum(clients.map(({ txs }) => txs)) });
    expect(series(exposition, 'electrumx_session_messages')).toEqual({
      '{direction="received"}': sum(clients.map(({ received }) => received)),
      '{direction="sent"}': sum(clients.map(({ sent }) => sent)),
    });
    expect(series(exposition, 'electrumx_session_subs_max')).toEqual({
      '': clients.map(({ subs }) => subs).reduce((a, b) => Math.max(a, b), 0),
    });
  });

  test('are exported by age', async () => {
    const between = (from: number, to: number) => clients.filter(({ age }) => age >= from && age < to).length;
    expect(series(await exposed(rows), 'electrumx_sessions_by_duration')).toEqual({
      '{band="below_1m"}': between(-Infinity, 60),
      '{band="1m_to_10m"}': between(60, 600),
      '{band="10m_to_1h"}': between(600, 3600),
      '{band="1h_to_1d"}': between(3600, 86_400),
      '{band="over_1d"}': between(86_400, Infinity),
    });
  });
});

describe('electrumx_sessions_by_duration', () => {
  test.each([
    ['below_1m', -3],
    ['below_1m', 59.9],
    ['1m_to_10m', 60],
    ['1m_to_10m', 599.9],
    ['10m_to_1h', 600],
    ['1h_to_1d', 3600],
    ['1h_to_1d', 86_399],
    ['over_1d', 86_400],
    ['over_1d', 1e9],
  ])('has in %s a session of %d seconds', async (band, age) => {
    const row = [1, 'T10', '203.0.113.7:5', 'electrum/4.5.5', '1.4', 0, 0, 0, 0, 0, 0, 0, 0, 0, age];
    const bands = series(await exposed([row]), 'electrumx_sessions_by_duration');
    expect(bands).toMatchObject({ [`{band="${band}"}`]: 1 });
    expect(sum(Object.values(bands))).toBe(1);
  });

  test('is 0 in every band without clients', async () => {
    const rpc = [1, 'R20', '127.0.0.1:5', 'RPC', 'RPC', 0, 0, 0, 0, 0, 1, 100, 1, 100, 1e6];
    expect(Object.values(series(await exposed([rpc]), 'electrumx_sessions_by_duration'))).toEqual([0, 0, 0, 0, 0]);
  });
});
