// JSON for printing: numbers keep the type and the digits that the server wrote. test/real compares it with Python.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactJson, parseLossless, prettyJson, type Json } from '../../src/cli/output/json.ts';

const reprinted = (text: string) => compactJson(parseLossless(text));

describe('a number', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['0.0', '0.0'],
    ['-0.0', '-0.0'],
    ['1.0', '1.0'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['0.1', '0.1'],
    ['1e5', '100000.0'],
    ['1E16', '1e+16'],
    ['9999999999999998.0', '9999999999999998.0'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['1.5e-7', '1.5e-07'],
    ['1.2345e300', '1.2345e+300'],
    ['1e400', 'Infinity'],
    ['-1e400', '-Infinity'],
    ['NaN', 'NaN'],
    ['-Infinity', '-Infinity'],
  ])('%s is printed as in Python: %s', (text, printed) => {
    expect(reprinted(text)).toBe(printed);
  });

  it('in a string is not changed', () => {
    expect(reprinted('"NaN -Infinity 1.0"')).toBe('"NaN -Infinity 1.0"');
    expect(parseLossless('{"1.0": "1.0", "a": ["s1", "\\"2", "i3"]}')).toEqual({ '1.0': '1.0', a: ['s1', '"2', 'i3'] });
  });
});

describe('strings and keys', () => {
  it('are printed in ASCII', () => {
    expect(reprinted(JSON.stringify('é\x7f\u2028🚀\ud800"\\\n'))).toBe(
      String.raw`"\u00e9\u007f\u2028\ud83d\ude80\ud800\"\\\n"`,
    );
  });

  it('are sorted by code point, not by UTF-16 unit', () => {
    expect(prettyJson({ '🚀': 1n, '\uff5e': 2n, b: 3n, a: 4n })).toBe(
      '{\n    "a": 4,\n    "b": 3,\n    "\\uff5e": 2,\n    "\\ud83d\\ude80": 1\n}',
    );
  });

  it('with names that JavaScript uses are ordinary', () => {
    expect(reprinted('{"__proto__": {"constructor": 1}}')).toBe('{"__proto__": {"constructor": 1}}');
  });
});

describe('a document', () => {
  it('is indented by four, with empty lists and objects on one line', () => {
    expect(prettyJson(parseLossless('{"b":[1,{}],"a":{"c":[]}}'))).toBe(
      '{\n    "a": {\n        "c": []\n    },\n    "b": [\n        1,\n        {}\n    ]\n}',
    );
  });

  it('is read as by JSON.parse, except for the types of numbers', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(withNumbers(parseLossless(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is the same after printing and reading', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        const value = parseLossless(text);
        expect(parseLossless(prettyJson(value))).toEqual(value);
        expect(parseLossless(compactJson(value))).toEqual(value);
      }),
    );
  });
});

function withNumbers(value: Json): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item)));
}
