// What happens between the lines: ids, dialects, batches, bad input, too much input, too many errors.
import { describe, expect, it } from 'vitest';
import { ERAS, type Era, since } from '../../src/simulator/eras.ts';
import { call, clocked, connectTo, simulator } from './support/client.ts';

const line = (message: unknown) => JSON.stringify(message) + '\n';
const request = (more: object = {}) => ({ jsonrpc: '2.0', id: 1, method: 'peers', params: [], ...more });
/** Proof that what came before it was not answered. */
const PING = request({ id: 'next' });

async function exchange(era: Era, message: string | Buffer): Promise<Record<string, unknown>> {
  const client = await connectTo((await simulator({ era })).port);
  client.write(message);
  client.write(line(PING));
  return JSON.parse((await client.line()) ?? '"hung up"') as Record<string, unknown>;
}

describe.each(ERAS)('era %s', (era) => {
  it('returns any number, string or boolean as id', async () => {
    for (const id of [0, -1, 1.5, 'x', '', true])
      expect(await exchange(era, line(request({ id })))).toMatchObject({ id });
  });

  it('treats a missing id as a notification, which gets no reply; a null id gets one only up to 1.3', async () => {
    expect((await exchange(era, line({ jsonrpc: '2.0', method: 'peers' })))['id']).toBe('next');
    expect((await exchange(era, line(request({ id: null }))))['id']).toBe(era === 'B1' ? null : 'next');
  });

  it('accepts missing params, [] and {}, and refuses null from 1.4 on', async () => {
    for (const params of [undefined, [], {}]) {
      expect(await exchange(era, line(request({ params })))).toHaveProperty('result');
    }
    const refused = { code: -32602, message: 'invalid request arguments: None' };
    expect((await exchange(era, line(request({ params: null }))))['error']).toEqual(era === 'B1' ? undefined : refused);
  });

  it('replies to a batch with a list, in reverse order up to 1.3', async () => {
    const client = await connectTo((await simulator({ era })).port);
    client.write(
      line([
        request({ id: 1 }),
        request({ id: 2, method: 'nope' }),
        { jsonrpc: '2.0', method: 'x' },
        request({ id: 3 }),
      ]),
    );
    const replies = JSON.parse((await client.line()) ?? '') as { id: number }[];
    expect(replies.map(({ id }) => id)).toEqual(era === 'B1' ? [3, 2, 1] : [1, 2, 3]);
    client.write(line([]));
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ error: { code: -32600 }, id: null });
  });

  it('replies to bad JSON with an error, and then closes from 1.8.5 to 1.10.1 and before 1.4', async () => {
    const client = await connectTo((await simulator({ era })).port);
    client.write('{bad\n');
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ error: { code: -32700 }, id: null });
    if (['B1', 'C2', 'D'].includes(era)) await client.closed;
    else expect(await client.raw('peers')).toBeDefined();
  });

  it('ignores an object without a method from 1.4 on', async () => {
    const answer = await exchange(era, line({ jsonrpc: '2.0', id: 5, params: [] }));
    if (era === 'B1') expect(answer).toMatchObject({ error: { code: -32600 }, id: 5 });
    else expect(answer['id']).toBe('next');
  });

  it('drops a request over a million bytes; up to 1.3 it resets the connection', async () => {
    const client = await connectTo((await simulator({ era })).port);
    client.write(line(request({ params: ['x'.repeat(1_100_000)] })));
    client.write(line(PING));
    expect(await client.line()).toEqual(era === 'B1' ? undefined : expect.stringContaining('"next"'));
  });

  it('closes after ten errors up to 1.10.1', async () => {
    const client = await connectTo((await simulator({ era })).port);
    let answered = 0;
    while (answered < 12 && (await client.raw('nope')) !== undefined) answered++;
    expect(answered).toBe(since(era, 'E2') ? 12 : 10);
  });
});

describe('the dialect', () => {
  it('is chosen by the first message, and kept', async () => {
    const client = await connectTo((await simulator({ era: 'F' })).port);
    client.write(line(request()));
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ jsonrpc: '2.0', id: 1 });
    client.write(line({ id: 2, method: 'peers' }));
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({
      id: 2,
      error: { code: -32600, message: '"jsonrpc" is not "2.0"' },
    });
  });

  it('1.0 replies with result and error, and requires a list of params', async () => {
    const client = await connectTo((await simulator({ era: 'F' })).port);
    client.write(line({ jsonrpc: '1.0', id: 1, method: 'add_peer', params: ['x'] }));
    expect(await client.line()).toBe(`{"result":"peer 'x' added","error":null,"id":1}`);
    client.write(line({ id: 2, method: 'add_peer', params: { real_name: 'x' } }));
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ result: null, error: { code: -32602 }, id: 2 });
    client.write(line([{ id: 3, method: 'peers', params: [] }]));
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ error: { code: -32600 } });
  });

  it('without "jsonrpc" is loose, and gets replies in 2.0', async () => {
    expect(await exchange('F', line({ id: 1, method: 'peers' }))).toMatchObject({ jsonrpc: '2.0', id: 1 });
  });

  it.each([['[1]'], ['7'], ['"peers"'], ['null']])('%s is not a request', async (text) => {
    const answer = await exchange('F', text + '\n');
    expect(Array.isArray(answer) ? answer[0] : answer).toMatchObject({ error: { code: -32600 }, id: null });
  });

  it('refuses an id that is not a number, a string or null', async () => {
    expect(await exchange('F', line(request({ id: [1] })))).toMatchObject({ error: { code: -32600 }, id: null });
  });

  it('replies to bytes that are not UTF-8 as to bad JSON', async () => {
    expect(await exchange('F', Buffer.from([0x22, 0xff, 0x22, 0x0a]))).toMatchObject({
      error: { code: -32700, message: 'messages must be encoded in UTF-8' },
    });
  });
});

