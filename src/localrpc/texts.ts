// Texts that come again and again, such as flags and versions: each is made once.

/** Remembered texts, a power of 2; of two that fall on the same place the later one stays. */
const PLACES = 1024;

/** Gives ASCII texts out of `bytes`. To make one anew takes longer than to find that it is the one from before. */
export class TextReader {
  readonly #bytes: Buffer;
  readonly #known = Array<string>(PLACES).fill('');

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  textAt(start: number, end: number): string {
    const place = placeOf(this.#bytes, start, end);
    const before = this.#known[place] ?? '';
    if (stands(before, this.#bytes, start, end)) return before;
    return (this.#known[place] = this.#bytes.toString('latin1', start, end));
  }
}

/** By its length and five of its characters: those that tell versions apart stand at the end. */
function placeOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  hash = Math.imul(hash, 31) + (bytes[start] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[(start + end) >> 1] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[end - 5] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[end - 3] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[end - 1] ?? 0);
  return hash & (PLACES - 1);
}

function stands(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
