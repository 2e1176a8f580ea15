// Tables come row by row as JSON.parse would have them, whatever is in their texts, and whatever is wrong with them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RpcError } from './errors.ts';
import type { ParseLimits } from './measure.ts';
import type { Row } from './row.ts';
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
const LONG: unknown[][] = Array.from({ length: 200 }, (_, id) => PLAIN.with(0, id));

/** What a server would send; `space` is what it writes behind commas and colons. */
function lineOf(rows: string, space = ''): string {
  return `{"jsonrpc":${space}"2.0",${space}"result":${space}${rows},${space}"id":${space}3}`;
}

const LIMITS = { maxParsedBytes: 2 ** 20, maxParsedValues: 2 ** 20 };

/** The cells of a row; of one that is read where it lies, all that can be asked of it. */
function cellsOf(row: unknown): unknown {
  if (typeof row !== 'object' || row === null || !('text' in row)) return row;
  const plain = row as Row;
  return Array.from({ length: plain.length }, (_, place) => {
    const isNumber = (plain.notNumbers & (1 << place)) === 0;
    return isNumber ? plain.numbers[place] : plain.text(place);
  });
}

function rowsIn(line: string, limits: ParseLimits = LIMITS): unknown[] {
  const table = tableIn(Buffer.from(line), limits);
  if (!table) throw new Error('no table');
  return [...map(table.rows, cellsOf)];
}

/** Each row before the next one is read. */
function* map<A, B>(all: Iterable<A>, change: (one: A) => B): Generator<B> {
  for (const one of all) yield change(one);
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

// Decimals are rounded to the ninth.
expect.addEqualityTesters([
  (a, b) => (typeof a === 'number' && typeof b === 'number' ? a === b || Math.abs(a - b) < 1e-9 : undefined),
]);

describe('a table', () => {
  test('is read row by row, and around it is the line without the rows', () => {
    const line = lineOf(JSON.stringify(LONG));
    expect(rowsIn(line)).toEqual(LONG);
    expect(tableIn(Buffer.from(line), LIMITS)?.around).toBe('{"jsonrpc":"2.0","result":[],"id":3}');
  });

  test.each([
    ['with spaces, as Python writes by default', lineOf(JSON.stringify(LONG).replaceAll(',', ', '), ' ')],
    ['with more space than anybody writes', lineOf(JSON.stringify(LONG, undefined, '\t').replaceAll('\n', '\r'))],
    ['with the id in front', `{"jsonrpc":"2.0","id":3,"result":${JSON.stringify(LONG)}}`],
    ['without a version', `{"result":${JSON.stringify(LONG)},"id":3}`],
  ])('may come %s', (_, line) => {
    expect(rowsIn(line)).toEqual(LONG);
  });

  test('may have one row, and rows that are empty, long, objects, and no lists at all', () => {
    const rows = [[[]], [[], [1]], [{ host: 'example.org' }, [1], null, 5, 'a,b]', true], [Array(100).fill(7)]];
    for (const table of rows) expect(rowsIn(lineOf(JSON.stringify(table)))).toEqual(table);
  });

  test('may have anything in its rows', () => {
    const text = fc
      .array(fc.constantFrom('],', '],[', '"', '\\', '[', ']', '{', 'a', '€', '\x7f', 'x'.repeat(900)))
      .map((all) => all.join(''));
    const cell: fc.Arbitrary<unknown> = fc.oneof(
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(fc.array(text, { maxLength: 3 })),
      fc.jsonValue(),
    );
    const row: fc.Arbitrary<unknown> = fc.oneof(fc.array(cell, { maxLength: 4 }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(row, { maxLength: 10 }), fc.nat({ max: 200 }), (odd, place) => {
        const line = lineOf(JSON.stringify((LONG as unknown[]).toSpliced(place, 1, ...odd)));
        if (tableIn(Buffer.from(line), LIMITS)) expect(rowsIn(line)).toEqual(expected(line));
      }),
      { numRuns: 500 },
    );
  });

  test('is refused where JSON.parse refuses the line, wherever something is missing, too much or in the wrong place', () => {
    const pieces = [
      '',
      ',',
      '"',
      ']',
      '[',
      '],[',
      '\\',
      '}',
      '{',
      ':',
      ' ',
      '0',
      '-',
      '.',
      'e',
      '+',
      '\t',
      '\x00',
      'é',
      '\x7f',
      'n',
    ];
    const change = fc.tuple(fc.nat({ max: 20_000 }), fc.nat({ max: 2 }), fc.constantFrom(...pieces));
    const rows = JSON.stringify(LONG);
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const spoilt = changes.reduce((text, [place, length, piece]) => {
          const from = 1 + (place % (text.length - 1));
          return text.slice(0, from) + piece + text.slice(from + length);
        }, rows);
        const line = lineOf(spoilt);
        if (tableIn(Buffer.from(line), LIMITS)) expect(read(line)).toEqual(expected(line));
      }),
      { numRuns: 5000 },
    );
  });

  test.each(['],', '] [2', '],,[2', ']]', '],[', ',', '"', ', ', ']1', '1}'])(
    'is refused where its last row ends in %s',
    (end) => {
      const line = lineOf(JSON.stringify(LONG).replace(/\]\]$/, `${end}]`));
      expect([read(line), expected(line)]).toEqual(['protocol', 'protocol']);
    },
  );

  test('is refused where it comes twice, of which JSON.parse would take the second', () => {
    expect(read(lineOf(`${JSON.stringify(LONG)},"result":[[2]]`))).toBe('protocol');
  });

  test('has null where Python writes what JSON does not have', () => {
    const line = lineOf(JSON.stringify(LONG).replace('60.5', 'NaN').replace('"T10"', '"NaN"'));
    expect(rowsIn(line)[0]).toEqual([0, 'NaN', ...PLAIN.slice(2, -1), null]);
  });

  test('leaves out a row that is longer than what is parsed at a time, unless it is a plain one', () => {
    const rows = [[1], ['"'.repeat(500)], { host: 'x'.repeat(1000) }, ['x'.repeat(1000)], [2, null]];
    expect(rowsIn(lineOf(JSON.stringify(rows)), { ...LIMITS, maxParsedBytes: 1000 })).toEqual([
      [1],
      undefined,
      undefined,
      rows[3],
      [2, null],
    ]);
  });

  test('leaves out a row that has more values than are parsed at a time, however they are nested', () => {
    const rows = [[[1, 2, 3]], [{ a: 1, b: 2 }], [[[[[[[]]]]]]], [',,,,,:[[["']];
    const read = rowsIn(lineOf(JSON.stringify(rows)), { ...LIMITS, maxParsedValues: 5 });
    expect(read).toEqual([rows[0], undefined, undefined, rows[3]]);
  });

  test('has a million rows at most', () => {
    const rows = (count: number) => lineOf(`[${Array(count).fill('[]').join(',')}]`);
    expect(rowsIn(rows(2 ** 20))).toHaveLength(2 ** 20);
    expect(read(rows(2 ** 20 + 1))).toBe('too_large');
  });

  test('is read in time, though a stranger wrote the end of a row a million times', () => {
    const rows = [
      [1, '],'.repeat(500_000)],
      [1, '"],['.repeat(100_000)],
    ];
    expect(rowsIn(lineOf(JSON.stringify(rows)), { ...LIMITS, maxParsedBytes: 2 ** 24 })).toEqual(rows);
  });
});

