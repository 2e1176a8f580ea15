// Lengths of time in rules and routes, and how they are written where a test lets time pass faster.

/** A length of time as Prometheus and Alertmanager write it. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

/** A past that is looked at in steps: a week of every sample would be too many. */
export interface SubqueryRange {
  readonly range: Duration;
  readonly step: Duration;
}

/** How much faster than usual time passes: 60 makes an hour a minute. 1 for files that are used. */
export type TimeScale = number;

/** A number of seconds in an expression that is a length of time, so that it shrinks when time passes faster. */
export interface Seconds {
  readonly kind: 'seconds';
  readonly value: number;
}

/** A length of time for an expression, in seconds. */
export function seconds(value: number): Seconds {
  return { kind: 'seconds', value };
}

const SECONDS_OF = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** What is in the brackets of a range or of a subquery. */
export function writeRange(range: Duration | SubqueryRange, timeScale: TimeScale): string {
  if (typeof range === 'string') return writeDuration(range, timeScale);
  return `${writeDuration(range.range, timeScale)}:${writeDuration(range.step, timeScale)}`;
}

/** The seconds of `90s`, `15m`, `12h` or `10d`. Throws for anything else. */
export function secondsIn(duration: string): number {
  const [, count, unit] = /^([\d.]+)([smhd])$/.exec(duration) ?? [];
  if (count === undefined) throw new Error(`${duration} is not a duration`);
  return Number(count) * SECONDS_OF[unit as keyof typeof SECONDS_OF];
}

/** Prometheus counts in milliseconds: no length of time gets shorter than one. */
export function writeDuration(duration: Duration, timeScale: TimeScale): string {
  if (timeScale === 1) return duration;
  return `${Math.max(1, Math.round((secondsIn(duration) * 1000) / timeScale))}ms`;
}

/** The number of seconds, when time passes `timeScale` times as fast. */
export function writeSeconds({ value }: Seconds, timeScale: TimeScale): string {
  return String(value / timeScale);
}
