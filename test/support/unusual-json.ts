// JSON values that no server sends in these places.
import type { Random } from '../../src/simulator/world/random.ts';

/** A list that has something in it, to pick from. */
export const some = <T>(list: readonly T[]): readonly [T, ...T[]] => list as readonly [T, ...T[]];

const NUMBERS = (
  '0 -0 -1 0.5 -0.1 2 7 1e3 1e308 -1e308 1e400 -1e400 1e-320 NaN Infinity -Infinity 4294967296 9007199254740991 ' +
  '9007199254740993 -9007199254740993 1e21 00 0x10 1. .5 +1 1_000 ١'
).split(' ');
const STRINGS = [
  ...['', ' ', '\0', '\n', '"', '\\', '\ud800', '\u202e', 'é€🂡', '{{', '\u001b[2J', 'x",evil="1"} 1\n# EOF\n'],
  ...'__proto__ constructor hasOwnProperty length toString RPC unknown other total good bad'.split(' '),
  ...'203.0.113.9 203.0.113.9:50001 203.0.113.0/24 2001:db8::1 [2001:db8::1]:50002 :: 0x7f.1'.split(' '),
  ...'T10 R0 SCL-999999999 T99999999999 t1 1.4 1.4.2 0.0 electrum/9.9.9 4.5.5 server.version getinfo'.split(' '),
  ...['1.4' + '.0'.repeat(2000), 'ElectrumX 1.2.3.4', 'Fulcrum 1.9', '42s', '-1d 00h 00m', '999999999d 99h', '01h 00m'],
  ...['1,234 lookups 5 hits 6 entries', `${'9'.repeat(24)} lookups, 1 hits, 1 entries`],
  ...['daemon height', 'uptime', 'sessions', 'count', 'id', 'result', 'error'],
];
const JSON_VALUES = ['null', 'true', 'false', '[]', '{}', '[[]]', '[{}]', '{"":0}', '{"__proto__":{"count":1}}'];

export const unusualNumber = (random: Random): string => random.pick(some(NUMBERS));

/** A string or key, in quotes. */
export const unusualString = (random: Random): string => JSON.stringify(random.pick(some(STRINGS)));

/** Any JSON, or nearly: once in a while very deep or very large. */
export function unusualJson(random: Random): string {
  const roll = random.below(200);
  if (roll === 0) return deep(random, 20_000);
  if (roll === 1) return JSON.stringify('x'.repeat(random.below(300_000)));
  if (roll === 2) return `[${Array<string>(random.below(5000)).fill('[1,"T1",0]').join(',')}]`;
  if (roll < 10) return deep(random, 30);
  return [unusualNumber, unusualString, () => random.pick(some(JSON_VALUES))][random.below(3)]?.(random) ?? 'null';
}

const NESTS: readonly [[string, string], ...[string, string][]] = [['[', ']'], ['{"sessions":', '}'], ['[0,', ']']]; // prettier-ignore

function deep(random: Random, most: number): string {
  const levels = random.below(most);
  const [open, close] = random.pick(NESTS);
  return `${open.repeat(levels)}1${close.repeat(levels)}`;
}