describe('a number', () => {
  const numberIn = (text: string) => rowsIn(lineOf(`[[${text}]]`))[0];

  test('is the one that JSON.parse reads, rounded to its ninth decimal', () => {
    const texts = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.maxSafeInteger().map(String),
      fc.bigInt().map(String),
      fc.tuple(fc.integer(), fc.stringMatching(/^\d{1,20}$/)).map(([whole, decimals]) => `${whole}.${decimals}`),
      fc
        .tuple(fc.nat(9_000_000), fc.stringMatching(/^\d{9}(5|4999?|500?|501)\d{0,9}$/))
        .map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const [number] = numberIn(text) as [number];
        const parsed = Number(JSON.parse(text));
        // As it is where that is left to the decoders.
        expect([parsed, Number(parsed.toFixed(9)) || 0].some((expected) => Object.is(number, expected))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(['0.1', '5.66485', '14.92898', '-0.000000001', '9007199.254740991', '123456789012345', '0', '1e-05'])(
    '%s is exactly that',
    (text) => {
      const [number] = numberIn(text) as unknown[];
      expect(Object.is(number, JSON.parse(text))).toBe(true);
    },
  );

  test.each([
    ['0.5136299999999999', 0.51363],
    ['16.188190000000002', 16.18819],
    ['0.9999999999', 1],
    ['-9.9999999996', -10],
    ['-0', 0],
    ['-0.0000000001', 0],
    ['98765.12345678912', 98765.123456789],
    ['1234567.1234600001', 1234567.12346],
  ])('%s is %d', (text, number) => {
    expect(Object.is((numberIn(text) as unknown[])[0], number)).toBe(true);
  });

  test.each(['2362.1541619915', '-9.9999999995', '0.4999999994996', '2483739.546235107507'])(
    '%s is left to JSON.parse: how to round it is told by the double only',
    (text) => {
      const [number] = numberIn(text) as unknown[];
      expect(Object.is(number, JSON.parse(text))).toBe(true);
    },
  );

  test.each(['01', '1.', '.5', '-', '+1', '0x10', '1e', '--1', '1_000', '١'])('is not %s', (text) => {
    expect(read(lineOf(`[[${text}]]`))).toBe('protocol');
  });
});

describe('a text', () => {
  test('is the one that stands there, though many fall on the same place of those that are remembered', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => [`client ${i % 3000}`, `${i % 7}`, '']);
    expect(rowsIn(lineOf(JSON.stringify(names)))).toEqual(names);
  });
});

describe('no table', () => {
  test.each([
    ['an empty list', lineOf('[]')],
    ['a list of numbers', lineOf('[1,[2]]')],
    ['an object', '{"jsonrpc":"2.0","result":{"a":[[1]]},"id":3}'],
    ['an error', `{"error":{"message":"${'[['.repeat(20_000)}"},"id":3}`],
    ['a table with something behind it', `{"result":[[1]],"id":3,"more":1}`],
    ['no JSON', '[['.repeat(20_000)],
  ])('is in %s', (_, line) => {
    expect(tableIn(Buffer.from(line), LIMITS)).toBeUndefined();
  });
});
