// The four queries in their plainest form: what a scrape cannot do without.
import { once } from 'node:events';
import net from 'node:net';

export const METHODS = ['getinfo', 'groups', 'sessions', 'peers'] as const;

/** Sends all four over one connection, one after the other. `decode` gets the bytes of each reply in turn. */
export async function query<T>(port: number, decode: (line: Buffer) => T): Promise<T[]> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const results: T[] = [];
  for (const [i, method] of METHODS.entries()) {
    socket.write(`${JSON.stringify({ jsonrpc: '2.0', id: i + 1, method, params: [] })}\n`);
    results.push(decode(await replyLine(socket)));
  }
  socket.destroy();
  return results;
}

/** The next line: nothing else is under way, so it ends where a chunk ends with a newline. */
function replyLine(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const take = (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunk.at(-1) !== 10) return;
      socket.off('data', take).off('close', lost);
      resolve(Buffer.concat(chunks));
    };
    const lost = () => reject(new Error('the upstream closed the connection'));
    socket.on('data', take).once('close', lost);
  });
}

/** The four replies as text. */
export function readReplies(port: number): Promise<string[]> {
  return query(port, (line) => line.toString());
}
