// Failed calls of electrumx-rpc: one sentence on stderr, and exit code 1.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { parseCommandLine } from '../../src/cli/args/parse.ts';
import { RpcError } from '../../src/localrpc/errors.ts';
import { BIN, electrumxRpc } from './support/bin.ts';
import { failure, CLOSE, result, SILENCE, startReplay } from './support/replay.ts';

/** A file in test/fixtures/web-config. */
const webFixture = (name: string) => readFileSync(new URL(`../fixtures/web-config/${name}`, import.meta.url));

async function against(answers: Record<string, string>, args: readonly string[]) {
  const replay = await startReplay(answers);
  const finished = await electrumxRpc([...args, '-p', String(replay.port), '--host', '127.0.0.1']);
  await replay.close();
  expect(finished.stdout).toBe('');
  expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
  return { ...finished, where: `127.0.0.1:${replay.port}` };
}

describe('the error names the port and what to check', () => {
  it('when nothing listens', async () => {
    const replay = await startReplay({});
    await replay.close();
    const { code, stdout, stderr } = await electrumxRpc(['getinfo', '-p', String(replay.port)]);
    expect(stderr).toContain(`localhost:${replay.port}: cannot connect: ECONNREFUSED`);
    for (const hint of ['running', 'catching up', 'rpc://', '1.12', 'RPC_PORT']) expect(stderr).toContain(hint);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('when the host name does not resolve', async () => {
    const { code, stderr } = await electrumxRpc(['getinfo', '--host', 'nowhere.invalid']);
    expect(stderr).toMatch(/^electrumx-rpc: nowhere\.invalid:8000: cannot connect: (ENOTFOUND|EAI_AGAIN); is nowhere/);
    expect(stderr).toContain('is nowhere.invalid the right --host?');
    expect(stderr).not.toContain('rpc://');
    expect(code).toBe(1);
  });

  it('when the reply is over the byte limit', () => {
    const parsed = parseCommandLine(['sessions', '-p', '8001'], {});
    if (!('call' in parsed)) throw new Error('no call');
    expect(explain(new RpcError('too_large', 'the reply is over 9 bytes'), parsed.call)).toBe(
      'localhost:8001: the reply is over 9 bytes; is 8001 the LocalRPC port (-p, RPC_PORT) of ElectrumX?',
    );
  });

  it('when the server does not answer in time', async () => {
    const { code, stderr, where } = await against({ getinfo: SILENCE }, ['getinfo', '--timeout', '0.3']);
    expect(stderr).toContain(`${where}: no reply within 0.3 s`);
    expect(code).toBe(1);
  });

  it('when the server closes the connection', async () => {
    const { code, stderr, where } = await against({ getinfo: CLOSE }, ['getinfo']);
    expect(stderr).toContain(`${where}: the server closed the connection before it replied`);
    expect(code).toBe(1);
  });

  it('when the server stops without a reply', async () => {
    const { code, stderr } = await against({ stop: CLOSE }, ['stop']);
    expect(stderr).toContain('some releases execute stop without a reply');
    expect(code).toBe(1);
  });

  it('when the server is too old for the command', async () => {
    const { code, stderr } = await against({}, ['query', 'address']);
    expect(stderr).toContain('unknown method "query" (code -32601); query needs ElectrumX 1.8');
    expect(code).toBe(1);
  });

  it('when the server refuses, with its message escaped', async () => {
    const reorg = failure(1, 'still catching\x1b[2J up\u202e with daemon');
    const { code, stderr } = await against({ reorg }, ['reorg']);
    expect(stderr).toContain('replied to reorg with an error: still catching\\x1b[2J up\\u202e with daemon (code 1)');
    expect(code).toBe(1);
  });
});

describe('the error names the kind of port', () => {
  /** The error of `getinfo` at a server that is not LocalRPC. */
  async function errorAt(server: net.Server): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { code, stdout, stderr } = await electrumxRpc(['getinfo', '-p', String(port), '--host', '127.0.0.1']);
    server.close();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^electrumx-rpc: 127\\.0\\.0\\.1:${port}: .*use ElectrumX's LocalRPC port, .*\n$`),
    );
    return stderr;
  }
  const sendsAndCloses = (bytes: string) => net.createServer((socket) => void socket.end(bytes, 'latin1'));

  it('when it is a client port that does not know getinfo', async () => {
    const { stderr } = await against({}, ['getinfo']);
    expect(stderr).toContain('unknown method "getinfo" (code -32601); this looks like a client port');
  });

  it('when it is a client port that requires the handshake', async () => {
    const handshake = failure(1, 'use server.version to identify client');
    const { stderr } = await against({ reorg: handshake }, ['reorg']);
    expect(stderr).toContain('use server.version to identify client (code 1); this looks like a client port');
  });

  it('when it is a client port that sends notifications', async () => {
    const notification = '{"jsonrpc": "2.0", "method": "blockchain.relayfee", "params": []}\n';
    expect(await errorAt(sendsAndCloses(notification))).toContain('this looks like a client port');
  });

  it('when it is a TLS port', async () => {
    const tlsServer = tls.createServer({ cert: webFixture('server.pem'), key: webFixture('server.key') });
    expect(await errorAt(tlsServer)).toContain(
      'this looks like a TLS port or a WebSocket port, unless ElectrumX is shutting down',
    );
  });

  it('when it is a TLS port that sends an alert', async () => {
    expect(await errorAt(sendsAndCloses('\x15\x03\x01\x00\x02\x02\x46'))).toContain('this looks like a TLS port:');
  });

  it('when it is an HTTP server', async () => {
    expect(await errorAt(http.createServer())).toContain(
      "the reply is not JSON; this looks like an HTTP port, such as bitcoind's RPC port",
    );
  });

  it('when it is another program', async () => {
    expect(await errorAt(sendsAndCloses('SSH-2.0-OpenSSH_9.2p1\r\n'))).toContain(
      'the reply is not JSON; this looks like the port of another program',
    );
  });

  it('when it is bitcoind', async () => {
    // what libevent writes when the request line has no HTTP version
    const reply = 'HTTP/0.0 405 Method Not Allowed\r\nContent-Type: text/html; charset=ISO-8859-1\r\n\r\n';
    expect(await errorAt(sendsAndCloses(reply))).toContain("this looks like an HTTP port, such as bitcoind's RPC port");
  });
});

describe('output to a full disk', () => {
  it.runIf(existsSync('/dev/full'))('is an error', async () => {
    const replay = await startReplay({ getinfo: result({ pid: 7 }) });
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [BIN, 'getinfo', '-p', String(replay.port)], {
      stdio: ['ignore', full, 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    closeSync(full);
    await replay.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^electrumx-rpc: cannot write to the standard output: ENOSPC.*\n$/) as string,
    });
  });
});

describe('a pipe that is closed by its reader', () => {
  it('is not an error', async () => {
    const row = [0, 'T10', '203.0.113.7:1', 'electrum', '1.4', 0, 0, 0, 0, 0, 0, 0, 0, 0, 1.5];
    const replay = await startReplay({ sessions: result(Array(5000).fill(row)) });
    const child = spawn(process.execPath, [BIN, 'sessions', '-p', String(replay.port)]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = (await once(child, 'close')) as [number];
    await replay.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
