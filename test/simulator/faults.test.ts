// The faults of the simulator, its restart as another process, and recorded replies.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/simulator/server.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { recorded } from '../support/fixtures.ts';
import { call, clocked, connectTo, simulator, START } from './support/client.ts';

const rawReply = async (fault: Fault) => {
  const server = await simulator({ era: 'F' });
  server.fail('getinfo', fault);
  const client = await connectTo(server.port);
  expect(await client.call('groups')).toEqual(expect.any(Array));
  return { client, line: await client.raw('getinfo') };
};

describe('a fault', () => {
  it('error: an internal error', async () => {
    const { line } = await rawReply('error');
    expect(line).toBe('{"jsonrpc":"2.0","error":{"code":-32603,"message":"internal server error"},"id":1}');
  });

  it('drop: no answer, and closed', async () => {
    const { client, line } = await rawReply('drop');
    expect(line).toBeUndefined();
    expect(await client.closed).toMatch(/^\{.*\}\n$/);
  });

  it('half: half an answer, and closed', async () => {
    const { client, line } = await rawReply('half');
    expect(line).toBeUndefined();
    expect(await client.closed).toMatch(/"result":\{"coin":[^\n]*$/);
  });

  it('garbage: no JSON', async () => {
    const { line = '' } = await rawReply('garbage');
    expect(() => void JSON.parse(line)).toThrow(SyntaxError);
  });

  it('not-rpc: JSON, but no reply', async () => {
    const { line = '' } = await rawReply('not-rpc');
    expect(JSON.parse(line)).not.toHaveProperty('id');
  });

  it('wrong-id: the reply to another request', async () => {
    const { line = '' } = await rawReply('wrong-id');
    expect(JSON.parse(line)).toMatchObject({ id: 987654321, result: { coin: 'Bitcoin' } });
  });

  it('no-id: the reply without its id', async () => {
    const { line = '' } = await rawReply('no-id');
    expect(JSON.parse(line)).toEqual({
      jsonrpc: '2.0',
      result: expect.objectContaining({ coin: 'Bitcoin' }) as object,
    });
  });

  it('dribble: the whole answer, three bytes at a time', async () => {
    const { line = '' } = await rawReply('dribble');
    expect(JSON.parse(line)).toMatchObject({ id: 1, result: { coin: 'Bitcoin' } });
  });

  it('mutate: the reply as the function returns it', async () => {
    const { client, line } = await rawReply({ mutate: (line) => `${line.length}\n${line}` });
    expect(await client.line()).toHaveLength(Number(line));
  });

  it('reset: no answer, and closed at once', async () => {
    const { line } = await rawReply('reset');
    expect(line).toBeUndefined();
  });

  it('stall: half an answer, and then nothing on that connection, though others are answered', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('getinfo', 'stall');
    const client = await connectTo(server.port);
    const answer = client.raw('getinfo');
    await expect.poll(() => client.received()).toMatch(/"result":\{"coin":[^\n]*$/);
    client.write('{"jsonrpc":"2.0","id":7,"method":"groups"}\n');
    expect(await call(server.port, 'groups')).toEqual(expect.any(Array));
    await server.stop();
    expect(await answer).toBeUndefined();
    expect(await client.closed).not.toContain('"id":7');
  });

  it('late: the answer comes before the next one', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('getinfo', 'late');
    const client = await connectTo(server.port);
    const late = client.raw('getinfo');
    await expect.poll(() => server.requests).toEqual(['getinfo']);
    client.write('{"jsonrpc":"2.0","id":7,"method":"groups"}\n');
    expect(JSON.parse((await late) ?? '')).toMatchObject({ id: 0, result: { coin: 'Bitcoin' } });
    expect(JSON.parse((await client.line()) ?? '')).toMatchObject({ id: 7 });
  });

  it('gone: no answer, and the server ends', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('getinfo', 'gone');
    expect(await (await connectTo(server.port)).raw('getinfo')).toBeUndefined();
    await server.ended;
    await expect(connectTo(server.port)).rejects.toThrow('ECONNREFUSED');
  });

  it('bytes: an answer over that size', async () => {
    const { line = '' } = await rawReply({ bytes: 100_000 });
    expect(line.length).toBeGreaterThan(100_000);
    expect(JSON.parse(line)).toMatchObject({ id: 1, result: { coin: 'Bitcoin' } });
  });

  it('bytes: more than a JavaScript string can hold, as far as they are read', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('getinfo', { bytes: 600e6 });
    const client = await connectTo(server.port);
    client.write('{"jsonrpc":"2.0","id":1,"method":"getinfo"}\n');
    await expect.poll(() => client.received().length).toBeGreaterThan(1e6);
    client.end();
    await client.closed;
  });

  it('hang: nothing, until it behaves again', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('*', 'hang');
    const client = await connectTo(server.port);
    const answer = client.call('reorg', [2]);
    await expect.poll(() => server.requests).toEqual(['reorg']);
    expect(server.world.db.height).toBe(server.world.daemon.height);
    server.recover();
    expect(await answer).toBe('scheduled a reorg of 2 blocks');
    expect(await client.call('getinfo')).toMatchObject({ coin: 'Bitcoin' });
  });

  it('remembers the last ten thousand requests', async () => {
    const server = await simulator({ era: 'F', sessions: 0, replies: { peers: '{"result": 1, "id": 0}' } });
    const client = await connectTo(server.port);
    client.write('{"jsonrpc": "2.0", "id": 0, "method": "getinfo"}\n');
    client.write('{"jsonrpc": "2.0", "id": 0, "method": "peers"}\n'.repeat(10_000));
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBe(10_000);
    await expect.poll(() => server.requests[0]).toBe('peers');
    expect(server.requests).toHaveLength(10_000);
  });

  it('stops while it hangs', async () => {
    const server = await simulator({ era: 'F' });
    server.fail('getinfo', 'hang');
    const client = await connectTo(server.port);
    const answer = client.raw('getinfo');
    await expect.poll(() => server.requests).toEqual(['getinfo']);
    await server.stop();
    expect(await answer).toBeUndefined();
    server.recover();
  });
});

