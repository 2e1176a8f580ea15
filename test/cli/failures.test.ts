// What electrumx-rpc says when the server is away, slow, strange or angry: one sentence on stderr, and exit code 1.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { parseCommandLine } from '../../src/cli/args/parse.ts';
import { RpcError } from '../../src/localrpc/errors.ts';
import { BIN, electrumxRpc } from './support/bin.ts';
import { failure, HANG_UP, result, SILENCE, startReplay } from './support/replay.ts';

async function against(answers: Record<string, string>, args: readonly string[]) {
  const replay = await startReplay(answers);
  const finished = await electrumxRpc([...args, '-p', String(replay.port), '--host', '127.0.0.1']);
  await replay.close();
  expect(finished.stdout).toBe('');
  expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
  return { ...finished, where: `127.0.0.1:${replay.port}` };
}

describe('a failure names the port and what to check', () => {
  it('when nothing listens', async () => {
    const replay = await startReplay({});
    await replay.close();
    const { code, stdout, stderr } = await electrumxRpc(['getinfo', '-p', String(replay.port)]);
    expect(stderr).toContain(`localhost:${replay.port}: cannot connect: ECONNREFUSED`);
    for (const hint of ['running', 'catching up', 'rpc://', '1.12', 'RPC_PORT']) expect(stderr).toContain(hint);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('when the host has no such name', async () => {
    const { code, stderr } = await electrumxRpc(['getinfo', '--host', 'nowhere.invalid']);
    expect(stderr).toMatch(/^electrumx-rpc: nowhere\.invalid:8000: cannot connect: (ENOTFOUND|EAI_AGAIN); is nowhere/);
    expect(stderr).toContain('is nowhere.invalid the right --host?');
    expect(stderr).not.toContain('rpc://');
    expect(code).toBe(1);
  });

  it('when the reply is too long to read', () => {
    const wish = parseCommandLine(['sessions', '-p', '8001'], {});
    if (!('request' in wish)) throw new Error('no request');
    expect(explain(new RpcError('too_large', 'the reply is over 9 bytes'), wish.request)).toBe(
      'localhost:8001: the reply is over 9 bytes; is 8001 the RPC port (-p, RPC_PORT) of an ElectrumX?',
    );
  });

  it('when the server does not answer in time', async () => {
    const { code, stderr, where } = await against({ getinfo: SILENCE }, ['getinfo', '--timeout', '0.3']);
    expect(stderr).toContain(`${where}: no answer within 0.3 s`);
    expect(code).toBe(1);
  });

  it('when the server hangs up', async () => {
    const { code, stderr, where } = await against({ getinfo: HANG_UP }, ['getinfo']);
    expect(stderr).toContain(`${where}: hung up before it answered`);
    expect(code).toBe(1);
  });

  it('when the server hangs up instead of confirming that it stops', async () => {
    const { code, stderr } = await against({ stop: HANG_UP }, ['stop']);
    expect(stderr).toContain('have obeyed stop');
    expect(code).toBe(1);
  });

  it('when it is no ElectrumX', async () => {
    const web = net.createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const { code, stderr } = await electrumxRpc(['getinfo', '-p', String(port)]);
    web.close();
    expect(stderr).toContain(`localhost:${port}: the reply is not JSON; is ${port} the RPC port`);
    expect(code).toBe(1);
  });

  it('when the server is too old for the command', async () => {
    const { code, stderr } = await against({}, ['query', 'address']);
    expect(stderr).toContain('unknown method "query" (code -32601); query is there since 1.8');
    expect(code).toBe(1);
  });

  it('when the server refuses, with its words escaped', async () => {
    const reorg = failure(1, 'still catching\x1b[2J up\u202e with daemon');
    const { code, stderr } = await against({ reorg }, ['reorg']);
    expect(stderr).toContain('answered reorg with an error: still catching\\x1b[2J up\\u202e with daemon (code 1)');
    expect(code).toBe(1);
  });
});

describe('output that finds no room', () => {
  it.runIf(existsSync('/dev/full'))('is a failure, and said', async () => {
    const replay = await startReplay({ getinfo: result({ pid: 7 }) });
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [BIN, 'getinfo', '-p', String(replay.port)], {
      stdio: ['ignore', full, 'pipe'],
    });
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    closeSync(full);
    await replay.close();
    expect({ code, complaint }).toEqual({
      code: 1,
      complaint: expect.stringMatching(/^electrumx-rpc: cannot write to the standard output: ENOSPC.*\n$/) as string,
    });
  });
});

describe('the end of a pipe', () => {
  it('is no crash', async () => {
    const row = [0, 'T10', '203.0.113.7:1', 'electrum', '1.4', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.5];
    const replay = await startReplay({ sessions: result(Array(5000).fill(row)) });
    const child = spawn(process.execPath, [BIN, 'sessions', '-p', String(replay.port)]);
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number];
    await replay.close();
    expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
  });
});
