// Reply lines with something wrong in random places: in their bytes, in their tokens, or in what they say.
import type { Random } from '../../src/simulator/world/random.ts';
import { IN_TREE } from './mutate-tree.ts';
import { unusualJson, unusualNumber, unusualString, some } from './unusual-json.ts';

/** Makes another line of a line; `other` is one to take parts from. */
export type Mutation = (line: Buffer, random: Random, other: Buffer) => Buffer;

/** Makes one to four random mutations of the same sort, one after the other. `other` is a line to take parts from. */
export function mutate(line: Buffer, random: Random, other: Buffer): Buffer {
  const sort = some(random.pick([IN_BYTES, IN_TOKENS, IN_TREE, IN_TREE]));
  const steps = Array.from({ length: 1 + random.below(4) }, () => random.pick(sort));
  return steps.reduce((mutant, step) => step(mutant, random, other), line);
}

/** Two places of a line of that length, in order. */
function span(length: number, random: Random): [number, number] {
  const start = random.below(length + 1);
  const size = random.chance(0.5) ? random.below(9) : random.below(length - start + 1);
  return [start, Math.min(length, start + size)];
}

/** Puts bytes in the place of those from `start` to `end`. */
function replaced(line: Buffer, [start, end]: readonly [number, number], bytes: Uint8Array): Buffer {
  return Buffer.concat([line.subarray(0, start), bytes, line.subarray(end)]);
}

const PUNCTUATION = [...Buffer.from('[]{},:"\\0-.en ')];

const IN_BYTES: readonly Mutation[] = [
  function takeOut(line, random) {
    return replaced(line, span(line.length, random), Buffer.of());
  },
  function putNoise(line, random) {
    const noise = Array.from({ length: random.below(9) }, () => random.below(256));
    return replaced(line, span(line.length, random), Buffer.from(noise));
  },
  function putCharacter(line, random) {
    const at = random.below(line.length + 1);
    return replaced(line, [at, at], Buffer.of(random.pick(some(PUNCTUATION))));
  },
  function putPartOfAnother(line, random, other) {
    return replaced(line, span(line.length, random), other.subarray(...span(other.length, random)));
  },
  function repeat(line, random) {
    const [start, end] = span(line.length, random);
    return replaced(line, [end, end], line.subarray(start, end));
  },
  function cutOff(line, random) {
    return line.subarray(0, random.below(line.length + 1));
  },
];

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+\w.]+|[[\]{},:]/g;
const ANY = /^/;
const NUMBER = /^-?\d/;
const TEXT = /^"/;
const VALUE = /^["\w-]/;

/** Puts other tokens in the place of one that is as `wanted` says: the next from a random place, or none. */
function inTokens(
  wanted: RegExp,
  change: (token: string, random: Random, all: readonly string[]) => readonly string[],
): Mutation {
  return (line, random) => {
    const tokens: readonly string[] = line.toString().match(TOKEN) ?? [];
    const from = random.below(tokens.length);
    const at = tokens.findIndex((token, i) => i >= from && wanted.test(token));
    if (at === -1) return line;
    return Buffer.from(tokens.with(at, change(tokens[at] ?? '', random, tokens).join('')).join(''));
  };
}

const IN_TOKENS: readonly Mutation[] = [
  inTokens(NUMBER, (_, random) => [unusualNumber(random)]),
  inTokens(NUMBER, (token) => [`"${token}"`]),
  inTokens(TEXT, (_, random) => [unusualString(random)]),
  inTokens(VALUE, (_, random) => [unusualJson(random)]),
  inTokens(ANY, () => []),
  inTokens(ANY, (token) => [token, token]),
  inTokens(ANY, (_, random, all) => [random.pick(some(all))]),
];
