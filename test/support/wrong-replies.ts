// Faults that send a wrong reply, each derived from the correct one.
import type { Fault } from '../../src/simulator/server.ts';

const LINE = /^(.*?"result": ?)(.*)(, ?"id": ?[^,{}]*\})\s*$/s;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A reply with another result, derived from the text of the correct one. */
export function result(make: (result: string) => string): Fault {
  return {
    mutate: (line) => line.replace(LINE, (_, head: string, text: string, tail: string) => head + make(text) + tail),
  };
}

/** The result with each of its numbers written in another way. Strings stay. */
export function numbers(write: (number: string) => string): Fault {
  return result((text) => text.replace(TOKEN, (token) => (token.startsWith('"') ? token : write(token))));
}

/** The result with `rows` more rows after its last, which they copy with 0 for each number and empty strings. An object becomes a list. */
export function manyRows(rows: number): Fault {
  return result((text) => {
    const table = JSON.parse(text) as unknown;
    const last: unknown = Array.isArray(table) ? table.at(-1) : {};
    const row = Array.isArray(last) ? last.map((cell) => (typeof cell === 'string' ? '' : 0)) : {};
    return `[${text.slice(1, -1)}${`,${JSON.stringify(row)}`.repeat(rows)}]`;
  });
}

/** The result with each row, or each key with its value, twice. */
export const twice: Fault = result((text) => `${text.slice(0, -1)},${text.slice(1)}`);

/** The message with these bytes, which may be no UTF-8, in an additional key and its value. */
export function withBytes(bytes: Buffer, sent?: 'dribble'): Fault {
  const member = Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('":"'), bytes, Buffer.from('",')]);
  return { ...(sent && { sent }), mutate: (line) => Buffer.concat([member, Buffer.from(line.slice(1))]) };
}

/** The same error `lines` times, with the id of the request or with null. */
export function errorStorm(lines: number, id?: null): Fault {
  const error = '"error":{"code":-101,"message":"excessive resource usage"}';
  return {
    mutate: (line) => {
      const asked = /"id": ?([^,{}]*)\}\s*$/.exec(line)?.[1] ?? '';
      return Array<string>(lines)
        .fill(`{"jsonrpc":"2.0",${error},"id":${id === null ? 'null' : asked}}`)
        .join('\n');
    },
  };
}
