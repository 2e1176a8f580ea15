// A list of numbers that grows in memory of its own, which the garbage collector need not walk through.

export interface Column {
  readonly add: (number: number) => void;
  /** What has been added so far. */
  readonly numbers: () => Float64Array;
}

export function column(): Column {
  let room = new Float64Array(256);
  let length = 0;
  return {
    add: (number) => {
      if (length === room.length) {
        const larger = new Float64Array(2 * length);
        larger.set(room);
        room = larger;
      }
      room[length] = number;
      length += 1;
    },
    numbers: () => room.subarray(0, length),
  };
}
