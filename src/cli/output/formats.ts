// Values as the official script prints them: Python's text, thousands and durations.
import { compactJson, pythonFloat, type Json } from './json.ts';

/** `{}`: a string as it is, a number as Python writes it. A cell that the reply does not have is empty. */
export function text(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? pythonFloat(value) : value === null ? 'None' : compactJson(value);
}

/** `{:,d}` of the whole part; anything but a finite number as `text`. */
export function count(value: Json | undefined): string {
  const whole = integer(value);
  return whole === undefined ? text(value) : whole.toLocaleString('en-US');
}

/** `{:,d}` of the bytes `// 1024`, which Python rounds down. */
export function kilobytes(value: Json | undefined): string {
  const bytes = integer(value);
  return bytes === undefined ? text(value) : (bytes >> 10n).toLocaleString('en-US');
}

/** Seconds as `1d 02h 03m`, or from the first part that counts: seconds are shown below one day only. */
export function duration(seconds: number, separator: string): string {
  let rest = Math.trunc(seconds);
  const parts: string[] = [];
  for (const [unit, size, digits] of [
    ['d', 86_400, 1],
    ['h', 3600, 2],
    ['m', 60, 2],
  ] as const) {
    const whole = Math.floor(rest / size);
    if (parts.length > 0 || whole !== 0) parts.push(String(whole).padStart(digits, '0') + unit);
    rest -= whole * size;
  }
  if (parts.length < 3) parts.push(`${String(rest).padStart(2, '0')}s`);
  return parts.join(separator);
}

/** How long something has lasted, in seconds: `1d02h03m`. */
export function lasted(value: Json | undefined): string {
  const seconds = finite(value);
  return seconds === undefined ? text(value) : duration(seconds, '');
}

/** How long ago an epoch time was, in seconds both: `1d 02h 03m`, or `Never` for 0. */
export function ago(value: Json | undefined, now: number): string {
  const then = finite(value);
  if (then === undefined && value) return text(value);
  return then ? duration(now - then, ' ') : 'Never';
}

/** A finite number, or `undefined`. */
export function finite(value: Json | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function integer(value: Json | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const number = finite(value);
  return number === undefined ? undefined : BigInt(Math.trunc(number));
}
