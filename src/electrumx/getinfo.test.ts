// getinfo of every era: one meaning for many spellings, and absent where a release says nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { decodeGetInfo, type GetInfo } from './getinfo.ts';

const ERAS = eraSamples();

function decoded(reply: unknown): GetInfo {
  const info = decodeGetInfo(reply);
  if (!info) throw new Error(`not decoded: ${JSON.stringify(reply)}`);
  return info;
}

function era(name: string, changes: Readonly<Record<string, unknown>> = {}): GetInfo {
  return decoded({ ...(ERAS[name]?.getinfo as object), ...changes });
}

const FLAT = ['A3', 'A4', 'B1', 'B2', 'C1', 'C2', 'D'];
const NESTED = ['E1', 'E2', 'E3', 'E3-spesmilo-1.16.0', 'F', 'G'];

const firstOf = (reply: Readonly<Record<string, unknown>>, ...keys: string[]) =>
  reply[keys.find((key) => key in reply) ?? ''];

describe.each(recordings())('getinfo of $release, $state', ({ replies }) => {
  test('is decoded field by field', () => {
    const { result } = JSON.parse(replies.getinfo) as { result: Record<string, unknown> };
    const info = decoded(result);
    const nested = typeof result['sessions'] === 'object' ? (result['sessions'] as Record<string, unknown>) : undefined;
    const sessions: Record<string, unknown> = nested ?? { ...result, count: result['sessions'] };
    expect(info).toMatchObject({
      version: result['version'],
      coin: result['coin'],
      daemon: '127.0.0.1:18400/',
      pid: result['pid'],
      daemonHeight: 110,
      dbHeight: 110,
      dbFlushCount: result['db_flush_count'],
      groups: result['groups'],
      sessions: sessions['count'],
      sessionErrors: sessions['errors'],
      sessionsLogged: sessions['logged'],
      scripthashSubs: firstOf(sessions, 'subs', 'subs_sh'),
      txsSent: firstOf(result, 'txs sent', 'txs_sent'),
    });
    expect(info.uptime).toEqual({ seconds: Number.parseInt(result['uptime'] as string, 10), exact: true });
    const { total, ...byStatus } = result['peers'] as Record<string, number>;
    expect(Object.fromEntries(info.peers ?? [])).toEqual(byStatus);
    expect(total).toBe(Object.values(byStatus).reduce((a, b) => a + b));
    expect(Object.fromEntries(info.requestCounts)).toEqual(result['request counts'] ?? {});
  });
});

describe('heights', () => {
  test.each(Object.keys(ERAS))('are those that %s reports', (name) => {
    const raw = ERAS[name]?.getinfo as Record<string, unknown>;
    const info = era(name);
    expect(info.daemonHeight ?? null).toBe(firstOf(raw, 'daemon height', 'daemon_height'));
    expect(info.dbHeight).toBe(firstOf(raw, 'db height', 'db_height'));
  });

  test('are absent while they are null, and -1 is a height', () => {
    expect(era('A3', { daemon_height: null, db_height: -1 })).toMatchObject({ daemonHeight: undefined, dbHeight: -1 });
    expect(era('F', { 'daemon height': null, 'db height': null })).toMatchObject({
      daemonHeight: undefined,
      dbHeight: undefined,
    });
  });
});

describe('sessions in getinfo', () => {
  test.each(FLAT)('are a number in %s, next to the other fields', (name) => {
    expect(era(name, { sessions: 31, errors: 2, logged: 1, paused: 3, closing: 4, subs: 86 })).toMatchObject({
      sessions: 31,
      sessionErrors: 2,
      sessionsLogged: 1,
      sessionsPaused: 3,
      sessionsClosing: 4,
      scripthashSubs: 86,
      outpointSubs: undefined,
      sessionsWithScripthashSubs: undefined,
    });
  });

  test.each(NESTED)('are an object in %s', (name) => {
    const { sessions } = ERAS[name]?.getinfo as { sessions: object };
    expect(era(name, { sessions: { ...sessions, count: 46, errors: 4, logged: 1 } })).toMatchObject({
      sessions: 46,
      sessionErrors: 4,
      sessionsLogged: 1,
      sessionsClosing: undefined,
      sessionsPaused: name === 'E1' ? 0 : undefined,
    });
  });

  test('with subscriptions are reported since 1.10.1, as are costs of sessions', () => {
    for (const name of Object.keys(ERAS)) {
      const since = !['A3', 'A4', 'B1', 'B2', 'C1', 'C2'].includes(name);
      expect(era(name).sessionsWithSubs, name).toBe(since ? 0 : undefined);
      expect(era(name).chargesCost, name).toBe(since);
    }
  });

  test('with subscriptions are counted by kind in 2.0', () => {
    const sessions = {
      count: 46,
      'count with subs_sh': 38,
      'count with subs_txo': 5,
      'count with subs_any': 40,
      subs_sh: 129,
      subs_txo: 7,
    };
    expect(era('G', { sessions })).toMatchObject({
      sessionsWithScripthashSubs: 38,
      sessionsWithOutpointSubs: 5,
      sessionsWithSubs: 40,
      scripthashSubs: 129,
      outpointSubs: 7,
    });
  });
});

