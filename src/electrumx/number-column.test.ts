// A column gives back what was pushed into it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberColumn } from './number-column.ts';

test('a column has the numbers that were pushed, in order, and none of its free places', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.nat({ max: 9 }), (numbers, free) => {
      const column = new NumberColumn(numbers.length + free);
      for (const number of numbers) column.push(number);
      expect([...column.numbers]).toEqual(numbers);
    }),
  );
});
