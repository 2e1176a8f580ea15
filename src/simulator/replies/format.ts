// Formats times, caches and addresses as a server does.
import { type Era, since } from '../eras.ts';
import type { Cache } from '../world/world.ts';

/** Host and port: what follows the last `@`. */
export const daemonName = (url: string): string => url.slice(url.lastIndexOf('@') + 1);

/** The counters of a cache, in the format of the era. */
export function cacheText({ lookups, hits, entries }: Cache, era: Era): string {
  const withCommas = (n: number) => n.toLocaleString('en-US');
  if (!since(era, 'F')) return `${withCommas(lookups)} lookups ${withCommas(hits)} hits ${withCommas(entries)} entries`;
  const rate = era === 'G' ? `, hitrate ${(hits / (lookups || 1)).toFixed(4)}` : '';
  return `${lookups} lookups, ${hits} hits, ${entries} entries${rate}`;
}

/** `01m 05s`, `2d 00h 04m`: from the first unit that is not zero; no seconds from a day up. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (n: number) => String(n).padStart(2, '0');
  const parts = [
    `${Math.floor(whole / 86_400)}d`,
    `${pad(Math.floor(whole / 3600) % 24)}h`,
    `${pad(Math.floor(whole / 60) % 60)}m`,
    `${pad(whole % 60)}s`,
  ];
  const first = [86_400, 3600, 60].findIndex((unit) => whole >= unit);
  return first === 0 ? parts.slice(0, 3).join(' ') : parts.slice(first < 0 ? 3 : first).join(' ');
}
