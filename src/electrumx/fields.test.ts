// Single fields: own keys only, the right type or nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldsOf, get, number, text, toNumber } from './fields.ts';

describe('a field', () => {
  test('is found under the keys that lead to it', () => {
    expect(get({ sessions: { count: 3 } }, 'sessions', 'count')).toBe(3);
    expect(get({ sessions: 3 }, 'sessions', 'count')).toBeUndefined();
    expect(get([1], '0')).toBeUndefined();
    expect(get(null, 'a')).toBeUndefined();
  });

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('is not %s, unless the reply has it', (key) => {
    expect(get({}, key)).toBeUndefined();
    expect(get({ sessions: {} }, 'sessions', key)).toBeUndefined();
    expect(get(JSON.parse(`{"${key}": 5}`), key)).toBe(5);
  });

  test('has the value of the first spelling with a value of the type', () => {
    expect(number('db height', 'db_height')({ 'db height': 5, db_height: 4 })).toBe(5);
    expect(number('db height', 'db_height')({ 'db height': null, db_height: 4 })).toBe(4);
    expect(number('sessions/count', 'sessions')({ sessions: 7 })).toBe(7);
    expect(text('a')({ a: 5 })).toBeUndefined();
  });

  test('is a number only up to 2^53', () => {
    expect(toNumber(JSON.parse('1e999'))).toBeUndefined();
    expect(toNumber(2 ** 53)).toBeUndefined();
    expect(toNumber(1 - 2 ** 53)).toBe(1 - 2 ** 53);
    expect(toNumber(Number.NaN)).toBeUndefined();
    expect(toNumber('5')).toBeUndefined();
    expect(toNumber(true)).toBeUndefined();
    expect(toNumber(-0.5)).toBe(-0.5);
  });

  test('can be looked for in any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(fc.string()), (value, path) => {
        get(value, ...path);
        const fields = fieldsOf(value);
        expect(fields === undefined || !Array.isArray(fields)).toBe(true);
      }),
    );
  });
});
