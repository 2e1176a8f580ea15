// What is written by hand about an alert exists: its runbook section, its tests, and the alerts that it inhibits.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CATALOGUE } from '../src/metrics/catalogue.ts';
import { generateGrafana } from './src/generate.ts';
import { JOB } from './src/rule.ts';
import { alerts, GROUPS } from './src/rules.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const names = alerts().map(({ alert }) => alert);
const WATCHDOG = 'ElectrumXWatchdog';

test('every rule has a name of its own, and a recording comes before what uses it', () => {
  const defined = new Set<string>();
  for (const rule of GROUPS.flatMap(({ rules }) => rules)) {
    const name = 'record' in rule ? rule.record : rule.alert;
    expect(defined.has(name), name).toBe(false);
    defined.add(name);
    // A recording may look at what an earlier evaluation recorded.
    const earlier = 'record' in rule ? rule.record.split(/_unchanged|:last/)[0] : undefined;
    for (const metric of rule.expr.metrics.filter((used) => used.includes(':'))) {
      if (earlier !== undefined && metric.startsWith(earlier)) continue;
      expect([...defined], `${name} uses ${metric}`).toContain(metric);
    }
  }
});

describe('docs/runbook.md', () => {
  const text = read('../docs/runbook.md');
  const sections = text.split(/^## /m).slice(1);
  const titles = sections.map((section) => section.split('\n')[0] ?? '');

  test('has a section for every alert, in the order of the rules, and no others', () => {
    expect(titles.filter((title) => title.startsWith('ElectrumX'))).toEqual(names);
  });

  test('names only metrics of the catalogue', () => {
    const named = [...text.matchAll(/\belectrumx_[a-z_]+/g)].map(([name]) => name);
    const known = new Set([...CATALOGUE.map(({ name }) => name), 'electrumx_rpc', 'electrumx_compact_history']);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test.each(names)('has meaning, impact, diagnosis and mitigation of %s', (name) => {
    const section = sections[titles.indexOf(name)] ?? '';
    const parts = [...section.matchAll(/^\*\*(\w+)\.\*\* (.*)/gm)];
    expect(parts.map(([, part]) => part)).toEqual(['Meaning', 'Impact', 'Diagnosis', 'Mitigation']);
    for (const [, part, words] of parts) expect(words?.length, part).toBeGreaterThan(20);
  });

  test.each(alerts())(
    'has the severity of $alert and the alerts that it inhibits',
    ({ alert, severity, inhibits = [] }) => {
      const [, header = ''] = (sections[titles.indexOf(alert)] ?? '').split('\n\n');
      const [, inhibited = ''] = /\bInhibits ([^.]+)\./.exec(header) ?? [];
      expect(header.split(',')[0]).toBe(severity);
      if (inhibits === 'all others') expect(inhibited).toBe('all other alerts of the instance');
      else expect(inhibited.match(/ElectrumX\w+/g)?.sort() ?? []).toEqual([...inhibits].sort());
    },
  );
});

interface Expectation {
  readonly alertname: string;
  /** in minutes: `10m` */
  readonly eval_time: string;
  readonly exp_alerts?: readonly unknown[];
}

interface RuleTest {
  readonly tests: readonly { readonly name: string; readonly alert_rule_test?: readonly Expectation[] }[];
}

describe('grafana/tests', () => {
  const cases = readdirSync(new URL('tests/', import.meta.url))
    .flatMap((file) => (parse(read(`tests/${file}`)) as RuleTest).tests)
    .flatMap(({ name, alert_rule_test }) => (alert_rule_test ?? []).map((expectation) => ({ name, ...expectation })));
  const fires = (alert: string) =>
    cases.some(({ alertname, exp_alerts }) => alertname === alert && (exp_alerts ?? []).length > 0);
  const isInnocent = (alert: string) =>
    cases.some(({ name, alertname, exp_alerts }) => alertname === alert && !exp_alerts && name.startsWith('innocent'));

  const minute = ({ eval_time }: Expectation) => Number(/^(\d+)m$/.exec(eval_time)?.[1]);

  test.each(names.filter((name) => name !== WATCHDOG))(
    'show the minute in which %s starts to fire, and the one before, in which it does not',
    (alert) => {
      const [fired, silent] = [true, false].map((firing) =>
        cases.filter(({ alertname, exp_alerts }) => alertname === alert && firing === Boolean(exp_alerts?.length)),
      );
      const begins = fired?.filter((fires) =>
        silent?.some((quiet) => quiet.name === fires.name && minute(quiet) === minute(fires) - 1),
      );
      expect(begins).not.toEqual([]);
    },
  );

  test.each(names.filter((name) => name !== WATCHDOG))(
    'show %s firing, and a similar case in which it does not fire',
    (name) => {
      expect([fires(name), isInnocent(name)]).toEqual([true, true]);
    },
  );

  test('test no other alerts', () => {
    expect(cases.map(({ alertname }) => alertname).filter((name) => !(names as string[]).includes(name))).toEqual([]);
  });
});

test.each(alerts())(
  '$alert waits at most 2 minutes or at least 10, so that a restart of Prometheus resolves no alert',
  (alert) => {
    const [, count, unit] = /^(\d+)([smhd])$/.exec(alert.for) ?? [];
    const minutes = Number(count) * { s: 1 / 60, m: 1, h: 60, d: 1440 }[unit as 's'];
    expect(minutes <= 2 || minutes >= 10).toBe(true);
  },
);

test('prometheus.yml scrapes the job that the rules look for', () => {
  const { scrape_configs } = parse(read('prometheus.yml')) as { scrape_configs: { job_name: string }[] };
  expect(scrape_configs.map(({ job_name }) => job_name)).toEqual([JOB]);
});

test.each(alerts())('$alert leads to a dashboard that exists: $dashboard', ({ dashboard }) => {
  expect([...generateGrafana().keys()]).toContain(`grafana/dashboards/${dashboard}.json`);
});

describe('inhibitions', () => {
  const inhibited = new Map<string, readonly string[]>(
    alerts().map(({ alert, inhibits = [] }) => [
      alert,
      inhibits === 'all others' ? names.filter((name) => name !== alert) : inhibits,
    ]),
  );

  /** What an alert inhibits, and what those alerts inhibit, and so on. */
  function reachedFrom(alert: string): ReadonlySet<string> {
    const reached = new Set(inhibited.get(alert));
    for (const name of reached) inhibited.get(name)?.forEach((next) => reached.add(next));
    return reached;
  }

  test('name only alerts that exist', () => {
    expect(names).toEqual(expect.arrayContaining([...inhibited.values()].flat()));
  });

  // Two alerts that inhibit each other would both be silent.
  test.each(names)('of %s do not lead back to it', (alert) => {
    expect([...reachedFrom(alert)]).not.toContain(alert);
  });
});
