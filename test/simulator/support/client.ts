// A plain TCP client for tests of the simulator: sends strings unchanged and returns the replies as lines.
import { once } from 'node:events';
import net from 'node:net';
import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../../src/simulator/server.ts';

/** Starts a simulator that stops when the test does. Its clock does not advance, unless `now` is given. */
export async function simulator(options: SimulatorOptions): Promise<Simulator> {
  const started = await startSimulator({ seed: 7, sessions: 20, now: () => START, ...options });
  onTestFinished(() => started.stop());
  return started;
}

/** The time of the clock of these tests: 2023-11-14T22:13:20Z. */
export const START = 1_700_000_000_000;

/** A simulator with a clock that the test moves by seconds. */
export async function clocked(options: SimulatorOptions): Promise<Simulator & { pass: (seconds: number) => void }> {
  let now = START;
  const started = await simulator({ ...options, now: () => now });
  return Object.assign(Object.create(started) as Simulator, {
    pass: (seconds: number) => void (now += seconds * 1000),
  });
}

export interface Client {
  write(text: string | Buffer): void;
  /** What was received so far. */
  received(): string;
  /** The next line, without its newline; undefined once the server has closed the connection. */
  line(): Promise<string | undefined>;
  /** The reply to one request, unparsed; undefined if the server closed the connection instead. */
  raw(method: string, params?: unknown): Promise<string | undefined>;
  /** The result, or the error, of one request. */
  call(method: string, params?: unknown): Promise<unknown>;
  /** Closes the connection. */
  end(): void;
  /** Resolves with everything that was received, once the connection is closed. */
  readonly closed: Promise<string>;
}

export async function connectTo(port: number): Promise<Client> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  let seen = 0;
  let id = 0;
  let wake: () => void = () => undefined;
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  socket.on('close', () => wake());
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const line = async () => {
    let end = text.indexOf('\n', seen);
    while (end < 0 && !socket.closed) {
      await new Promise<void>((resolve) => (wake = resolve));
      end = text.indexOf('\n', seen);
    }
    if (end < 0) return undefined;
    const found = text.slice(seen, end);
    seen = end + 1;
    return found;
  };
  const raw = (method: string, params: unknown = []) => {
    socket.write(JSON.stringify({ jsonrpc: '2.0', id: id++, method, params }) + '\n');
    return line();
  };
  return {
    write: (bytes) => void socket.write(bytes),
    end: () => void socket.end(),
    received: () => text,
    line,
    raw,
    closed,
    call: async (method, params) => {
      const reply = JSON.parse((await raw(method, params)) ?? '{}') as { result?: unknown; error?: unknown };
      return reply.error ?? reply.result;
    },
  };
}

/** Sends one request on a connection of its own, which is closed when this resolves. */
export async function call(port: number, method: string, params?: unknown): Promise<unknown> {
  const client = await connectTo(port);
  const answer = await client.call(method, params);
  client.end();
  await client.closed;
  return answer;
}
