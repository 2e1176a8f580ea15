// Which texts Python's int() accepts, and as which number.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainInteger, pythonInteger } from './python-integer.ts';

describe('pythonInteger', () => {
  test.each([
    ['8000', 8000],
    [' +8_000\r\n', 8000],
    ['-5', -5],
    ['007', 7],
    ['1_0_0', 100],
    ['10000000000', 1e10],
  ])('reads %j as %i', (text, number) => {
    expect(pythonInteger(text)).toBe(number);
  });

  test.each(['', ' ', '1__0', '_1', '1_', '+ 1', '--1', '1.0', '1e3', '0x10', '1,000', '1 000', '"1"', '1;', 'inf'])(
    'refuses %j',
    (text) => {
      expect(pythonInteger(text)).toBeUndefined();
    },
  );

  test('reads every number that JavaScript writes', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (number) => pythonInteger(String(number)) === number));
  });
});

describe('plainInteger', () => {
  test.each([
    [' +8_000\n', '8000'],
    ['eight\r', 'eight'],
    ['', ''],
  ])('writes %j as %j', (text, plain) => {
    expect(plainInteger(text)).toBe(plain);
  });

  test('changes nothing the second time', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '_', '+', '-', ' ') });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string()), (text) => plainInteger(plainInteger(text)) === plainInteger(text)),
    );
  });
});
