// Mutations of what a reply says: values taken away, repeated, retyped, exchanged, reordered and put under other keys.
import type { Random } from '../../src/simulator/world/random.ts';
import type { Mutation } from './mutate.ts';
import { unusualJson, unusualString, some } from './unusual-json.ts';

type Fields = Record<string, unknown>;
type Place = { readonly holder: Fields | unknown[]; readonly key: string };

/** Changes what the text says, where it is JSON: `change` gets a random place whose value `suits`, if there is one. */
function inTree(
  change: (place: Place, random: Random) => void,
  suits: (value: unknown) => boolean = () => true,
): Mutation {
  return (line, random) => {
    const message = parsed(line.toString());
    const [first, ...rest] = placesIn(message).filter((place) => suits(valueAt(place)));
    if (!first) return line;
    change(random.pick([first, ...rest]), random);
    return written(message) ?? line;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Nothing where an earlier mutation made it too deep to be written. */
function written(message: unknown): Buffer | undefined {
  try {
    return Buffer.from(JSON.stringify(message));
  } catch {
    return undefined;
  }
}

/** Every value in it but those deeper than in any reply. */
function placesIn(value: unknown, depth = 0): Place[] {
  if (typeof value !== 'object' || value === null || depth > 10) return [];
  const holder = value as Place['holder'];
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...placesIn(inner, depth + 1)]);
}

const valueAt = ({ holder, key }: Place): unknown => (holder as Fields)[key];

function put({ holder, key }: Place, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function takeOut({ holder, key }: Place): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else Reflect.deleteProperty(holder, key);
}

function repeat({ holder, key }: Place, random: Random): void {
  const value = valueAt({ holder, key });
  if (Array.isArray(holder)) holder.splice(random.below(holder.length + 1), 0, value);
  else put({ holder, key: `${key} ` }, value);
}

function wrap(place: Place, random: Random): void {
  put(place, random.chance(0.5) ? [valueAt(place)] : { [place.key]: valueAt(place) });
}

function exchange(place: Place, random: Random): void {
  const other = { ...place, key: random.pick(some(Object.keys(place.holder))) };
  const value = valueAt(place);
  put(place, valueAt(other));
  put(other, value);
}

function rename(place: Place, random: Random): void {
  const value = valueAt(place);
  takeOut(place);
  put(
    { holder: place.holder, key: Array.isArray(place.holder) ? '0' : (JSON.parse(unusualString(random)) as string) },
    value,
  );
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;

function reorder(place: Place, random: Random): void {
  const ranked = (valueAt(place) as unknown[]).map((item) => [random.next(), item] as const);
  put(
    place,
    ranked.sort(([a], [b]) => a - b).map(([, item]) => item),
  );
}

/** A cell less, or one more, in each row of a table. */
function refit(place: Place, random: Random): void {
  const less = random.chance(0.5);
  const fit = (row: unknown) => (Array.isArray(row) ? (less ? row.slice(1) : [...(row as unknown[]), 0]) : row);
  put(place, (valueAt(place) as unknown[]).map(fit));
}

export const IN_TREE: readonly Mutation[] = [
  inTree(takeOut),
  inTree(repeat),
  inTree(wrap),
  inTree(exchange),
  inTree(rename),
  inTree((place, random) => put(place, parsed(unusualJson(random)) ?? null)),
  inTree((place) => put(place, JSON.stringify(valueAt(place)))),
  inTree(repeat, isList),
  inTree(reorder, isList),
  inTree(refit, isList),
];
