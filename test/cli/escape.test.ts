// Untrusted strings on a terminal: no control sequence gets through, and no character is invisible.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, displayWidth, escapeUnsafe } from '../../src/cli/output/escape.ts';

const ANYTHING = fc.string({ unit: 'binary', maxLength: 60 });
const HARMFUL = [
  ...['\0', '\x07', '\b', '\x1b', '\x7f', '\x80', '\x9b', '\x9d'],
  ...['\u061c', '\u200b', '\u200d', '\u200e', '\u202a', '\u202e', '\u2066', '\u2069', '\u2060', '\ufeff', '\u00ad'],
  ...[
    '\u2028',
    '\u2029',
    '\u3164',
    '\u0301',
    '\u20dd',
    '\ufe0f',
    '\ud800',
    '\udfff',
    '\ue000',
    '\u{e0041}',
    '\u{f0000}',
  ],
];

describe('escapeUnsafe', () => {
  it.each(HARMFUL)('escapes %j', (character) => {
    const shown = escapeUnsafe(`a${character}b`);
    expect(shown).toMatch(/^a\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})b$/);
    expect(Number.parseInt(shown.slice(3, -1), 16)).toBe(character.codePointAt(0));
  });

  it('escapes line breaks and tabs by their letters', () => {
    expect(escapeUnsafe('a\nb\rc\td')).toBe('a\\nb\\rc\\td');
  });

  it.each(['electrum/4.5.5', 'ledger-live-3.2 "x\\y" é', 'Ελλάδα', 'кошелёк', '財布', '🚀', 'a  b'])(
    'does not change %s',
    (text) => {
      expect(escapeUnsafe(text)).toBe(text);
    },
  );

  it('returns a safe string for every string', () => {
    const text = fc.oneof(
      ANYTHING,
      fc.array(fc.constantFrom(...HARMFUL)).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const shown = escapeUnsafe(value);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Mn}\p{Me}]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  it('does not change its result', () => {
    fc.assert(
      fc.property(ANYTHING, (value) => {
        expect(escapeUnsafe(escapeUnsafe(value))).toBe(escapeUnsafe(value));
      }),
    );
  });
});

describe('displayWidth', () => {
  it.each([
    ['electrum', 8],
    ['é', 1],
    ['財布', 4],
    ['ウォレット', 10],
    ['지갑', 4],
    ['Ａ', 2],
    ['🚀', 2],
    ['…', 1],
  ])('counts %s as %i cells', (text, expected) => {
    expect(displayWidth(text)).toBe(expected);
  });
});

describe('clip', () => {
  it('returns at most the width that is given, and does not cut a string that fits', () => {
    fc.assert(
      fc.property(ANYTHING, fc.nat(40), (value, width) => {
        const shown = escapeUnsafe(value);
        expect(displayWidth(clip(shown, width))).toBeLessThanOrEqual(width);
        if (displayWidth(shown) <= width) expect(clip(shown, width)).toBe(shown);
      }),
    );
  });
});
