// Makes untrusted strings safe for a terminal: no control sequences, and every character is visible.

/**
 * Control and format characters (C0, C1, DEL, bidi overrides and isolates, zero-width), lone surrogates, private and unassigned
 * code points, line and paragraph separators, combining marks, and fillers that are invisible.
 */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}\p{Default_Ignorable_Code_Point}]/gu;

/** The string with unsafe characters escaped as in Python's `repr`: `\n`, `\x1b`, `\u202e`, `\U000e0041`. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
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

/** The width of an escaped string in terminal cells. */
export function displayWidth(text: string): number {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 2 : 1;
  return sum;
}

/** The string, cut to `width` cells with `…` at the end if it is wider. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let room = width - 1;
  for (const character of text) {
    room -= displayWidth(character);
    if (room < 0) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}
