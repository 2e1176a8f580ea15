// Bytes to lines, however TCP cuts them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineReader } from './framing.ts';

/** Cuts the bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
}

function readAll(chunks: readonly Buffer[], maxBytes: number): (string[] | undefined)[] {
  const read = lineReader(maxBytes);
  const results: (string[] | undefined)[] = [];
  for (const chunk of chunks) {
    const lines = read(chunk)?.map(String);
    results.push(lines);
    if (!lines) break;
  }
  return results;
}

const places = fc.array(fc.nat(), { maxLength: 20 });
const bytes = fc.array(fc.oneof(fc.constant(10), fc.integer({ min: 0, max: 255 })), { maxLength: 200 });

describe('the lines of a stream', () => {
  test('are those between its newlines, in any chunking of any bytes, with a limit that the longest just meets', () => {
    fc.assert(
      fc.property(bytes, places, (octets, where) => {
        const stream = Buffer.from(octets);
        const expected: string[] = [];
        for (let rest = stream; rest.includes(10); rest = rest.subarray(rest.indexOf(10) + 1)) {
          expected.push(rest.subarray(0, rest.indexOf(10)).toString());
        }
        const longest = Math.max(
          ...stream
            .toString('latin1')
            .split('\n')
            .map(({ length }) => length),
        );
        expect(readAll(cut(stream, where), longest).flat()).toEqual(expected);
      }),
    );
  });

  test('are complete even if a character of several bytes came in two chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), places, (texts, where) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' ').toWellFormed());
        const stream = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        expect(readAll(cut(stream, where), stream.length).flat()).toEqual(lines);
      }),
    );
  });

  test('are the same byte by byte as at once', () => {
    const stream = Buffer.from('{"a": "€"}\n\n{"b": "🂡"}\n');
    expect(
      readAll(
        [...stream].map((octet) => Buffer.of(octet)),
        100,
      ).flat(),
    ).toEqual(['{"a": "€"}', '', '{"b": "🂡"}']);
  });

  test('can be many in one chunk', () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i}`);
    expect(readAll([Buffer.from(`${lines.join('\n')}\n`)], 20)).toEqual([lines]);
  });

  test('wait for their newline', () => {
    const read = lineReader(100);
    expect(read(Buffer.from('half'))).toEqual([]);
    expect(read(Buffer.from(''))).toEqual([]);
    expect(read(Buffer.from(' a line\nand'))?.map(String)).toEqual(['half a line']);
  });
});

describe('the limit', () => {
  test.each([1, 7, 100])('lets a line of exactly %i bytes pass, and ends the stream at one byte more', (maxBytes) => {
    const line = 'x'.repeat(maxBytes);
    expect(readAll([Buffer.from(`${line}\n`)], maxBytes)).toEqual([[line]]);
    expect(readAll([Buffer.from(`${line}x\n`)], maxBytes)).toEqual([undefined]);
    expect(readAll([Buffer.from(`${line}x`)], maxBytes)).toEqual([undefined]);
  });

  test('is the same over any number of chunks, and for a line after others', () => {
    const line = fc
      .oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(19, 20, 20, 21))
      .map((length) => 'y'.repeat(length));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), line, places, (before, last, where) => {
        const maxBytes = 20;
        const fits = [...before, last].every(({ length }) => length <= maxBytes);
        const stream = Buffer.from([...before, last].map((text) => `${text}\n`).join(''));
        const results = readAll(cut(stream, where), maxBytes);
        expect(results.every((lines) => lines !== undefined)).toBe(fits);
        if (fits) expect(results.flat()).toEqual([...before, last]);
      }),
    );
  });

  test('does not wait for the newline of a line that is too long already', () => {
    const read = lineReader(10);
    expect(read(Buffer.from('12345'))).toEqual([]);
    expect(read(Buffer.from('67890'))).toEqual([]);
    expect(read(Buffer.from('1'))).toBeUndefined();
  });

  test('counts bytes and not characters', () => {
    expect(readAll([Buffer.from('€€\n')], 6)).toEqual([['€€']]);
    expect(readAll([Buffer.from('€€\n')], 5)).toEqual([undefined]);
  });
});