describe('B1', () => {
  it('hangs for good after a batch of nine', async () => {
    const server = await simulator({ era: 'B1' });
    const client = await connectTo(server.port);
    client.write(line(Array.from({ length: 9 }, (_, id) => request({ id }))));
    client.write(line(PING));
    // others are answered meanwhile
    for (let n = 0; n < 3; n++) expect(await call(server.port, 'peers')).toHaveLength(24);
    expect(client.received()).toBe('');
    client.end();
    expect(await client.closed).toBe('');
  });
});

describe('since 1.11', () => {
  it('errors cost, and a connection over the limit is throttled and then closed', async () => {
    const server = await simulator({ era: 'F' });
    const client = await connectTo(server.port);
    for (let n = 0; n < 21; n++) await client.raw('nope');
    const session = [...server.world.sessions.values()].at(-1);
    expect(session?.cost).toBeGreaterThan(2000);
    const began = performance.now();
    await client.raw('peers');
    expect(performance.now() - began).toBeGreaterThan(20);
    if (session) session.cost = 10_001;
    expect(await client.call('peers')).toEqual({ code: -101, message: 'excessive resource usage' });
    await client.closed;
  });

  it('a line that is not JSON costs as much as eleven errors', async () => {
    const server = await simulator({ era: 'F', sessions: 0 });
    const client = await connectTo(server.port);
    client.write('GET / HTTP/1.1\n');
    expect(await client.line()).toContain('invalid JSON');
    expect(server.world.sessions.get(0)?.cost).toBeCloseTo(1100, 1);
  });

  it('a notification and an unknown method count as invalid', async () => {
    const { port } = await simulator({ era: 'F', sessions: 0 });
    await call(port, '__proto__');
    const client = await connectTo(port);
    client.write(line({ jsonrpc: '2.0', method: 'getinfo' }));
    expect(await client.call('getinfo')).toMatchObject({ 'request counts': { 'invalid method': 2, getinfo: 1 } });
  });
});

describe('a LocalRPC connection', () => {
  it('is a session, with an id of the same sequence and with its traffic', async () => {
    const server = await simulator({ era: 'E2', sessions: 3 });
    const client = await connectTo(server.port);
    const first = await client.raw('peers');
    const text = line({ jsonrpc: '2.0', id: 0, method: 'peers', params: [] });
    const second = line({ jsonrpc: '2.0', id: 1, method: 'sessions', params: [] });
    const rows = (await client.call('sessions')) as unknown[][];
    const sent = text.length + second.length;
    expect(rows[3]?.slice(0, 2)).toEqual([3, 'R20']);
    expect(rows[3]?.slice(3, 5)).toEqual(['RPC', 'RPC']);
    expect(rows[3]?.slice(7, 14)).toEqual([1, 0, 0, 2, sent, 1, first?.length]);
  });

  it('is counted with its request in getinfo: but not waiting in B1, and never in C2', async () => {
    for (const [era, requests] of [
      ['B1', 0],
      ['B2', 1],
      ['C1', 1],
      ['C2', 0],
      ['D', 1],
    ] as const) {
      const { port } = await simulator({ era, sessions: 0 });
      expect(await call(port, 'getinfo')).toMatchObject({ sessions: 1, requests });
    }
  });

  it('ends with its connection', async () => {
    const server = await simulator({ era: 'F', sessions: 0 });
    const client = await connectTo(server.port);
    await client.raw('getinfo');
    expect([server.connections, server.openConnections]).toEqual([1, 1]);
    await call(server.port, 'disconnect', [['0']]);
    await client.closed;
    expect(await call(server.port, 'sessions')).toHaveLength(1);
    expect(server.connections).toBe(3);
  });

  it('is closed when it was idle for ten minutes', async () => {
    const server = await clocked({ era: 'F', sessions: 0 });
    const client = await connectTo(server.port);
    await client.raw('getinfo');
    server.pass(660);
    await call(server.port, 'getinfo');
    await client.closed;
  });

  it('is not closed when idle before the index has caught up', async () => {
    const server = await clocked({ era: 'F', sessions: 0, scenario: 'initial-sync' });
    const client = await connectTo(server.port);
    await client.raw('getinfo');
    server.pass(660);
    await call(server.port, 'getinfo');
    expect(await client.call('getinfo')).toMatchObject({ coin: 'Bitcoin' });
  });

  it('is in its groups: in a slot and its subnet, from 1.16 on in a slot, later in none', async () => {
    const groups = { B1: [0], C2: [0], D: ['t0', '127.0.0'], E2: ['t0', '127.0.0'], E3: ['t0'], F: [], G: [] } as const;
    for (const [era, names] of Object.entries(groups)) {
      const { port } = await simulator({ era: era as Era, sessions: 0 });
      expect(((await call(port, 'groups')) as unknown[][]).map(([name]) => name)).toEqual(names);
    }
  });
});
