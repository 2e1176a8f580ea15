// A list of numbers that grows in memory of its own, which the garbage collector need not walk through.

/** A class: ADR 8 says why. */
export class Column {
  #room = new Float64Array(256);
  #length = 0;

  add(number: number): void {
    if (this.#length === this.#room.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#room);
      this.#room = larger;
    }
    this.#room[this.#length] = number;
    this.#length += 1;
  }

  /** What has been added so far. */
  numbers(): Float64Array {
    return this.#room.subarray(0, this.#length);
  }
}
