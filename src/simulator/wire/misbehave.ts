// Ways in which a server can fail its client after it has understood it.
import type net from 'node:net';

/** Another line than the true one. */
const LINES = {
  garbage: () => 'HTTP/1.1 400 Bad Request\r',
  'not-rpc': () => '{"hello": "world"}',
  'wrong-id': (line: string) => withId(line, '987654321'),
  'no-id': (line: string) => line.replace(/, ?"id": ?[^,{}]*(?=\}\s*$)/, ''),
} as const;

/** The true line, sent badly. */
const SENDINGS = {
  drop: (socket: net.Socket) => void socket.end(),
  reset: (socket: net.Socket) => void socket.resetAndDestroy(),
  half: (socket: net.Socket, line: Buffer) => void socket.end(firstHalf(line)),
  stall: (socket: net.Socket, line: Buffer) => void socket.write(firstHalf(line)),
  dribble: (socket: net.Socket, line: Buffer) => dribble(socket, line),
} as const;

/**
 * No answer: `hang`, until the simulator behaves again · `late`, until the next request on that connection · `gone`, and the server ends.
 * Badly sent: `drop` closes without an answer · `reset` the same, by a reset · `half` sends half of it, then closes · `stall` sends half
 * of it, then nothing more on that connection · `dribble` three bytes at a time.
 * Another answer: `error`, an internal error · `garbage` is not JSON · `not-rpc` is JSON, but no answer · `no-id` answers nobody ·
 * `wrong-id` answers something else · `bytes` is padded to more than that · `spoil` makes another line of the true one, or several,
 * which can be badly `sent` as well.
 */
export type Fault =
  | 'hang'
  | 'late'
  | 'gone'
  | 'error'
  | keyof typeof LINES
  | keyof typeof SENDINGS
  | { readonly bytes: number }
  | { readonly spoil: (line: string) => string | Buffer; readonly sent?: 'dribble' };

const ID = /("id": ?)[^,{}]*(?=\}\s*$)/;

/** Puts another id into a reply line that ends with its id, as every server's does. */
export const withId = (line: string, id: string): string => line.replace(ID, (_, key: string) => key + id);

/** Sends a reply line, well or badly. */
export function deliver(socket: net.Socket, line: string, fault: Fault | undefined): void {
  if (typeof fault === 'object' && 'bytes' in fault) return pad(socket, line, fault.bytes);
  const { spoil, sent } =
    typeof fault === 'object' ? fault : { spoil: isIn(LINES, fault) && LINES[fault], sent: fault };
  const spoiled = spoil ? spoil(line) : line;
  const bytes = typeof spoiled === 'string' ? Buffer.from(`${spoiled}\n`) : Buffer.concat([spoiled, NEWLINE]);
  if (isIn(SENDINGS, sent)) SENDINGS[sent](socket, bytes);
  else socket.write(bytes);
}

const NEWLINE = Buffer.from('\n');

function isIn<Table extends object>(table: Table, fault: PropertyKey | undefined): fault is keyof Table {
  return fault !== undefined && Object.hasOwn(table, fault);
}

const firstHalf = (line: Buffer): Buffer => line.subarray(0, Math.ceil(line.length / 2));

/** Each three bytes wait until those before them have left. */
function dribble(socket: net.Socket, rest: Buffer): void {
  if (rest.length > 0 && socket.writable) socket.write(rest.subarray(0, 3), () => dribble(socket, rest.subarray(3)));
}

const PADDING = Buffer.alloc(65_536, ' ');

/** Puts blanks before the last character of the line, no more at a time than the socket takes. */
function pad(socket: net.Socket, line: string, bytes: number): void {
  const more = (left: number) => {
    if (left <= 0) socket.write(`${line.slice(-1)}\n`);
    else if (socket.writable) socket.write(PADDING.subarray(0, left), () => more(left - PADDING.length));
  };
  socket.write(line.slice(0, -1));
  more(bytes + 1 - Buffer.byteLength(line));
}
