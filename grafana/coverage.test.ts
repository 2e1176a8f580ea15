// Every metric is shown, or in a rule, or left out for a reason; and what a server does not tell is known for each era.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../src/metrics/catalogue.ts';
import { ERAS } from '../src/simulator/eras.ts';
import { startSimulator } from '../src/simulator/server.ts';
import { exporterFor } from '../test/support/exporter.ts';
import { series } from '../test/support/exposition.ts';
import { DASHBOARDS } from './src/dashboards.ts';
import { GAPS, type Gap } from './src/absent-metrics.ts';
import { MARKS } from './src/annotations.ts';
import { OMITTED } from './src/unused-metrics.ts';
import type { Vector } from './src/promql.ts';
import { mayBeEmpty, queries, withVariables } from '../test/support/dashboard-queries.ts';
import { GROUPS } from './src/rules.ts';

const panels = DASHBOARDS.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
const shown: readonly Vector[] = [
  ...panels.flatMap(({ lines }) => lines.map(([, expr]) => expr)),
  ...MARKS.map(({ expr }) => expr),
];
const used = new Set(
  [...shown, ...GROUPS.flatMap(({ rules }) => rules.map(({ expr }) => expr))].flatMap(({ metrics }) => metrics),
);

describe('coverage', () => {
  test.each(CATALOGUE.map(({ name }) => name))('%s is on a dashboard, in a rule, or left out for a reason', (name) => {
    expect([used.has(name), name in OMITTED]).toContain(true);
  });

  test.each(Object.keys(OMITTED))('%s is left out indeed', (name) => {
    expect(used).not.toContain(name);
  });
});

/** All that ElectrumX's environment can tell the exporter. */
const TOLD = {
  MAX_SESSIONS: '1000',
  COST_SOFT_LIMIT: '1000',
  COST_HARD_LIMIT: '10000',
  DAEMON_URL: 'http://user:secret@127.0.0.1:8332/',
  REPORT_SERVICES: 'ssl://electrum.example.org:50002',
};

async function metricsOf(era: (typeof ERAS)[number], env: Record<string, string>): Promise<ReadonlySet<string>> {
  const simulator = await startSimulator({ era, sessions: 50 });
  const exposition = await (await exporterFor(simulator.port, { env, now: Date.now })).scrape();
  await simulator.stop();
  return new Set(CATALOGUE.map(({ name }) => name).filter((name) => Object.keys(series(exposition, name)).length > 0));
}

const gaps: readonly (readonly [string, Gap])[] = Object.entries(GAPS);
const gapsOfKind = (kind: Gap['kind']) => gaps.filter(([, gap]) => gap.kind === kind).map(([name]) => name);

describe('gaps', () => {
  test.each(ERAS)('of %s are those that it does not tell', async (era) => {
    const there = await metricsOf(era, TOLD);
    const missing = CATALOGUE.map(({ name }) => name).filter((name) => !there.has(name));
    const known = gaps.filter(([, gap]) => gap.kind === 'era' && gap.eras.includes(era)).map(([name]) => name);
    expect(missing.filter((name) => !gapsOfKind('quiet').includes(name)).sort()).toEqual(known.sort());
  });

  test('of events are not there on an idle server', () => {
    const idle = readFileSync(new URL('../test/golden/exposition/spesmilo-1.20.0-idle.txt', import.meta.url), 'utf8');
    expect(gapsOfKind('quiet').filter((name) => new RegExp(`^${name}[{ ]`, 'm').test(idle))).toEqual([]);
  });

  test('of settings are those that are not there when nobody told', async () => {
    const [told, untold] = [await metricsOf('F', TOLD), await metricsOf('F', {})];
    expect([...told].filter((name) => !untold.has(name)).sort()).toEqual(gapsOfKind('untold').sort());
  });
});

test('a colour with a name is that of a series that exists', async () => {
  const simulator = await startSimulator({ era: 'F', sessions: 50 });
  const { samples } = await (await exporterFor(simulator.port, { env: TOLD, now: Date.now })).scrape();
  await simulator.stop();
  const labelled = [...samples.keys()].map(
    (key) => new Map([...key.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', value = '']) => [label, value])),
  );
  const names = (legend: string) =>
    labelled.map((labels) => legend.replace(/\{\{(\w+)\}\}/g, (hole, label: string) => labels.get(label) ?? hole));
  for (const { lines, look } of panels) {
    const all = new Set(lines.flatMap(([legend]) => names(legend)));
    for (const name of Object.keys(look.colours ?? {})) expect(all).toContain(name);
  }
});

describe('the list of queries', () => {
  test('has every query of every panel', () => {
    const [found, expected] = [
      queries().filter(({ panel }) => !/^(annotation|variable) /.test(panel)),
      panels.flatMap(({ lines }) => lines),
    ];
    expect(found).toHaveLength(expected.length);
    expect(new Set(found.map(({ panel }) => panel))).toEqual(new Set(panels.map(({ title }) => title)));
  });

  test('can be sent to Prometheus', () => {
    const values = { job: 'electrumx', instance: 'localhost:10061', __rate_interval: '1m' };
    for (const { expr } of queries()) expect(withVariables(expr, values)).not.toContain('$');
    expect(() => withVariables('up{job="$jbo"}', values)).toThrow('$jbo has no value');
  });

  test('says which may be empty', () => {
    const flushCount = queries().filter(({ expr }) => expr.includes('electrumx_db_flushes'));
    expect(flushCount.filter((query) => !mayBeEmpty(query, 'G'))).toEqual([]);
    expect(flushCount.filter((query) => mayBeEmpty(query, 'F')).map(({ panel }) => panel)).toEqual(['Time left']);
    expect(
      queries()
        .filter((query) => mayBeEmpty(query, 'F'))
        .every(({ gaps }) => gaps.length > 0),
    ).toBe(true);
  });
});
