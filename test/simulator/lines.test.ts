// Whatever comes, in whatever chunks: nothing is lost, mixed up or fatal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERAS, RULES } from '../../src/simulator/eras.ts';
import { RpcFault } from '../../src/simulator/replies/command.ts';
import { COMMANDS } from '../../src/simulator/replies/commands.ts';
import { invoke } from '../../src/simulator/replies/invoke.ts';
import { encode } from '../../src/simulator/replies/json.ts';
import { openDialogue, read } from '../../src/simulator/wire/dialogue.ts';
import { requestReader } from '../../src/simulator/wire/lines.ts';
import { createWorld } from '../../src/simulator/world/advance.ts';
import { connectTo, simulator } from './support/client.ts';

/** Cuts bytes into chunks of the given sizes, over and over. */
function chunks(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const cut: Buffer[] = [];
  for (let from = 0, n = 0; from < bytes.length; n++) {
    const size = sizes[n % sizes.length] ?? 1;
    cut.push(bytes.subarray(from, from + size));
    from += size;
  }
  return cut;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const lineBytes = fc.oneof(
  bytes,
  fc.json().map((text) => Buffer.from(text)),
  fc.constant(Buffer.from('{"method":1,"id":2}')),
);

describe('requestReader', () => {
  it('returns the lines that were sent, in any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), sizes, (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' '));
        const readLines = requestReader();
        const sent = Buffer.from(lines.map((text) => text + '\n').join(''));
        expect(chunks(sent, cuts).flatMap((chunk) => readLines(chunk).lines.map(String))).toEqual(lines);
      }),
    );
  });

  it('drops exactly the lines over the limit, and reports each once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30)), sizes, (lengths, cuts) => {
        const readLines = requestReader(10);
        const sent = Buffer.from(lengths.map((length) => 'x'.repeat(length) + '\n').join(''));
        const found = chunks(sent, cuts).map(readLines);
        expect(found.flatMap(({ lines }) => lines.map(({ length }) => length))).toEqual(lengths.filter((n) => n <= 10));
        const reported = found.filter(({ tooLong }) => tooLong).length;
        const tooLong = lengths.filter((n) => n > 10).length;
        expect(Math.sign(reported)).toBe(Math.sign(tooLong));
        expect(reported).toBeLessThanOrEqual(tooLong);
      }),
    );
  });
});

describe('read', () => {
  it('classifies every line, in every era', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ERAS), fc.array(lineBytes), (era, lines) => {
        const dialogue = openDialogue(era);
        for (const line of lines) expect(read(line, dialogue)).toHaveProperty('kind');
      }),
    );
  });
});

describe('invoke', () => {
  it('gives a result or an error for any params of any command', () => {
    const unexpected = fc.constantFrom<unknown>(
      { toString: 1 },
      [{ valueOf: null }],
      { __proto__: null },
      -1,
      1e300,
      true,
    );
    const params = fc.oneof(fc.array(fc.oneof(fc.jsonValue(), unexpected), { maxLength: 3 }), fc.object(), named());
    fc.assert(
      fc.property(fc.constantFrom(...ERAS), fc.constantFrom(...Object.keys(COMMANDS)), params, (era, method, given) => {
        const world = createWorld({ seed: 7, size: 3, scenario: 'calm', time: 0 });
        try {
          JSON.parse(encode(invoke(world, era, method, given), RULES[era]));
        } catch (error) {
          expect(error).toBeInstanceOf(RpcFault);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** Params by names that commands know, with any value. */
function named() {
  const names = [...new Set(Object.values(COMMANDS).flatMap(({ params }) => params))];
  return fc.dictionary(fc.constantFrom(...names), fc.jsonValue(), { maxKeys: 2 });
}

describe('the server', () => {
  it('survives any bytes in any chunks', async () => {
    const server = await simulator({ era: 'F', sessions: 0 });
    await fc.assert(
      fc.asyncProperty(fc.array(lineBytes, { maxLength: 8 }), sizes, async (lines, cuts) => {
        const client = await connectTo(server.port);
        for (const chunk of chunks(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])), cuts))
          client.write(chunk);
        const other = await connectTo(server.port);
        expect(await other.call('groups')).toEqual([]);
        other.end();
        client.end();
      }),
      { numRuns: 50 },
    );
  });
});