describe('pending requests', () => {
  test.each(NESTED)('of %s include the request itself', (name) => {
    const { sessions } = ERAS[name]?.getinfo as { sessions: object };
    const info = era(name, { sessions: { ...sessions, 'pending requests': 5 } });
    expect(info.pendingRequests).toEqual({ count: 5, includesOurRequest: true });
  });

  test('of 1.10.1 and of 1.5 to 1.7.3 include the request itself', () => {
    expect(era('D', { requests: 3 }).pendingRequests).toEqual({ count: 3, includesOurRequest: true });
    expect(era('C1', { requests: 3 }).pendingRequests).toEqual({ count: 3, includesOurRequest: true });
  });

  test('of 1.8 to 1.10.0 are absent: the field is something else and always 0', () => {
    expect(era('C2', { requests: 0 }).pendingRequests).toBeUndefined();
  });

  test.each(['A3', 'A4', 'B1'])('of %s do not include the request itself when there are none', (name) => {
    expect(era(name, { requests: 0 }).pendingRequests).toEqual({ count: 0, includesOurRequest: false });
  });

  test.each(['A3', 'B1', 'B2'])(
    'of %s can include the request itself when there are some: sessions decides',
    (name) => {
      expect(era(name, { requests: 2 }).pendingRequests).toEqual({ count: 2, includesOurRequest: undefined });
    },
  );

  test('are absent where the release does not report them', () => {
    expect(decoded({ uptime: '42s' }).pendingRequests).toBeUndefined();
    expect(decoded({ uptime: '42s', requests: '3' }).pendingRequests).toBeUndefined();
  });
});

describe('caches', () => {
  const stats = { lookups: 1234, hits: 56, entries: 7 };

  test('have the same names in every era', () => {
    const commasInside = '1,234 lookups 56 hits 7 entries';
    const commasBetween = '1234 lookups, 56 hits, 7 entries';
    const e3 = era('E3', {
      'history cache': commasInside,
      'merkle cache': commasInside,
      'tx hashes cache': commasInside,
    });
    const f = era('F', {
      'history cache': commasBetween,
      'merkle txid cache': commasBetween,
      'txids cache': commasBetween,
    });
    const expected = { history: stats, merkle_txid: stats, txids: stats };
    expect(Object.fromEntries(e3.caches)).toEqual(expected);
    expect(Object.fromEntries(f.caches)).toEqual(expected);
  });

  test('are five in 2.0', () => {
    const text = '1234 lookups, 56 hits, 7 entries, hitrate 0.0454';
    const caches = { estimatefee: text, history: text, 'merkle txid': text, txids: text, 'txo status': text };
    expect(Object.fromEntries(era('G', { caches }).caches)).toEqual({
      estimatefee: stats,
      history: stats,
      merkle_txid: stats,
      txids: stats,
      txo_status: stats,
    });
  });

  test('of commits between 1.10.1 and 1.11 are spelled with underscores', () => {
    const text = '1,234 lookups 56 hits 7 entries';
    const info = decoded({
      uptime: '42s',
      'daemon height': 1,
      tx_hashes_cache: text,
      merkle_cache: text,
      history_cache: text,
    });
    expect(Object.fromEntries(info.caches)).toEqual({ history: stats, merkle_txid: stats, txids: stats });
  });

  test.each(FLAT)('are not reported by %s', (name) => {
    expect(era(name).caches.size).toBe(0);
  });

  test('that are not a string of a known format are absent one by one', () => {
    const info = era('F', { 'history cache': 5, 'merkle txid cache': 'full' });
    expect([...info.caches.keys()]).toEqual(['txids']);
  });
});

