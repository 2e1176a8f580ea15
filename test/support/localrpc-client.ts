// Servers and connections for tests of LocalRPC's client, which end with the test.
import { once } from 'node:events';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import { connect, type Connection } from '../../src/localrpc/client.ts';
import type { RpcError } from '../../src/localrpc/errors.ts';
import { startSimulator, type Fault } from '../../src/simulator/server.ts';

export const SOON = { timeoutMs: 5000, maxResponseBytes: 10_000 };

export async function simulated(faults: Record<string, Fault> = {}) {
  const simulator = await startSimulator({ era: 'E3', sessions: 3 });
  onTestFinished(() => simulator.stop());
  for (const [method, fault] of Object.entries(faults)) simulator.fail(method, fault);
  return simulator;
}

/** A server that hears lines and answers by hand. */
export async function served(hear: (line: string, socket: net.Socket, count: number) => void) {
  const sockets: net.Socket[] = [];
  let count = 0;
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (text + chunk).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) hear(line, socket, ++count);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as net.AddressInfo).port, sockets };
}

export async function connected(port: number, options: Partial<typeof SOON> = {}): Promise<Connection<string>> {
  const connection = await connect<string>({ host: '127.0.0.1', port }, { ...SOON, ...options });
  onTestFinished(() => connection.close());
  return connection;
}

export const idOf = (line: string): unknown => (JSON.parse(line) as { id: unknown }).id;
export const reply = (id: unknown, result: unknown) => `${JSON.stringify({ jsonrpc: '2.0', result, id })}\n`;
export const failure = (promise: Promise<unknown>): Promise<RpcError> =>
  promise.then(
    (value) => Promise.reject(new Error(`not rejected: ${JSON.stringify(value)}`)),
    (error: unknown) => error as RpcError,
  );
