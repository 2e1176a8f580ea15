// Counting by keys that strangers choose: in place, with one look-up for each of 100,000 sessions, and of a bounded number of keys.

/** A client may call itself something else each time it connects. */
const MOST_KEYS = 10_000;

interface Entry<About> {
  readonly about: About;
  count: number;
}

/** What comes after 10,000 different keys is counted under `rest`. A class: ADR 8 says why. */
export class Tally<Key, About> {
  readonly #entries = new Map<Key, Entry<About>>();
  readonly #rest: Key;
  readonly #about: (key: Key) => About;

  /** `about` is asked once for each key. */
  constructor(rest: Key, about: (key: Key) => About) {
    this.#rest = rest;
    this.#about = about;
  }

  /** Counts one, and gives what is known about its key. */
  add(key: Key): About {
    const entry = this.#entries.get(key) ?? this.#entryFor(this.#entries.size < MOST_KEYS ? key : this.#rest);
    entry.count += 1;
    return entry.about;
  }

  /** In the order in which they came. */
  entries(): ReadonlyMap<Key, Readonly<Entry<About>>> {
    return this.#entries;
  }

  counts(): ReadonlyMap<Key, number> {
    return new Map([...this.#entries].map(([key, { count }]) => [key, count]));
  }

  #entryFor(key: Key): Entry<About> {
    const entry = this.#entries.get(key) ?? { about: this.#about(key), count: 0 };
    this.#entries.set(key, entry);
    return entry;
  }
}

/** For keys about which nothing has to be known. */
export const NOTHING = (): undefined => undefined;
