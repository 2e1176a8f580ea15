// Text from strangers made fit for a terminal: nothing in it moves the cursor, changes colours or takes no room.

/**
 * Control and format characters (C0, C1, DEL, bidi overrides and isolates, zero-width), lone surrogates, private and unassigned
 * code points, line and paragraph separators, marks that sit on their neighbour, and fillers that are drawn as nothing.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with each unsafe character as Python's `repr` would show it: `\n`, `\x1b`, `\u202e`, `\U000e0041`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, escape);
}

function escape(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Characters that a terminal draws two cells wide: East Asian scripts, their full-width forms, and emoji. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{Script=Nushu}\p{Script=Khitan_Small_Script}\p{Emoji_Presentation}\u3000-\u303e\u30fb-\u33ff\uff01-\uff60\uffe0-\uffe6]$/u;

/** How many cells of a terminal a `printable` text takes. */
export function cells(text: string): number {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 2 : 1;
  return sum;
}

/** The text, or as much of its beginning as fits into `width` cells, with `…` for the rest. */
export function clip(text: string, width: number): string {
  if (cells(text) <= width) return text;
  let kept = '';
  let room = width - 1;
  for (const character of text) {
    room -= cells(character);
    if (room < 0) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}
