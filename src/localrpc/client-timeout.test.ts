// What LocalRPC's client does with a reply that comes too late, or only in part.
import { describe, expect, test } from 'vitest';
import { SOON, simulated, served, connected, idOf, reply, failure } from '../../test/support/localrpc-client.ts';
import { connect } from './client.ts';

describe('timeout', () => {
  test('is a connection that is not established by the deadline', async () => {
    const { port } = await simulated();
    const attempt = failure(connect({ host: '127.0.0.1', port }, { ...SOON, timeoutMs: 1 }));
    const until = performance.now() + 20;
    while (performance.now() < until); // the deadline is over before the event loop can see the connection
    expect(await attempt).toMatchObject({ kind: 'timeout', message: 'no connection before the deadline' });
  });

  test('is a reply that has not arrived by the deadline', async () => {
    const { port } = await simulated({ getinfo: 'hang' });
    const started = performance.now();
    const error = await failure((await connected(port)).call('getinfo', [], 60));
    expect(error).toMatchObject({ kind: 'timeout', message: 'no reply before the deadline' });
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  test('leaves the connection usable: the late answer is dropped, the next call gets its own', async () => {
    const { port } = await served((line, socket, count) => {
      if (count === 2) socket.write(reply(1, 'late') + reply(idOf(line), 'in time'));
    });
    const connection = await connected(port);
    await failure(connection.call('getinfo', [], 20));
    expect((await connection.call('getinfo', [], 5000)).result).toBe('in time');
    expect(connection.usable).toBe(true);
  });

  test('drops a late error, too', async () => {
    const { port } = await served((line, socket, count) => {
      const late = '{"jsonrpc": "2.0", "error": {"code": -102, "message": "server busy"}, "id": 1}\n';
      if (count === 2) socket.write(late + reply(idOf(line), 'in time'));
    });
    const connection = await connected(port);
    await failure(connection.call('getinfo', [], 20));
    expect((await connection.call('getinfo', [], 5000)).result).toBe('in time');
  });

  test.each([
    ['that is not JSON', '{"jsonrpc": "2.0", "result": nonsense, "id": 1}\n'],
    ['that is not JSON, with the id before it', '{"jsonrpc": "2.0", "id": 1, "result": nonsense}\n'],
  ])('drops a late answer %s', async (_, late) => {
    const { port } = await served((line, socket, count) => {
      if (count === 2) socket.write(late + reply(idOf(line), 'in time'));
    });
    const connection = await connected(port, { maxResponseBytes: 50_000 });
    expect((await failure(connection.call('a', [], 50))).kind).toBe('timeout');
    expect((await connection.call('b', [], 5000)).result).toBe('in time');
  });

  test('in the middle of an answer ends the connection, because nothing can come before the rest of it', async () => {
    const { port } = await simulated({ getinfo: 'stall' });
    const connection = await connected(port);
    expect((await failure(connection.call('getinfo', [], 300))).kind).toBe('timeout');
    expect(connection.usable).toBe(false);
  });

  test('of one call leaves time for another that is waiting', async () => {
    const { port } = await served((line, socket, count) => {
      if (count === 3) socket.write(reply(2, 'second') + reply(idOf(line), 'third'));
    });
    const connection = await connected(port);
    const first = failure(connection.call('a', [], 20));
    const second = connection.call('b', [], 5000);
    expect((await first).kind).toBe('timeout');
    expect((await connection.call('c', [], 5000)).result).toBe('third');
    expect((await second).result).toBe('second');
  });
});
