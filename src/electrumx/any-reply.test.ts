// Whatever a server answers, a decoder gives a model of finite numbers or nothing, and never throws.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { decodeGetInfo } from './getinfo.ts';
import { decodeGroups } from './groups.ts';
import { decodePeers } from './peers.ts';
import { decodeSessions } from './sessions.ts';

const DECODERS = [
  ['getinfo', decodeGetInfo],
  ['groups', decodeGroups],
  ['sessions', decodeSessions],
  ['peers', decodePeers],
] as const;

type Method = (typeof DECODERS)[number][0];

const SAMPLES = [
  ...Object.values(eraSamples()),
  ...recordings().map(({ replies }) =>
    Object.fromEntries(
      DECODERS.map(([method]) => [method, (JSON.parse(replies[method]) as { result?: unknown }).result ?? null]),
    ),
  ),
] as Readonly<Record<Method, unknown>>[];

const UNEXPECTED = [null, -1, 1e308, 0.1, '', '0', '\ud800', '1e999', [], {}, true, ['__proto__'], 'x'.repeat(1000)];
const unexpected = fc.oneof(
  fc.constantFrom<unknown[]>(...UNEXPECTED),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(Infinity),
);

/** Puts an unexpected value in one place of a reply: in place of a value, beside the others, or with a value taken out. */
function mutate(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % (keys.length + 1)];
  if (Array.isArray(value)) {
    const items = value as unknown[];
    if (key === undefined) return step % 2 ? [...items, replacement] : items.slice(1);
    return items.with(Number(key), mutate(items[Number(key)], rest, replacement));
  }
  const fields = value as Record<string, unknown>;
  if (key === undefined) return { ...fields, constructor: replacement };
  return { ...fields, [key]: mutate(fields[key], rest, replacement) };
}

function numbersIn(model: unknown): number[] {
  if (typeof model === 'number') return [model];
  if (model instanceof Map) return [...model].flatMap(numbersIn);
  return typeof model === 'object' && model !== null ? Object.values(model).flatMap(numbersIn) : [];
}

describe.each(DECODERS)('%s', (method, decode) => {
  const check = (reply: unknown) => {
    expect(numbersIn(decode(reply)).filter((value) => !Number.isFinite(value))).toEqual([]);
  };

  test('of each sample is decoded', () => {
    for (const sample of SAMPLES) {
      if (sample[method] !== null) expect(decode(sample[method])).toBeDefined();
    }
  });

  test('may be any JSON', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), check), { numRuns: 500 });
  });

  test('may be a list of rows of anything', () => {
    const cell = fc.oneof(fc.integer(), fc.string(), unexpected);
    fc.assert(fc.property(fc.array(fc.array(cell, { maxLength: 18 })), check), { numRuns: 500 });
  });

  test('may be a real reply with unexpected values in any places', () => {
    const mutation = fc.tuple(fc.array(fc.nat({ max: 50 }), { maxLength: 5 }), unexpected);
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.array(mutation, { maxLength: 4 }), (sample, mutations) => {
        check(mutations.reduce((reply, [path, value]) => mutate(reply, path, value), sample[method]));
      }),
      { numRuns: 1000 },
    );
  });

  test('may be nested 100,000 deep', () => {
    const nested = (open: string, close: string): unknown => JSON.parse(`${open.repeat(1e5)}0${close.repeat(1e5)}`);
    check(nested('[', ']'));
    check(nested('{"uptime":', '}'));
    check({ uptime: '42s', sessions: nested('{"count":', '}'), peers: nested('[', ']') });
    check([nested('[', ']'), nested('{"features":', '}')]);
  });
});
