// Faults: ways in which a server can fail to reply to a request that it understood.

/** Where a line is written to: a socket, or a WebSocket. */
export interface Outlet {
  readonly writable: boolean;
  write(bytes: Buffer | string, sent?: () => void): unknown;
  end(): unknown;
  resetAndDestroy(): unknown;
}

/** Faults that replace the line. */
const LINES = {
  garbage: () => 'HTTP/1.1 400 Bad Request\r',
  'not-rpc': () => '{"hello": "world"}',
  'wrong-id': (line: string) => withId(line, '987654321'),
  'no-id': (line: string) => line.replace(/, ?"id": ?[^,{}]*(?=\}\s*$)/, ''),
} as const;

/** Faults that send the line badly. */
const SENDINGS = {
  drop: (outlet: Outlet) => void outlet.end(),
  reset: (outlet: Outlet) => void outlet.resetAndDestroy(),
  half: (outlet: Outlet, line: Buffer) => {
    outlet.write(firstHalf(line));
    outlet.end();
  },
  stall: (outlet: Outlet, line: Buffer) => void outlet.write(firstHalf(line)),
  dribble: (outlet: Outlet, line: Buffer) => dribble(outlet, line),
} as const;

/**
 * No reply: `hang`, until `recover` · `late`, until the next request on that connection · `gone`, and the server ends.
 * Badly sent: `drop` closes without a reply · `reset` the same, by a reset · `half` sends half of it, then closes · `stall` sends half
 * of it, then nothing more on that connection · `dribble` three bytes at a time.
 * Another reply: `error`, an internal error · `garbage` is not JSON · `not-rpc` is JSON, but no reply · `no-id` lacks the id ·
 * `wrong-id` has another id · `bytes` is padded to more than that · `mutate` replaces the line by another one, or several, which can be
 * badly `sent` as well.
 */
export type Fault =
  | 'hang'
  | 'late'
  | 'gone'
  | 'error'
  | keyof typeof LINES
  | keyof typeof SENDINGS
  | { readonly bytes: number }
  | { readonly mutate: (line: string) => string | Buffer; readonly sent?: 'dribble' };

/** The faults in force: by method, by step of a connection, or `*` for all methods. Keeps the replies that wait for their end. */
export function createFaults<AnyFault>() {
  const faults = new Map<string, AnyFault>();
  const held: (() => void)[] = [];
  return {
    fail: (at: string, fault: AnyFault) => void faults.set(at, fault),
    recover: () => {
      faults.clear();
      for (const resume of held.splice(0)) resume();
    },
    at: (step: string) => faults.get(step),
    of: (method: string) => faults.get(method) ?? faults.get('*'),
    hold: (resume: () => void) => void held.push(resume),
  };
}

const ID = /("id": ?)[^,{}]*(?=\}\s*$)/;

/** Puts another id into a reply line that ends with its id, as every server's does. */
export const withId = (line: string, id: string): string => line.replace(ID, (_, key: string) => key + id);

/** Sends a reply line, well or badly. */
export function deliver(outlet: Outlet, line: string, fault: Fault | undefined): void {
  if (typeof fault === 'object' && 'bytes' in fault) return pad(outlet, line, fault.bytes);
  const { mutate, sent } =
    typeof fault === 'object' ? fault : { mutate: isIn(LINES, fault) && LINES[fault], sent: fault };
  const text = mutate ? mutate(line) : line;
  const bytes = typeof text === 'string' ? Buffer.from(`${text}\n`) : Buffer.concat([text, NEWLINE]);
  if (isIn(SENDINGS, sent)) SENDINGS[sent](outlet, bytes);
  else outlet.write(bytes);
}

const NEWLINE = Buffer.from('\n');

function isIn<Table extends object>(table: Table, fault: PropertyKey | undefined): fault is keyof Table {
  return fault !== undefined && Object.hasOwn(table, fault);
}

const firstHalf = (line: Buffer): Buffer => line.subarray(0, Math.ceil(line.length / 2));

/** Each three bytes wait until those before them have left. */
function dribble(outlet: Outlet, rest: Buffer): void {
  if (rest.length > 0 && outlet.writable) outlet.write(rest.subarray(0, 3), () => dribble(outlet, rest.subarray(3)));
}

const PADDING = Buffer.alloc(65_536, ' ');

/** Inserts blanks before the last character of the line, no more at a time than the outlet takes. */
function pad(outlet: Outlet, line: string, bytes: number): void {
  const more = (left: number) => {
    if (left <= 0) outlet.write(`${line.slice(-1)}\n`);
    else if (outlet.writable) outlet.write(PADDING.subarray(0, left), () => more(left - PADDING.length));
  };
  outlet.write(line.slice(0, -1));
  more(bytes + 1 - Buffer.byteLength(line));
}
