// The cost limits in force, by what is configured.
import { describe, expect, test } from 'vitest';
import { costLimits } from './defaults.ts';

describe('costLimits', () => {
  test.each([
    [undefined, undefined, { soft: 1000, hard: 10_000 }],
    [2000, undefined, { soft: 2000, hard: 10_000 }],
    [undefined, 5000, { soft: 1000, hard: 5000 }],
    [5000, 5000, { soft: 5000, hard: 5000 }], // e-x makes the hard one 5001
    [0, 10_000, { soft: 0, hard: 10_000 }],
    [0, 0, undefined],
    [undefined, 0, undefined],
    [20_000, undefined, undefined],
    [undefined, 500, undefined],
  ])('with COST_SOFT_LIMIT %s and COST_HARD_LIMIT %s', (costSoftLimit, costHardLimit, limits) => {
    expect(costLimits({ costSoftLimit, costHardLimit })).toEqual(limits);
  });
});
