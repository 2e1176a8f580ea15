// The outcome of each collector in a scrape, and the series that come from each collector.
import { CATALOGUE } from '../../src/metrics/catalogue.ts';
import { valueOf, type Exposition } from './exposition.ts';

export const METHODS = ['getinfo', 'groups', 'sessions', 'peers'] as const;
export type Method = (typeof METHODS)[number];

const KINDS = ['refused', 'timeout', 'closed', 'protocol', 'remote', 'too_large'] as const;

/** The outcome of each collector: `ok`, `ok, 3 bad rows`, `skipped`, or the kinds of failure that were counted since the scrape `before`. */
export function outcomes(scrape: Exposition, before: Exposition): Record<Method, string> {
  const outcome = (collector: Method): string => {
    const value = (name: string) => valueOf(scrape, `electrumx_scrape_collector_${name}`, { collector });
    const count = (exposition: Exposition, kind: string) =>
      valueOf(exposition, 'electrumx_scrape_failures_total', { collector, kind }) ?? 0;
    const failures = KINDS.flatMap((kind) => Array<string>(count(scrape, kind) - count(before, kind)).fill(kind));
    const success = value('success') === 1 ? [value('bad_rows') ? `ok, ${value('bad_rows') ?? 0} bad rows` : 'ok'] : [];
    const skipped = value('skipped') === 1 ? ['skipped'] : [];
    return [...success, ...skipped, ...failures].join(' and ');
  };
  return Object.fromEntries(METHODS.map((method) => [method, outcome(method)])) as Record<Method, string>;
}

/** The series of all metrics that are read from any or all of the methods, as `which` says, with their values. */
export function dataOf({ samples }: Exposition, which: (from: readonly Method[]) => boolean): Record<string, number> {
  const names = new Set<string>(
    CATALOGUE.flatMap(({ name, source }) => {
      const from = METHODS.filter((method) => source.split('; ').some((one) => one.startsWith(`${method}:`)));
      return from.length > 0 && which(from) ? [name] : [];
    }),
  );
  return Object.fromEntries([...samples].filter(([key]) => names.has(key.replace(/\{.*/s, ''))));
}
