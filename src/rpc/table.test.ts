// Long tables come row by row as JSON.parse would have them, whatever is in their texts, and however it is cut.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RpcError } from './errors.ts';
import { tableIn } from './table.ts';

const PLAIN = [
  7,
  'T10',
  '203.0.113.7:40098',
  'electrum/4.5.5',
  '1.4.2',
  5.5,
  0.25,
  1,
  2,
  36,
  40,
  9000,
  41,
  12_000,
  60.5,
];
const LONG: unknown[][] = Array.from({ length: 2000 }, (_, id) => PLAIN.with(0, id));

/** What a server would send; `space` is what it writes behind commas and colons. */
function lineOf(rows: string, space = ''): string {
  return `{"jsonrpc":${space}"2.0",${space}"result":${space}${rows},${space}"id":${space}3}`;
}

function rowsIn(line: string): unknown[] {
  const table = tableIn(line);
  if (!table) throw new Error('no table');
  return [...table.slices].flat();
}

function read(line: string): unknown {
  try {
    return rowsIn(line);
  } catch (error) {
    if (error instanceof RpcError) return error.kind;
    throw error;
  }
}

/** What JSON.parse makes of the whole line. */
function expected(line: string): unknown {
  try {
    return (JSON.parse(line) as { result: unknown }).result;
  } catch {
    return 'protocol';
  }
}

describe('a long table', () => {
  test('is parsed row by row, and its line is what stands around it', () => {
    const line = lineOf(JSON.stringify(LONG));
    expect(rowsIn(line)).toEqual(LONG);
    expect(tableIn(line)?.line).toBe('{"jsonrpc":"2.0","result":[],"id":3}');
  });

  test.each([
    ['with spaces, as Python writes by default', lineOf(JSON.stringify(LONG).replaceAll(',', ', '), ' ')],
    ['with the id in front', `{"jsonrpc":"2.0","id":3,"result":${JSON.stringify(LONG)}}`],
    ['without a version', `{"result":${JSON.stringify(LONG)},"id":3}`],
  ])('may come %s', (_, line) => {
    expect(rowsIn(line)).toEqual(LONG);
  });

  test('may have anything in its rows', () => {
    const text = fc
      .array(fc.constantFrom('],', '],[', '"', '\\', '[', ']', 'a', '€', 'x'.repeat(9000)))
      .map((all) => all.join(''));
    const cell: fc.Arbitrary<unknown> = fc.oneof(
      text,
      fc.integer(),
      fc.array(fc.array(text, { maxLength: 3 })),
      fc.jsonValue(),
    );
    const row = fc.array(cell, { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), fc.nat({ max: 2000 }), (odd, place) => {
        const line = lineOf(JSON.stringify(LONG.toSpliced(place, 1, ...odd)));
        expect(rowsIn(line)).toEqual(expected(line));
      }),
    );
  });

  test('is refused where JSON.parse refuses the line, wherever a character is missing or too many', () => {
    const spoilt = fc.tuple(
      fc.nat({ max: 200_000 }),
      fc.nat({ max: 2 }),
      fc.constantFrom('', ',', '"', ']', '[', '],[', '\\', '}'),
    );
    const rows = JSON.stringify(LONG);
    fc.assert(
      fc.property(spoilt, ([place, length, text]) => {
        const from = 1 + (place % (rows.length - 1));
        const line = lineOf(rows.slice(0, from) + text + rows.slice(from + length));
        if (tableIn(line)) expect(read(line)).toEqual(expected(line));
      }),
      { numRuns: 300 },
    );
  });

  test.each(['],', '] [2', '],,[2', ']]', '],[', ',', '"'])('is refused where its last row ends in %s', (end) => {
    const line = lineOf(JSON.stringify(LONG).replace(/\]\]$/, `${end}]`));
    expect([tableIn(line), read(line), expected(line)]).toEqual([expect.anything(), 'protocol', 'protocol']);
  });

  test('is refused where it comes twice, of which JSON.parse would take the second', () => {
    expect(read(lineOf(`${JSON.stringify(LONG)},"result":[[2]]`))).toBe('protocol');
  });

  test('has null where Python writes what JSON does not have', () => {
    const line = lineOf(JSON.stringify(LONG).replace('60.5', 'NaN').replace('"T10"', '"NaN"'));
    expect(rowsIn(line)[0]).toEqual([0, 'NaN', ...PLAIN.slice(2, -1), null]);
  });

  test('is read in time, though a stranger wrote the end of a row a million times', () => {
    const row = [1, '],'.repeat(1_000_000)];
    expect(rowsIn(lineOf(JSON.stringify([row, row])))).toEqual([row, row]);
  });
});

describe('no table', () => {
  test.each([
    ['a short line', lineOf(JSON.stringify([PLAIN]))],
    ['a long object', `{"jsonrpc":"2.0","result":{"a":"${'x'.repeat(40_000)}"},"id":3}`],
    ['a long list of objects', lineOf(JSON.stringify(Array.from({ length: 2000 }, () => ({ host: 'example.org' }))))],
    ['an error', `{"error":{"message":"${'[['.repeat(20_000)}"},"id":3}`],
    ['no JSON', '[['.repeat(20_000)],
  ])('is in %s', (_, line) => {
    expect(tableIn(line)).toBeUndefined();
  });
});
