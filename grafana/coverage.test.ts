// Every metric is on a dashboard, in a rule, or left out for a reason; and it is known when each is absent.
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CATALOGUE } from '../src/metrics/catalogue.ts';
import { PROCESS_METRICS } from '../src/metrics/definitions/process.ts';
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

  test.each(Object.keys(OMITTED))('%s is on no dashboard and in no rule', (name) => {
    expect(used).not.toContain(name);
  });
});

/** Everything that ElectrumX's environment can configure, but for its client ports. */
const CONFIGURED = {
  MAX_SESSIONS: '1000',
  COST_SOFT_LIMIT: '1000',
  COST_HARD_LIMIT: '10000',
  DAEMON_URL: 'http://user:secret@127.0.0.1:8332/',
  REPORT_SERVICES: 'ssl://electrum0.example.org:50002',
  DB_DIRECTORY: import.meta.dirname,
};
const CLIENT_PORTS = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;

async function scrape(era: (typeof ERAS)[number], settings: Record<string, string>) {
  const simulator = await startSimulator({ era, sessions: 50, services: CLIENT_PORTS });
  onTestFinished(() => simulator.stop());
  const SERVICES = simulator.services.map(({ transport, port }) => `${transport}://127.0.0.1:${port}`).join(',');
  const env = settings === CONFIGURED ? { ...settings, SERVICES } : settings;
  return (await exporterFor(simulator.port, { env, now: Date.now })).scrape();
}

async function metricsOf(era: (typeof ERAS)[number], settings: Record<string, string>): Promise<ReadonlySet<string>> {
  const exposition = await scrape(era, settings);
  return new Set(CATALOGUE.map(({ name }) => name).filter((name) => Object.keys(series(exposition, name)).length > 0));
}

const gaps: readonly (readonly [string, Gap])[] = Object.entries(GAPS);
const gapsOfKind = (...kinds: Gap['kind'][]) =>
  gaps.filter(([, gap]) => kinds.includes(gap.kind)).map(([name]) => name);

describe('the list of absent metrics', () => {
  test.each(ERAS)('has what servers of era %s do not report', async (era) => {
    const there = await metricsOf(era, CONFIGURED);
    const missing = CATALOGUE.map(({ name }) => name).filter((name) => !there.has(name));
    const known = gaps.filter(([, gap]) => gap.kind === 'era' && gap.eras.includes(era)).map(([name]) => name);
    const elsewhere = gapsOfKind('quiet', 'invisible');
    expect(missing.filter((name) => !elsewhere.includes(name)).sort()).toEqual(known.sort());
  });

  test('has the kind quiet for what an idle server does not have', () => {
    const idle = readFileSync(new URL('../test/golden/exposition/spesmilo-1.20.0-idle.txt', import.meta.url), 'utf8');
    expect(gapsOfKind('quiet').filter((name) => new RegExp(`^${name}[{ ]`, 'm').test(idle))).toEqual([]);
  });

  test('has the kind unconfigured for what an exporter without settings does not have', async () => {
    const [configured, bare] = [await metricsOf('F', CONFIGURED), await metricsOf('F', {})];
    expect([...configured].filter((name) => !bare.has(name)).sort()).toEqual(gapsOfKind('unconfigured').sort());
  });

  test('has the kind invisible for what a simulator does not have: a process, a certificate file', async () => {
    const there = await metricsOf('F', CONFIGURED);
    const missing = PROCESS_METRICS.map(({ name }) => name).filter((name) => !there.has(name));
    const others = gapsOfKind('invisible').filter((name) => !name.startsWith('electrumx_process_'));
    expect(gapsOfKind('invisible').sort()).toEqual([...missing, ...others].sort());
    expect(others.filter((name) => there.has(name))).toEqual([]);
  });
});

test('a colour with a name is that of a series that exists', async () => {
  const { samples } = await scrape('F', CONFIGURED);
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

  test('marks the queries that may be empty', () => {
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
