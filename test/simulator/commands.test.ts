// Every command acts on the world, in every era that has it.
import { describe, expect, it } from 'vitest';
import { ERAS, type Era, since } from '../../src/simulator/eras.ts';
import type { Simulator } from '../../src/simulator/server.ts';
import { call, clocked, connectTo, simulator } from './support/client.ts';

type Row = [number, string, string, ...unknown[]];
type Info = Record<string, unknown> & { sessions: Record<string, number>; peers: Record<string, number> };

const info = async ({ port }: Simulator) => (await call(port, 'getinfo')) as Info;
const rows = async ({ port }: Simulator) => (await call(port, 'sessions')) as Row[];
const flagsOf = async (server: Simulator, id: number) => (await rows(server)).find((row) => row[0] === id)?.[1];
const dbHeight = async (server: Simulator) => {
  const answer = await info(server);
  return Number(answer['db height'] ?? answer['db_height']);
};
const before = (era: Era) => !since(era, 'E2');

describe.each(ERAS)('era %s', (era) => {
  it('log marks a session with L, and takes the mark away again', async () => {
    const server = await simulator({ era });
    const [on, off] = before(era) ? ['log 3: True', 'log 3: False'] : ['logging session 3', 'not logging session 3'];
    expect(await call(server.port, 'log', [['3']])).toEqual([on]);
    expect(await flagsOf(server, 3)).toMatch(/^[TSW]L\d+$/);
    expect(await call(server.port, 'log', { session_ids: ['3'] })).toEqual([off]);
    expect(await flagsOf(server, 3)).toMatch(/^[TSW]\d+$/);
  });

  it('disconnect shows C, and a second later the session is gone', async () => {
    const server = await clocked({ era });
    const line = before(era) ? 'disconnected 3' : 'disconnecting session 3';
    expect(await call(server.port, 'disconnect', [['3']])).toEqual([line]);
    expect(await flagsOf(server, 3)).toMatch(/^[TSW]C\d+$/);
    server.pass(1);
    expect(await flagsOf(server, 3)).toBeUndefined();
  });

  it('takes ids as numbers until 1.10.1, and only as texts later', async () => {
    const { port } = await simulator({ era });
    const error = { code: 1, message: 'expected a list of session IDs' };
    expect(await call(port, 'log', [[3]])).toEqual(before(era) ? ['log 3: True'] : error);
    expect(await call(port, 'disconnect', [3])).toEqual({ ...error, code: era === 'B1' ? -1 : 1 });
  });

  it('add_peer adds a peer that was never tried, and tries it soon', async () => {
    const server = await clocked({ era });
    const find = async () =>
      ((await call(server.port, 'peers')) as Record<string, unknown>[]).find(({ host }) => host === 'ecdsa.net');
    expect(await call(server.port, 'add_peer', ['ecdsa.net v1.0 s110 t'])).toBe("peer 'ecdsa.net v1.0 s110 t' added");
    expect(await find()).toMatchObject({
      status: 'never',
      last_try: 0,
      source: 'RPC',
      features: { protocol_max: '1.0' },
    });
    server.pass(15);
    expect(await find()).toMatchObject({ status: 'never', try_count: 1 });
  });

  it('daemon_url changes the daemon; without a URL it goes back to its own', async () => {
    const server = await simulator({ era });
    const { daemon } = await info(server);
    expect(await call(server.port, 'daemon_url', ['user:pw@[2001:db8::1]:99,me:pw@two'])).toBe(
      'now using daemon at [2001:db8::1]:99/',
    );
    expect((await info(server))['daemon']).toBe('[2001:db8::1]:99/');
    expect(await call(server.port, 'daemon_url', since(era, 'C2') ? { daemon_url: '' } : [])).toBe(
      `now using daemon at ${String(daemon)}`,
    );
    expect(await call(server.port, 'daemon_url', ['nonsense'])).toEqual({
      code: era === 'B1' ? -1 : 1,
      message: `an error ${since(era, 'F') ? 'occurred' : 'occured'}: CoinError('invalid daemon URL: "nonsense"')`,
    });
    for (const [url, type] of [
      [5, 'int'],
      [0.5, 'float'],
      [true, 'bool'],
      [['x'], 'list'],
      [{ x: 1 }, 'dict'],
    ] as const) {
      expect(await call(server.port, 'daemon_url', [url])).toMatchObject({
        message: expect.stringContaining(`AttributeError("'${type}' object has no attribute 'split'")`) as string,
      });
    }
    expect(await call(server.port, 'daemon_url', [0])).toBe(`now using daemon at ${String(daemon)}`);
    expect((await info(server))['daemon']).toBe(daemon);
  });

  it('reorg takes the index back, and it recovers', async () => {
    const server = await clocked({ era });
    const height = await dbHeight(server);
    expect(await call(server.port, 'reorg', since(era, 'C2') ? [3] : [])).toBe('scheduled a reorg of 3 blocks');
    expect(await dbHeight(server)).toBe(height - 3);
    server.pass(10);
    expect(await dbHeight(server)).toBeGreaterThanOrEqual(height);
  });

  it('reorg is refused before the first sync is done, and for what is no number', async () => {
    const server = await simulator({ era, scenario: 'initial-sync' });
    const code = era === 'B1' ? -1 : 1;
    expect(await call(server.port, 'reorg', [3])).toEqual({ code, message: 'still catching up with daemon' });
    for (const count of ['x', '', '0x10', '2.5', '-1', '1e3', -1, null]) {
      const message = `${count ?? 'None'} should be a non-negative integer`;
      expect(await call(server.port, 'reorg', [count])).toEqual({ code, message });
    }
  });

  it('reorg takes what Python takes for an integer', async () => {
    const { port } = await simulator({ era });
    for (const [count, text] of [
      [' +12 ', '12'],
      ['9'.repeat(40), BigInt('9'.repeat(40)).toLocaleString('en-US')],
      [1234.9, '1,234'],
      [true, '1'],
    ] as const) {
      expect(await call(port, 'reorg', [count])).toBe(`scheduled a reorg of ${text} blocks`);
    }
    const client = await connectTo(port);
    client.write('{"jsonrpc": "2.0", "id": 0, "method": "reorg", "params": [1e400]}\n');
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ error: { code: -32603 } });
  });

  it('stop answers, hangs up and listens no more', async () => {
    const server = await simulator({ era });
    const [idle, asking] = [await connectTo(server.port), await connectTo(server.port)];
    expect(await asking.call('stop')).toBe('stopping');
    await Promise.all([idle.closed, asking.closed, server.ended]);
    await expect(connectTo(server.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('knows exactly the commands of its era', async () => {
    const { port } = await simulator({ era });
    const calls = {
      C2: { query: [['00'], 10] },
      F: { debug_memusage_list_all_objects: [5], debug_memusage_get_random_backref_chain: ['dict'] },
      G: { inspect_session: [0] },
    };
    for (const [first, methods] of Object.entries(calls)) {
      for (const [method, params] of Object.entries(methods)) {
        const unknown = era === 'B1' ? `unknown method: '${method}'` : `unknown method "${method}"`;
        const refused = { code: -32601, message: unknown };
        const answer = expect(await call(port, method, params));
        if (since(era, first as Era)) answer.not.toHaveProperty('code');
        else answer.toEqual(refused);
      }
    }
  });
});

describe('params', () => {
  it('are needed since 1.8 where a default was good enough before', async () => {
    for (const method of ['reorg', 'daemon_url']) {
      const { port } = await simulator({ era: 'C2' });
      expect(await call(port, method)).toMatchObject({ code: -32602 });
      expect(await call(port, method, {})).toMatchObject({ code: -32602 });
      const old = await simulator({ era: 'C1' });
      expect(await call(old.port, method)).toEqual(expect.any(String));
    }
  });

  it.each([
    ['reorg', [], '0 arguments passed to method "reorg" but it requires 1'],
    ['reorg', [1, 2], '2 arguments passed to method reorg taking at most 1'],
    ['query', [1], '1 argument passed to method "query" but it requires 2'],
    ['query', {}, 'method "query" requires parameters "items", "limit"'],
    ['reorg', { count: 1, n: 2 }, 'method "reorg" does not take parameter "n"'],
    ['getinfo', { a: 1, b: 2 }, 'method "getinfo" does not take parameters "a", "b"'],
  ])('%s %j: %s', async (method, params, message) => {
    const { port } = await simulator({ era: 'F' });
    expect(await call(port, method, params)).toEqual({ code: -32602, message });
  });
});

describe('since 1.11', () => {
  it('disconnect takes groups and `all`, which cuts off the caller too, after the reply', async () => {
    const server = await clocked({ era: 'F' });
    const [[name, size]] = (await call(server.port, 'groups')) as [[string, number]];
    expect(await call(server.port, 'disconnect', [[name, 'z']])).toEqual([`disconnecting group ${name}`, 'unknown: z']);
    expect((await rows(server)).filter(([, flags]) => /C/.test(flags))).toHaveLength(size);
    const client = await connectTo(server.port);
    expect(await client.call('disconnect', [['ALL']])).toEqual(['disconnecting all sessions']);
    await client.closed;
    server.pass(1);
    expect((await rows(server)).filter(([id]) => id < 20)).toEqual([]);
  });

  it('log takes groups, `all`, `none` and `new`', async () => {
    const server = await clocked({ era: 'F', scenario: 'churn' });
    const logged = async () => (await info(server)).sessions['logged'];
    expect(await call(server.port, 'log', [['all']])).toEqual(['logging all sessions']);
    expect(await logged()).toBe(21);
    expect(await call(server.port, 'log', [['none']])).toEqual(['logging no sessions']);
    expect(await logged()).toBe(0);
    expect(await call(server.port, 'log', [['new']])).toEqual(['logging new sessions']);
    server.pass(60);
    expect(await logged()).toBeGreaterThan(10);
    expect(await call(server.port, 'log', [['new']])).toEqual(['not logging new sessions']);
  });
});

describe('query', () => {
  it('lists history, outputs and balance of scripts and addresses, the same each time, and skips other items', async () => {
    const { port } = await simulator({ era: 'C2' });
    const asked = () => call(port, 'query', { items: ['76a9', '1BoatSLRHtKNngkdXEeobR76b53LETtpyT', '?'], limit: 10 });
    const lines = (await asked()) as string[];
    expect(lines.filter((line) => /^(Script: 76a9|Address: 1Boat\w+)$/.test(line))).toHaveLength(2);
    expect(lines.filter((line) => /^Balance: [\d,.]+ BTC$/.test(line))).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/^(History #0: height [\d,]+ tx_hash [0-9a-f]{64}|No history found)$/m);
    expect(await asked()).toEqual(lines);
    const number = (text = '') => Number(text.replaceAll(',', ''));
    const values = lines.map((line) => number(/^UTXO .* value ([\d,]+)$/.exec(line)?.[1] ?? '0'));
    const balances = lines.map((line) => number(/^Balance: ([\d,.]+) BTC$/.exec(line)?.[1] ?? '0'));
    const add = (numbers: readonly number[]) => numbers.reduce((so, n) => so + n, 0);
    expect(add(balances)).toBeCloseTo(add(values) / 1e8, 8);
  });
});

describe('query of 2.0', () => {
  it('calls the ids of transactions txid', async () => {
    const { port } = await simulator({ era: 'G' });
    const items = Array.from({ length: 8 }, (_, n) => `76a9${n}${n}`);
    const lines = ((await call(port, 'query', { items, limit: 10 })) as string[]).join('\n');
    expect(lines).toMatch(/^History #0: height [\d,]+ txid [0-9a-f]{64}$/m);
    expect(lines).toMatch(/^UTXO #1: txid [0-9a-f]{64} tx_pos \d+ height [\d,]+ value [\d,]+$/m);
    expect(lines).not.toContain('tx_hash');
  });
});

describe('debug_memusage', () => {
  it('lists as many types as it was asked for, the most frequent first', async () => {
    const { port } = await simulator({ era: 'F' });
    const text = (await call(port, 'debug_memusage_list_all_objects', [3])) as string;
    const lines = text.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^[\w.]+ +\d+$/);
    const counts = lines.map((line) => Number(line.split(/ +/)[1]));
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(await call(port, 'debug_memusage_list_all_objects', ['3'])).toMatchObject({ code: -32603 });
  });

  it('draws what keeps an object as a dot file', async () => {
    const { port } = await simulator({ era: 'F' });
    const text = await call(port, 'debug_memusage_get_random_backref_chain', ['_asyncio.Task']);
    expect(text).toMatch(/^digraph ObjectGraph \{\n.*_asyncio\.Task.*\n\}\n$/);
  });
});

describe('inspect_session', () => {
  it('describes a client, and refuses LocalRPC sessions and unknown ids', async () => {
    const { port } = await simulator({ era: 'G' });
    const about = (await call(port, 'inspect_session', { session_id: 0 })) as Record<string, unknown>;
    expect(Object.keys(about)).toEqual([
      ...['client_name', 'request counts', 'request total', 'subs_sh', 'subs_txo', 'errors', 'is_logged'],
      ...['pending requests', 'txs sent', 'conn_time'],
    ]);
    expect(await call(port, 'inspect_session', [999])).toEqual({ code: 1, message: 'no session with id=999' });
    const client = await connectTo(port);
    const [[own] = []] = ((await client.call('sessions')) as Row[]).filter(([, flags]) => flags.startsWith('R'));
    expect(await client.call('inspect_session', [own])).toEqual({
      code: 1,
      message: `session with id=${String(own)} is not a client session, but <class 'electrumx.server.session.LocalRPC'>`,
    });
    expect(await call(port, 'inspect_session', ['0'])).toMatchObject({ code: -32603 });
  });
});
