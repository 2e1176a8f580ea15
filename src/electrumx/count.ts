// Counting, with a bounded number of keys where clients choose them.

/** A client can use another name for each connection. */
const MAX_KEYS = 1000;

/** How often a key was seen. Changed in place: a map of numbers would be searched twice for each row of a reply. */
export interface Tally {
  count: number;
}

/** The tally of a key that has not been seen yet. */
export function newTally(): Tally {
  return { count: 0 };
}

/** The tally of `key`, made by `create` if it is a new one. New keys after the first 1,000 share the tally of `rest`. */
export function tallyOf<Key, T extends Tally>(tallies: Map<Key, T>, key: Key, rest: Key, create: (key: Key) => T): T {
  const known = tallies.get(key);
  if (known) return known;
  if (tallies.size >= MAX_KEYS && key !== rest) return tallyOf(tallies, rest, rest, create);
  const tally = create(key);
  tallies.set(key, tally);
  return tally;
}

/** The counts under each key. */
export function countsIn<Key>(tallies: ReadonlyMap<Key, Tally>): ReadonlyMap<Key, number> {
  const counts = new Map<Key, number>();
  for (const [key, { count }] of tallies) counts.set(key, count);
  return counts;
}

/** How many items there are under each key, most frequent first. */
export function countBy<Item, Key>(items: Iterable<Item>, key: (item: Item) => Key): ReadonlyMap<Key, number> {
  return sumBy(items, key, () => 1);
}

/** The sum of a number of all items under each key. */
export function sumBy<Item, Key>(
  items: Iterable<Item>,
  key: (item: Item) => Key,
  value: (item: Item) => number,
): ReadonlyMap<Key, number> {
  const sums = new Map<Key, number>();
  for (const item of items) {
    const under = key(item);
    sums.set(under, (sums.get(under) ?? 0) + value(item));
  }
  return sums;
}

/** Every key of `keys`, at 0 where `counts` has none. */
export function withZeros<Key extends string>(
  keys: readonly Key[],
  counts: ReadonlyMap<string, number>,
): [Key, number][] {
  return keys.map((key) => [key, counts.get(key) ?? 0]);
}

/** The `limit` largest counts, ties by key; all others, and those under `other` already, are summed under `other`. */
export function top(counts: ReadonlyMap<string, number>, limit: number, other: string): ReadonlyMap<string, number> {
  const ranked = [...counts].filter(([key]) => key !== other).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const kept = new Map(ranked.slice(0, limit));
  const rest = ranked.slice(limit).reduce((sum, [, count]) => sum + count, counts.get(other) ?? 0);
  return rest === 0 ? kept : kept.set(other, rest);
}
