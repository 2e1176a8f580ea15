// A small seeded random generator, so that the same seed makes the same world.

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** A Poisson-distributed number with this mean. */
  times(mean: number): number;
  /** An exponentially distributed time with this mean. */
  lasting(mean: number): number;
}

/** Marsaglia's xorshift on 32 bits, after a spread of the seed so that neighbours differ. */
export function random(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const lasting = (mean: number) => -Math.log(1 - next()) * mean;
  return {
    next,
    below,
    lasting,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)] ?? list[0],
    times: (mean) => {
      let count = 0;
      for (let passed = lasting(1); passed < mean; passed += lasting(1)) count++;
      return count;
    },
  };
}
