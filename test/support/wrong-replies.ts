// Answers that are wrong in what they say, each made of the text of the true one.
import type { Fault } from '../../src/simulator/server.ts';

const LINE = /^(.*?"result": ?)(.*)(, ?"id": ?[^,{}]*\})\s*$/s;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** An answer with another result, made of the text of the true one. */
export function result(make: (result: string) => string): Fault {
  return {
    mutate: (line) => line.replace(LINE, (_, head: string, text: string, tail: string) => head + make(text) + tail),
  };
}

/** The result with each of its numbers written otherwise; texts stay. */
export function numbers(write: (number: string) => string): Fault {
  return result((text) => text.replace(TOKEN, (token) => (token.startsWith('"') ? token : write(token))));
}

/** The result with so many more rows behind its own, like its last but with 0 for each number and no text. An object becomes a list. */
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

/** The message with bytes in it that are, or are not, text: in a key and a value that mean nothing. */
export function withBytes(bytes: Buffer, sent?: 'dribble'): Fault {
  const member = Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('":"'), bytes, Buffer.from('",')]);
  return { ...(sent && { sent }), mutate: (line) => Buffer.concat([member, Buffer.from(line.slice(1))]) };
}

/** The same error so many times, for the one who asked or for nobody. */
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
