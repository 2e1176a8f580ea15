// What version 1.0.0 exported is still exported: the same names, labels and values, but for two metrics with new names.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const golden = (folder: string, file: string) =>
  readFileSync(new URL(`../golden/${folder}/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean);

/** The names since 1.0.0; CHANGELOG.md has them, too. */
const renamed = (series: string) =>
  series
    .replace('electrumx_db_flush_count', 'electrumx_db_flushes')
    .replace('electrumx_scrape_collector_hostile_texts', 'electrumx_scrape_collector_suspicious_strings');

/** Series to value, without the noise after the ninth decimal that 1.0.0 left in sums. */
function samplesIn(lines: readonly string[]): Map<string, number> {
  const samples = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => {
      const end = line.lastIndexOf(' ');
      return [renamed(line.slice(0, end)), Number(Number(line.slice(end + 1)).toFixed(9))] as const;
    });
  return new Map(samples);
}

describe.each(readdirSync(new URL('../golden/1.0.0', import.meta.url)))('%s', (file) => {
  test('has all series of 1.0.0 with their values', () => {
    const now = samplesIn(golden('exposition', file));
    const before = samplesIn(golden('1.0.0', file));
    expect(new Map([...before.keys()].map((series) => [series, now.get(series)]))).toEqual(before);
  });
});
