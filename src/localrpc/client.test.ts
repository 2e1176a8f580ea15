// LocalRPC's client over real sockets: the six kinds of failure, simultaneous calls, and open handles afterwards.
import { describe, expect, test, vi } from 'vitest';
import { deadPort } from '../../test/support/electrumx.ts';
import { SOON, simulated, served, connected, idOf, reply, failure } from '../../test/support/localrpc-client.ts';
import { connect, type Answer } from './client.ts';

describe('an answer', () => {
  test('is the result, with the line that brought it', async () => {
    const line = '{"jsonrpc": "2.0", "result": {"cost": 0.0, "name": "é€"}, "id": 1}';
    const { port } = await served((_, socket) => socket.write(`${line}\n`));
    const answer = await (await connected(port)).call('getinfo', [], 5000);
    expect(answer).toEqual<Answer>({ result: { cost: 0, name: 'é€' }, line: Buffer.from(line) });
  });

  test('can arrive byte by byte', async () => {
    const { port } = await simulated({ getinfo: 'dribble' });
    expect((await (await connected(port)).call('getinfo', [], 5000)).result).toHaveProperty('daemon height');
  });

  test('is requested with one line of JSON-RPC 2.0, with ids that count up', async () => {
    const heard: string[] = [];
    const { port } = await served((line, socket) => {
      heard.push(line);
      socket.write(reply(idOf(line), null));
    });
    const connection = await connected(port);
    await connection.call('getinfo', [], 5000);
    await connection.call('query', { items: ['a'], limit: 1 }, 5000);
    expect(heard.map((line): unknown => JSON.parse(line))).toEqual([
      { jsonrpc: '2.0', id: 1, method: 'getinfo', params: [] },
      { jsonrpc: '2.0', id: 2, method: 'query', params: { items: ['a'], limit: 1 } },
    ]);
  });

  test('may be exactly as long as the limit', async () => {
    const { port } = await simulated({ getinfo: { bytes: 4999 } });
    const { line } = await (await connected(port, { maxResponseBytes: 5000 })).call('getinfo', [], 5000);
    expect(line).toHaveLength(5000);
  });
});

describe('two calls at the same time', () => {
  test('each get their reply, even if the second comes first and in the same packet', async () => {
    const held: unknown[] = [];
    const { port } = await served((line, socket) => {
      held.unshift(idOf(line));
      if (held.length === 2) socket.write(held.map((id) => reply(id, `answer ${String(id)}`)).join(''));
    });
    const connection = await connected(port);
    const [first, second] = await Promise.all([connection.call('a', [], 5000), connection.call('b', [], 5000)]);
    expect([first.result, second.result]).toEqual(['answer 1', 'answer 2']);
  });

  test('fail independently', async () => {
    const { port } = await simulated({ peers: 'error' });
    const connection = await connected(port);
    const failing = failure(connection.call('peers', [], 5000));
    const working = connection.call('getinfo', [], 5000);
    expect((await failing).kind).toBe('remote');
    expect((await working).result).toHaveProperty('pid');
  });

  test('both fail when the connection breaks', async () => {
    const { port } = await served((_, socket, count) => {
      if (count === 2) socket.resetAndDestroy();
    });
    const connection = await connected(port);
    const errors = await Promise.all([
      failure(connection.call('a', [], 5000)),
      failure(connection.call('b', [], 5000)),
    ]);
    expect(errors.map(({ kind }) => kind)).toEqual(['closed', 'closed']);
  });
});

describe('refused', () => {
  test('is a port without a listener', async () => {
    const error = await failure(connect({ host: '127.0.0.1', port: await deadPort() }, SOON));
    expect(error).toMatchObject({ kind: 'refused', message: 'cannot connect: ECONNREFUSED' });
  });
});

describe('closed', () => {
  test.each(['drop', 'half'] as const)(
    'is a server that closes the connection before it has replied (%s)',
    async (fault) => {
      const { port } = await simulated({ getinfo: fault });
      const connection = await connected(port);
      const error = await failure(connection.call('getinfo', [], 5000));
      expect(error).toMatchObject({ kind: 'closed', message: 'the server closed the connection' });
      expect(connection.usable).toBe(false);
    },
  );

  test('is a connection that is reset', async () => {
    const { port } = await served((_, socket) => socket.resetAndDestroy());
    const error = await failure((await connected(port)).call('getinfo', [], 5000));
    expect(error).toMatchObject({ kind: 'closed', message: 'the connection broke' });
  });

  test('is every call after that', async () => {
    const { port } = await simulated({ getinfo: 'drop' });
    const connection = await connected(port);
    await failure(connection.call('getinfo', [], 5000));
    expect(await failure(connection.call('groups', [], 5000))).toMatchObject({ kind: 'closed' });
  });

  test('is every call that waits when the connection is closed from here, and every call after', async () => {
    const { port } = await simulated({ getinfo: 'hang' });
    const connection = await connected(port);
    const waiting = failure(connection.call('getinfo', [], 5000));
    connection.close();
    expect((await waiting).kind).toBe('closed');
    expect((await failure(connection.call('getinfo', [], 5000))).kind).toBe('closed');
    expect(connection.usable).toBe(false);
  });
});

