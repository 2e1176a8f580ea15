// grafana/mixin.libsonnet as jsonnet renders it: what is imported is what is in the files.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const GRAFANA = resolve(import.meta.dirname, '../../grafana');
const DASHBOARDS = join(GRAFANA, 'dashboards');

interface Group {
  readonly name: string;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

interface Mixin {
  readonly grafanaDashboards: Readonly<Record<string, unknown>>;
  readonly prometheusAlerts: { readonly groups: readonly Group[] };
  readonly prometheusRules: { readonly groups: readonly Group[] };
}

/** As a configuration that has fields of another mixin already. */
const SNIPPET = `
  local mixin = { prometheusRules:: { groups: [] } } + import 'mixin.libsonnet';
  { [field]: mixin[field] for field in ['grafanaDashboards', 'prometheusAlerts', 'prometheusRules'] }`;

describeWith({ commands: ['jsonnet'] }, 'the mixin, rendered by jsonnet', () => {
  let mixin: Mixin;

  beforeAll(async () => {
    const { code, stdout, output } = await runToEnd('jsonnet', ['--jpath', GRAFANA, '--exec', SNIPPET]);
    expect(code, output).toBe(0);
    mixin = JSON.parse(stdout) as Mixin;
  });

  test('has each dashboard, as its file is', () => {
    const files = readdirSync(DASHBOARDS);
    const read = (file: string): unknown => JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8'));
    expect(mixin.grafanaDashboards).toEqual(Object.fromEntries(files.map((file) => [file, read(file)])));
  });

  test('has each rule of the rule file, alerts and recordings apart', () => {
    const { groups } = parse(readFileSync(join(GRAFANA, 'rules/electrumx.rules.yml'), 'utf8')) as { groups: Group[] };
    const rules = (kind: string) => groups.flatMap((group) => group.rules.filter((rule) => kind in rule));
    expect(mixin.prometheusAlerts.groups.flatMap((group) => group.rules)).toEqual(rules('alert'));
    expect(mixin.prometheusRules.groups.flatMap((group) => group.rules)).toEqual(rules('record'));
  });

  test('has no two groups of one name, so that both kinds fit in one file', () => {
    const names = [...mixin.prometheusAlerts.groups, ...mixin.prometheusRules.groups].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
