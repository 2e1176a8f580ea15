// A list of numbers whose greatest length is known: a plain array would be copied several times while it grows.

/** Filled by `push`, at most `capacity` times. */
export class NumberColumn {
  private readonly values: Float64Array;
  private length = 0;

  constructor(capacity: number) {
    this.values = new Float64Array(capacity);
  }

  push(number: number): void {
    this.values[this.length] = number;
    this.length += 1;
  }

  /** What has been pushed so far. */
  get numbers(): Float64Array {
    return this.values.subarray(0, this.length);
  }
}
