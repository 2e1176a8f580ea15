// Ways in which a server can fail its client after it has understood it.
import type net from 'node:net';

/**
 * `hang`: no answer until the simulator behaves again · `error`: an internal error · `drop`: closed without an answer ·
 * `half`: half an answer, then closed · `garbage`: a line that is not JSON · `wrong-id`: the answer to something else ·
 * `not-rpc`: JSON, but no answer · `dribble`: byte by byte · `bytes`: an answer padded to more than that.
 */
export type Fault =
  'hang' | 'error' | 'drop' | 'half' | 'garbage' | 'wrong-id' | 'not-rpc' | 'dribble' | { readonly bytes: number };

const ID = /("id": ?)[^,{}]*(?=\}\s*$)/;

/** Puts another id into a reply line that ends with its id, as every server's does. */
export const withId = (line: string, id: string): string => line.replace(ID, (_, key: string) => key + id);

/** Sends a reply line, well or badly. */
export function deliver(socket: net.Socket, line: string, fault: Fault | undefined): void {
  if (typeof fault === 'object') {
    socket.write(`${line.slice(0, -1)}${' '.repeat(Math.max(0, fault.bytes + 1 - line.length))}${line.slice(-1)}\n`);
    return;
  }
  switch (fault) {
    case 'drop':
      return void socket.end();
    case 'half':
      return void socket.end(line.slice(0, Math.ceil(line.length / 2)));
    case 'garbage':
      return void socket.write('HTTP/1.1 400 Bad Request\r\n');
    case 'wrong-id':
      return void socket.write(withId(line, '987654321') + '\n');
    case 'not-rpc':
      return void socket.write('{"hello": "world"}\n');
    case 'dribble':
      return dribble(socket, line + '\n');
    case 'hang':
    case 'error':
    case undefined:
      socket.write(line + '\n');
  }
}

/** Each byte waits until the one before it has left. */
function dribble(socket: net.Socket, text: string, from = 0): void {
  if (from < text.length && socket.writable)
    socket.write(text.slice(from, from + 1), () => dribble(socket, text, from + 1));
}
