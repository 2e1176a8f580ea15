// Formats of values in the official script: Python's str(), thousands separators and durations.
import { compactJson, pythonFloat, type Json } from './json.ts';

/** Python's `str(value)`. An absent cell is empty. */
export function formatValue(value: Json | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? pythonFloat(value) : value === null ? 'None' : compactJson(value);
}

/** The integer part with thousands separators (`{:,d}`). Anything but a finite number is formatted by `formatValue`. */
export function formatInteger(value: Json | undefined): string {
  const whole = integer(value);
  return whole === undefined ? formatValue(value) : whole.toLocaleString('en-US');
}

/** Bytes in units of 1024, rounded down (`{:,d}` of `bytes // 1024`). */
export function formatKilobytes(value: Json | undefined): string {
  const bytes = integer(value);
  return bytes === undefined ? formatValue(value) : (bytes >> 10n).toLocaleString('en-US');
}

/** A duration in seconds as `1d 02h 03m`. Leading parts that are zero are left out; seconds are shown below one day only. */
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

/** A duration in seconds, without blanks: `1d02h03m`. */
export function formatDuration(value: Json | undefined): string {
  const seconds = finiteNumber(value);
  return seconds === undefined ? formatValue(value) : duration(seconds, '');
}

/** The time since an epoch time: `1d 02h 03m`, or `Never` for 0. Both times are in seconds. */
export function formatAge(value: Json | undefined, now: number): string {
  const then = finiteNumber(value);
  if (then === undefined && value) return formatValue(value);
  return then ? duration(now - then, ' ') : 'Never';
}

/** A finite number, or `undefined`. */
export function finiteNumber(value: Json | undefined): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function integer(value: Json | undefined): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const number = finiteNumber(value);
  return number === undefined ? undefined : BigInt(Math.trunc(number));
}
