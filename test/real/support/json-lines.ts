// A plain newline-framed JSON-RPC connection, written apart from src/rpc so that one can judge the other.
import net from 'node:net';

export interface Line {
  /** Asks and gives the result; rejects with the server's error message, or when the connection ends first. */
  call(method: string, params?: readonly unknown[] | Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Resolves when the other side, or we, have closed it. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  /** Bytes written so far, newlines included. */
  readonly bytesSent: number;
  /** `address:port` of this end, as a server names its client. */
  readonly localAddress: string;
  close(): void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Connects to a loopback port, from the address `from` if one is given. */
export async function openLine(port: number, from?: string): Promise<Line> {
  const socket = net.connect({ host: '127.0.0.1', port, ...(from !== undefined && { localAddress: from }) });
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const waiting = new Map<number, Waiting>();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  void closed.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the connection ended before the reply'));
  });
  const localEnd = `${socket.localAddress ?? ''}:${socket.localPort ?? ''}`;
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) settle(waiting, line);
  });
  let id = 0;
  return {
    call: (method, params = []) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error('the connection is closed'));
        id += 1;
        waiting.set(id, { resolve, reject });
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      }),
    closed,
    get isClosed() {
      return socket.destroyed;
    },
    get bytesSent() {
      return socket.bytesWritten;
    },
    localAddress: localEnd,
    close: () => socket.destroy(),
  };
}

/** Passes a reply to its request. Notifications, which have no id, are ignored. */
function settle(waiting: Map<number, Waiting>, line: string): void {
  const message = JSON.parse(line) as { id?: number; result?: unknown; error?: { message: string } | null };
  if (message.id === undefined) return;
  const asker = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error !== undefined && message.error !== null) asker?.reject(new Error(message.error.message));
  else asker?.resolve(message.result);
}
