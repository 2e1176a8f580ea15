// A LocalRPC port that gives recorded answers, and writes down what it was asked.
import net from 'node:net';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly params: unknown;
}

/** In the place of a reply line: close the connection, or say nothing. */
export const HANG_UP = 'hang up';
export const SILENCE = 'silence';

export interface Replay {
  readonly port: number;
  readonly calls: readonly Call[];
  /** How many connections were made. */
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

/** Answers each method with `answers[method]`; the id of a line is exchanged for the one that was asked with. */
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
        if (answer === HANG_UP) socket.destroy();
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