describe('protocol', () => {
  test.each(['garbage', 'not-rpc', 'wrong-id'] as const)(
    'is an invalid reply (%s), which ends the connection',
    async (fault) => {
      const { port } = await simulated({ getinfo: fault });
      const connection = await connected(port);
      expect(await failure(connection.call('getinfo', [], 5000))).toMatchObject({ kind: 'protocol' });
      expect(connection.usable).toBe(false);
    },
  );

  test.each([0, 1, 2])('is an unreadable reply with the id %d when only 1 was sent', async (id) => {
    const { port } = await served((_, socket) => socket.write(`{"jsonrpc": "2.0", "result": nonsense, "id": ${id}}\n`));
    expect((await failure((await connected(port)).call('a', [], 5000))).kind).toBe('protocol');
  });

  test.each([0, -1, 2, 1.5, '1', null])('is a result for the id %j when only 1 was sent', async (id) => {
    const { port } = await served((_, socket) => socket.write(reply(id, 'an answer')));
    expect(await failure((await connected(port)).call('getinfo', [], 5000))).toMatchObject({
      kind: 'protocol',
      message: 'the reply has the id of no request',
    });
  });
});

describe('remote', () => {
  test('is an error that the server answers with, and leaves the connection usable', async () => {
    const simulator = await simulated({ getinfo: 'error' });
    const connection = await connected(simulator.port);
    const error = await failure(connection.call('getinfo', [], 5000));
    expect(error).toMatchObject({ kind: 'remote', message: 'internal server error', code: -32603 });
    simulator.recover();
    expect((await connection.call('getinfo', [], 5000)).result).toHaveProperty('pid');
  });

  test('is an error without id, as old servers answer: it is for the call that has waited longest', async () => {
    const error = '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "invalid request"}, "id": null}\n';
    const { port } = await served((line, socket, count) => {
      if (count === 2) socket.write(error + reply(idOf(line), 'second'));
    });
    const connection = await connected(port);
    const first = failure(connection.call('a', [], 5000));
    expect((await connection.call('b', [], 5000)).result).toBe('second');
    expect(await first).toMatchObject({ kind: 'remote', message: 'invalid request', code: -32600 });
  });

  test('is that error for the other of two calls, when the first was answered in the same packet', async () => {
    const error = '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "invalid request"}, "id": null}\n';
    const { port } = await served((_, socket, count) => {
      if (count === 2) socket.write(reply(1, 'first') + error);
    });
    const connection = await connected(port);
    const first = connection.call('a', [], 5000);
    expect(await failure(connection.call('b', [], 2000))).toMatchObject({ kind: 'remote', code: -32600 });
    expect((await first).result).toBe('first');
  });

  test('is not an error without id when no call is pending', async () => {
    const error = '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "invalid JSON"}, "id": null}\n';
    const { port } = await served((line, socket) => socket.write(reply(idOf(line), 1) + error));
    const connection = await connected(port);
    await connection.call('a', [], 5000);
    await vi.waitFor(() => expect(connection.usable).toBe(false));
  });
});

describe('too_large', () => {
  test('is an answer of one byte over the limit, and ends the connection', async () => {
    const { port } = await simulated({ getinfo: { bytes: 5000 } });
    const connection = await connected(port, { maxResponseBytes: 5000 });
    const error = await failure(connection.call('getinfo', [], 5000));
    expect(error).toMatchObject({ kind: 'too_large', message: 'the reply is over 5000 bytes' });
    expect(connection.usable).toBe(false);
  });

  test('is an endless reply, which is not read further', async () => {
    const chunk = 'x'.repeat(65_536);
    let sent = 0;
    const { port, sockets } = await served((_, socket) => {
      const more = () => {
        sent += chunk.length;
        if (socket.writable) socket.write(chunk, more);
      };
      more();
    });
    const error = await failure((await connected(port, { maxResponseBytes: 100_000 })).call('getinfo', [], 5000));
    expect(error.kind).toBe('too_large');
    await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
    expect(sent).toBeLessThan(50_000_000);
  });
});

describe('afterwards', () => {
  test('neither a socket nor a timer is left that would keep the process alive', async () => {
    const kept = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = kept();
    const { port, sockets } = await served((line, socket) => {
      const { id, method } = JSON.parse(line) as { id: number; method: string };
      if (method === 'answered') socket.write(reply(id, 1));
      if (method === 'nonsense') socket.write('nonsense\n');
      if (method === 'dropped') socket.end();
    });
    for (const method of ['answered', 'nonsense', 'dropped', 'closed from here']) {
      const connection = await connected(port);
      const call = connection.call(method, [], 600_000).catch(() => undefined);
      if (method === 'closed from here') connection.close();
      await call;
      connection.close();
    }
    await failure(connect({ host: '127.0.0.1', port: await deadPort() }, { ...SOON, timeoutMs: 600_000 }));
    expect(kept()).toBeLessThanOrEqual(before); // a timer of the test runner may have ended meanwhile
    await vi.waitFor(() => expect(sockets.map(({ destroyed }) => destroyed)).toEqual([true, true, true, true]));
  });
});
