// A LocalRPC port that sends recorded replies, and records the calls.
import net from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly params: unknown;
}

/** Instead of a reply line: close the connection, or send nothing. */
export const CLOSE = 'close';
export const SILENCE = 'silence';

export interface Replay {
  readonly port: number;
  readonly calls: readonly Call[];
  /** The number of connections so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

/** The reply line to a result. */
export function result(value: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', result: value, id: 0 });
}

/** The reply line to an error. */
export function failure(code: number, message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: 0 });
}

/** Replies to each method with `answers[method]`, in which the id is replaced by that of the request. */
export async function startReplay(answers: Readonly<Record<string, string>>, port = 0): Promise<Replay> {
  const calls: Call[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket)));
    socket.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n')) {
        const { id, ...call } = JSON.parse(line) as Call & { id: number };
        calls.push({ method: call.method, params: call.params });
        const answer = answers[call.method] ?? failure(-32601, `unknown method "${call.method}"`);
        if (answer === CLOSE) socket.destroy();
        else if (answer !== SILENCE) socket.write(answer.replace(/"id": ?0\}\s*$/, `"id": ${id}}\n`));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    calls,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