describe('the mix of 2.0 before its caches moved', () => {
  test('has both kinds of subscriptions and flat caches', () => {
    const { sessions } = ERAS['G']?.getinfo as { sessions: object };
    const info = era('F', {
      sessions: { ...sessions, subs_sh: 12, subs_txo: 3 },
      'txo status cache': '9 lookups, 8 hits, 7 entries, hitrate 0.8889',
    });
    expect(info).toMatchObject({ scripthashSubs: 12, outpointSubs: 3, dbFlushCount: 17 });
    expect([...info.caches.keys()].sort()).toEqual(['history', 'merkle_txid', 'txids', 'txo_status']);
  });
});

describe('peers in getinfo', () => {
  test('are counted by status, 0 where one is missing; the total is left out', () => {
    expect(Object.fromEntries(era('F', { peers: { good: 3, bad: 1, total: 4 } }).peers ?? [])).toEqual({
      good: 3,
      stale: 0,
      never: 0,
      bad: 1,
    });
  });

  test('of 0.10 are one number, of IRC peers, without a status', () => {
    expect(era('A3', { peers: 17 }).peers).toBeUndefined();
  });
});

describe('request counts', () => {
  test('are kept under any name, as forks count unknown methods under what clients sent', () => {
    const counts: unknown = JSON.parse('{"getinfo": 3, "__proto__": 4, "constructor": 5, "\\ud800": 6, "a\\nb{}": 7}');
    expect([...era('E3', { 'request counts': counts, version: 'ElectrumX 1.5.1.0' }).requestCounts]).toEqual([
      ['getinfo', 3],
      ['__proto__', 4],
      ['constructor', 5],
      ['\ud800', 6],
      ['a\nb{}', 7],
    ]);
  });

  test('that are not numbers are left out', () => {
    expect(era('F', { 'request counts': { getinfo: 3, a: '4', b: null, c: [5] } }).requestCounts).toEqual(
      new Map([['getinfo', 3]]),
    );
    for (const counts of [null, 5, ['getinfo'], 'getinfo']) {
      expect(era('F', { 'request counts': counts }).requestCounts.size).toBe(0);
    }
  });
});

describe('the version', () => {
  test.each(['Qtum ElectrumX 1.16.0', 'ElectrumX 1.4.1', 'ElectrumX 1.5.1.0', 'whatever', ''])(
    'decides nothing: %j in the shape of 1.16 is decoded as 1.16',
    (version) => {
      expect(era('E3', { version })).toEqual({ ...era('E3'), version });
    },
  );
});

describe('no getinfo', () => {
  test.each([null, 5, 'text', [], {}, { sessions: 5 }, { uptime: 'long' }, { daemon_height: 5 }, [{ uptime: '42s' }]])(
    'is %j',
    (reply) => {
      expect(decodeGetInfo(reply)).toBeUndefined();
    },
  );

  test('is a reply that only inherits its fields', () => {
    expect(decodeGetInfo(JSON.parse('{"__proto__": {"uptime": "42s"}}'))).toBeUndefined();
  });
});

describe('a field of the wrong type', () => {
  test('is absent and affects no other field', () => {
    const keys = Object.keys(ERAS['F']?.getinfo as object).filter((key) => key !== 'uptime');
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        const info = era('F', { [key]: value });
        expect(info.uptime).toEqual({ seconds: 0, exact: true });
        expect(key === 'pid' || info.pid === 10_199).toBe(true);
        expect(key === 'db height' || info.dbHeight === 572_154).toBe(true);
        expect(key === 'sessions' || info.sessions === 3).toBe(true);
      }),
    );
  });

  test('is absent when it is a number beyond 2^53', () => {
    const huge = decodeGetInfo(JSON.parse('{"uptime": "42s", "pid": 1e999, "db_height": -1e999, "txs_sent": 5}'));
    expect(huge).toMatchObject({ pid: undefined, dbHeight: undefined, txsSent: 5 });
  });
});
