// Text from strangers: whatever they send, nothing that reaches the terminal moves its cursor or takes no room.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells, clip, printable } from '../../src/cli/output/escape.ts';

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

describe('printable text', () => {
  it.each(HARMFUL)('has %j escaped', (character) => {
    const shown = printable(`a${character}b`);
    expect(shown).toMatch(/^a\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})b$/);
    expect(Number.parseInt(shown.slice(3, -1), 16)).toBe(character.codePointAt(0));
  });

  it('has line breaks and tabs escaped by their letters', () => {
    expect(printable('a\nb\rc\td')).toBe('a\\nb\\rc\\td');
  });

  it.each(['electrum/4.5.5', 'ledger-live-3.2 "x\\y" é', 'Ελλάδα', 'кошелёк', '財布', '🚀', 'a  b'])(
    'leaves %s alone',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  it('is safe, whatever the text', () => {
    const text = fc.oneof(
      ANYTHING,
      fc.array(fc.constantFrom(...HARMFUL)).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const shown = printable(value);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Mn}\p{Me}]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  it('stays as it is the second time', () => {
    fc.assert(
      fc.property(ANYTHING, (value) => {
        expect(printable(printable(value))).toBe(printable(value));
      }),
    );
  });
});

describe('cells of a terminal', () => {
  it.each([
    ['electrum', 8],
    ['é', 1],
    ['財布', 4],
    ['ウォレット', 10],
    ['지갑', 4],
    ['Ａ', 2],
    ['🚀', 2],
    ['…', 1],
  ])('%s takes %i', (text, expected) => {
    expect(cells(text)).toBe(expected);
  });

  it('are never more than asked for after clipping, and a text that fits is not clipped', () => {
    fc.assert(
      fc.property(ANYTHING, fc.nat(40), (value, width) => {
        const shown = printable(value);
        expect(cells(clip(shown, width))).toBeLessThanOrEqual(width);
        if (cells(shown) <= width) expect(clip(shown, width)).toBe(shown);
      }),
    );
  });
});
