// Whole numbers as Python's int() reads them: ElectrumX reads its environment with it.

/** The number in a text with white space around it, a sign, leading zeros, and underscores between digits. `undefined` if int() refuses it. */
export function pythonInteger(text: string): number | undefined {
  const [, sign = '', digits] = /^([+-]?)(\d+(?:_\d+)*)$/.exec(text.trim()) ?? [];
  return digits === undefined ? undefined : Number(sign + digits.replaceAll('_', ''));
}

/** A number as JavaScript writes it; any other text as it is, without the white space around it. */
export function plainInteger(text: string): string {
  return String(pythonInteger(text) ?? text.trim());
}