describe('another process', () => {
  it('starts on the same port, with its own pid, uptime and session ids', async () => {
    const first = await clocked({ era: 'F', sessions: 5 });
    first.pass(3600);
    const before = (await call(first.port, 'getinfo')) as { pid: number; uptime: string };
    expect(before.uptime).toBe('01h 00m 00s');
    await first.stop();
    await expect(connectTo(first.port)).rejects.toThrow('ECONNREFUSED');
    const second = await simulator({ era: 'F', port: first.port, now: () => START + 3600_001 });
    const after = (await call(second.port, 'getinfo')) as typeof before;
    expect(after.uptime).toBe('00s');
    expect(after.pid).not.toBe(before.pid);
    expect(await call(second.port, 'sessions')).toEqual(expect.arrayContaining([expect.arrayContaining([0])]));
  });

  it('does not start on a port that is taken', async () => {
    const { port } = await simulator({ era: 'F' });
    await expect(startSimulator({ era: 'F', port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('recorded replies', () => {
  it('are given as they are, with the id of the request', async () => {
    for (const [release, id] of [
      ['kyuupichan-1.13.0', '"id": 7'],
      ['spesmilo-1.20.0', '"id":7'],
    ] as const) {
      const replies = recorded(release, 'busy');
      const { port } = await simulator({ era: 'F', replies });
      const client = await connectTo(port);
      client.write('{"jsonrpc": "2.0", "id": 7, "method": "peers"}\n');
      expect(await client.line()).toBe(replies.peers.replace(/"id": ?0/, id));
      expect(await client.call('reorg', [1])).toBe('scheduled a reorg of 1 blocks');
    }
  });
});

describe('ten thousand sessions', () => {
  it.each(['getinfo', 'groups', 'sessions', 'peers'])(
    'are in the reply to %s in less than a second',
    async (method) => {
      const server = await simulator({ era: 'G', sessions: 10_000 });
      const client = await connectTo(server.port);
      const tries = [];
      for (let n = 0; n < 3; n++) {
        const began = performance.now();
        await client.raw(method);
        tries.push(performance.now() - began);
      }
      expect(Math.min(...tries)).toBeLessThan(1000);
    },
  );
});
