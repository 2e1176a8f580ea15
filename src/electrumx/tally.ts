// Counting by keys that strangers choose: in place, with one look-up for each of 100,000 sessions, and of a bounded number of keys.

export interface Tally<Key, About> {
  /** Counts one, and gives what is known about its key. */
  readonly add: (key: Key) => About;
  /** In the order in which they came. */
  readonly entries: () => ReadonlyMap<Key, { readonly about: About; readonly count: number }>;
  readonly counts: () => ReadonlyMap<Key, number>;
}

/** A client may call itself something else each time it connects. */
const MOST_KEYS = 10_000;

/** `about` is asked once for each key. What comes after 10,000 different ones is counted under `rest`. */
export function tally<Key, About>(rest: Key, about: (key: Key) => About): Tally<Key, About> {
  const entries = new Map<Key, { readonly about: About; count: number }>();
  const begin = (key: Key) => {
    const entry = { about: about(key), count: 0 };
    entries.set(key, entry);
    return entry;
  };
  const restOf = () => entries.get(rest) ?? begin(rest);
  return {
    add: (key) => {
      const entry = entries.get(key) ?? (entries.size < MOST_KEYS ? begin(key) : restOf());
      entry.count += 1;
      return entry.about;
    },
    entries: () => entries,
    counts: () => new Map([...entries].map(([key, { count }]) => [key, count])),
  };
}

/** For keys about which nothing has to be known. */
export const NOTHING = (): undefined => undefined;
