// The dashboards as Grafana reads them: they fit its schema and the conventions of dashboards, are complete, and no link is dead.
import { readFileSync } from 'node:fs';
import type * as sdk from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import { describe, expect, test } from 'vitest';
import { grafanaSchema } from '../test/support/grafana-schema.ts';
import { dashboardFile } from './src/dashboard.ts';
import { DASHBOARDS } from './src/dashboards.ts';
import { TAG } from './src/links.ts';
import { alerts } from './src/rules.ts';

interface File {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly links: readonly sdk.DashboardLink[];
  readonly templating: { readonly list: readonly sdk.VariableModel[] };
  readonly annotations: { readonly list: readonly sdk.AnnotationQuery[] };
  readonly panels: readonly (sdk.Panel | sdk.RowPanel)[];
}

const files = DASHBOARDS.map((dashboard) => JSON.parse(dashboardFile(dashboard)) as File);
const runbook = readFileSync(new URL('../docs/runbook.md', import.meta.url), 'utf8');

const panelsOf = ({ panels }: File) => panels.filter((panel): panel is sdk.Panel => panel.type !== 'row');
const targetsOf = ({ targets = [] }: sdk.Panel) => targets as unknown as (Dataquery & { refId: string })[];
const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value instanceof Object
      ? (Object.values(value) as unknown[]).flatMap(strings)
      : [];
const valuesOf = (key: string, value: unknown): unknown[] =>
  value instanceof Object
    ? Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => [
        ...(name === key ? [inner] : []),
        ...valuesOf(key, inner),
      ])
    : [];
const twice = (values: readonly unknown[]) => values.filter((value, index) => values.indexOf(value) !== index);

test('no two dashboards have the same uid, title or description', () => {
  expect(twice(files.map(({ uid }) => uid))).toEqual([]);
  expect(twice(files.map(({ title }) => title))).toEqual([]);
  expect(twice(files.map(({ description }) => description))).toEqual([]);
});

describe("Grafana's schema", () => {
  const kinds = [...new Set(files.flatMap(panelsOf).map(({ type }) => type))];
  const moduleOf = (type: string) => type.replaceAll('-', '');
  const schema = grafanaSchema(['dashboard', 'prometheus', 'common', ...kinds.map(moduleOf)]);

  test.each(files)('$uid: the dashboard', (file) => {
    expect(schema.faults('dashboard', 'Dashboard', file)).toEqual([]);
  });

  test.each(files)('$uid: the queries', (file) => {
    for (const target of panelsOf(file).flatMap(targetsOf)) {
      expect(schema.faults('prometheus', 'Dataquery', target)).toEqual([]);
    }
  });

  test.each(files)('$uid: the options of panels', (file) => {
    for (const { type, options } of panelsOf(file)) {
      expect(schema.faults(moduleOf(type), 'Options', options)).toEqual([]);
    }
  });

  test.each(files)('$uid: the options of fields, and what overrides them', (file) => {
    for (const { type, fieldConfig } of panelsOf(file)) {
      const custom: unknown = fieldConfig?.defaults.custom;
      if (custom !== undefined) expect(schema.faults(moduleOf(type), 'FieldConfig', custom)).toEqual([]);
      for (const { id, value } of fieldConfig?.overrides.flatMap(({ properties }) => properties) ?? []) {
        const [module, property] = id.startsWith('custom.') ? [moduleOf(type), id.slice(7)] : ['dashboard', id];
        // Newer than the schema: Grafana 13 hides columns by it.
        if (id === 'custom.hideFrom.viz') continue;
        // Links from data have no icon and no tags, which the SDK's one type of links asks for.
        const links = id === 'links' ? /: is missing$/ : /^$/;
        expect(
          schema.faultsOfProperty(module, 'FieldConfig', property, value).filter((fault) => !links.test(fault)),
        ).toEqual([]);
      }
    }
  });
});

describe.each(files)('$uid', (file) => {
  const panels = panelsOf(file);

  test('gives each panel an id, a title, and a place that no other has', () => {
    const ids = file.panels.map(({ id }) => id);
    expect(ids.every((id) => id !== undefined && id > 0)).toBe(true);
    expect(twice(ids)).toEqual([]);
    expect(twice(file.panels.map(({ title }) => title))).toEqual([]);
    const cells = file.panels.flatMap(({ gridPos: { x, y, w, h } = { x: 0, y: 0, w: 0, h: 0 } }) => {
      expect([x >= 0, w > 0, x + w <= 24, h > 0]).toEqual([true, true, true, true]);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`);
    });
    expect(twice(cells)).toEqual([]);
  });

  test('leaves no gap in a row', () => {
    const width = panels.reduce((sum, { gridPos }) => sum + (gridPos?.w ?? 0) * (gridPos?.h ?? 0), 0);
    const bottom = Math.max(...panels.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)));
    expect(width).toBe(24 * (bottom - (file.panels.length - panels.length)));
  });

  test('has a question in every row and panel, and says what is normal', () => {
    for (const { type, title = '' } of file.panels) if (type === 'row') expect(title).toMatch(/\?$/);
    for (const { description = '' } of panels) expect(description).toMatch(/^[A-Z][^?]+\? .+\.$/);
  });

  test('has queries, a unit and a reason for no data in every panel', () => {
    for (const panel of panels) {
      const refs = targetsOf(panel).map(({ refId }) => refId);
      expect(refs).not.toEqual([]);
      expect(twice(refs)).toEqual([]);
      expect(targetsOf(panel).every(({ expr }) => expr !== '')).toBe(true);
      expect(panel.fieldConfig?.defaults.unit).toBeTypeOf('string');
      expect(panel.fieldConfig?.defaults.noValue).toMatch(/./);
    }
  });

  test('queries only the data source of the variable', () => {
    const datasources = valuesOf('datasource', file);
    expect(datasources.length).toBeGreaterThan(panels.length);
    for (const datasource of datasources) expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
  });

  test('has every variable that it uses, and uses every one that it has', () => {
    const has = file.templating.list.map(({ name }) => name);
    const found = strings({ ...file, templating: {} }).flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)]);
    const used = new Set(found.map(([, name = '']) => name).filter((name) => !name.startsWith('__')));
    expect([...used].sort()).toEqual([...has].sort());
    const selectors = panels.flatMap(targetsOf).flatMap(({ expr }) => [...expr.matchAll(/[{,]job=~?"\$job"/g)]);
    expect(selectors.length).toBeGreaterThan(0);
  });

  test('links to the other dashboards with its variables and its time range', () => {
    expect(file.tags).toEqual([TAG]);
    expect(file.links).toEqual([
      expect.objectContaining({ type: 'dashboards', tags: [TAG], includeVars: true, keepTime: true }),
    ]);
  });

  test('links only to what exists', () => {
    const headings = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    const places = [
      ...headings.map((heading) => `http://\${instance}/runbook#${heading}`),
      ...['instance', '__data.fields.instance'].map((host) => `http://\${${host}}/runbook#\${__data.fields.anchor}`),
      ...files.map(({ uid }) => `/d/${uid}`),
    ];
    for (const url of valuesOf('url', file)) expect(places).toContain(String(url).replace(/\?.*/, ''));
  });

  test('knows the heading in the runbook of each alert that can be in its table of alerts', () => {
    const table = panels.find(({ title }) => title === 'Firing alerts');
    const anchors = table?.fieldConfig?.overrides
      .find(({ matcher }) => matcher.options === 'anchor')
      ?.properties.find(({ id }) => id === 'mappings')?.value as sdk.ValueMap[] | undefined;
    for (const { alert } of table ? alerts() : []) {
      const anchor = anchors?.[0]?.options[alert]?.text ?? '';
      expect(runbook.toLowerCase()).toContain(`## ${anchor}\n`);
    }
  });

  test('marks restarts, new versions and failovers', () => {
    expect(file.annotations.list.map(({ name }) => name)).toEqual([
      'ElectrumX restarted',
      'Version changed',
      'Daemon switched',
    ]);
  });
});

const watched = alerts().filter(({ alert }) => alert !== 'ElectrumXWatchdog');

test.each(watched)('$alert leads to a dashboard that shows what it fires on', ({ alert, dashboard }) => {
  const shown = DASHBOARDS.find(({ uid }) => uid === dashboard)?.rows.flatMap((row) => row.panels) ?? [];
  expect(shown.flatMap(({ look }) => look.alerts ?? [])).toContain(alert);
});

/** The rules of https://github.com/grafana/dashboard-linter that hold for all panels, and where and why they do not. */
describe('conventions', () => {
  const panels = files.flatMap((file) => panelsOf(file).map((panel) => ({ file, panel })));
  const expressions = panels.flatMap(({ file, panel }) =>
    targetsOf(panel).map(({ expr }) => ({ where: `${file.uid}, ${panel.title ?? ''}`, file, expr })),
  );

  test.each(files)('$uid has a variable for the data source, which can be chosen', ({ templating }) => {
    expect(templating.list[0]).toMatchObject({
      type: 'datasource',
      name: 'datasource',
      label: 'Data source',
      query: 'prometheus',
    });
  });

  test.each(files)('$uid reads the choices of its variables again when the time range changes', ({ templating }) => {
    for (const { refresh } of templating.list.slice(1)) expect(refresh).toBe(2);
  });

  test.each(files)('$uid cannot be edited by accident', (file) => {
    expect(file).toMatchObject({ editable: false });
  });

  /**
   * A variable with many values needs `=~`. A dashboard about one server has variables with one value, which Grafana does not escape
   * in a regular expression: `=~"[::1]:10061"` would match no server.
   */
  test('match variables with many values by =~, and those with one value by =', () => {
    for (const { file, expr, where } of expressions) {
      for (const { name, multi = false } of file.templating.list.slice(1) as (sdk.VariableModel & {
        multi?: boolean;
      })[]) {
        const matchers = [...expr.matchAll(new RegExp(`(=~|!~|!=|=)"\\$${name}"`, 'g'))].map(
          ([, operator]) => operator,
        );
        expect(matchers.length, `${where}: ${name}`).toBeGreaterThan(0);
        expect(new Set(matchers), where).toEqual(new Set([multi ? '=~' : '=']));
      }
    }
  });

  /** A rank over 6 hours, so that lines do not change places; and transactions in an hour. */
  test('rate over the interval that fits the time range, with two exceptions', () => {
    const fixed = expressions.filter(({ expr }) =>
      /\b(rate|increase)\(\w+\{[^}]*\}\[(?!\$__rate_interval\])/.test(expr),
    );
    expect(new Set(fixed.map(({ where }) => where))).toEqual(
      new Set(['electrumx-on-call, Requests by method', 'electrumx-clients, Transactions']),
    );
  });

  test('have a unit in each panel, `none` only for numbers of things', () => {
    const units = new Set(panels.map(({ panel }) => panel.fieldConfig?.defaults.unit));
    expect([...units]).not.toContain(undefined);
    expect([...units]).not.toContain('');
  });

  test('have short titles in narrow tiles, which would cut longer ones', () => {
    const narrow = panels.filter(({ panel }) => panel.type === 'stat' && (panel.gridPos?.w ?? 0) <= 3);
    expect(narrow.filter(({ panel }) => (panel.title?.length ?? 0) > 12).map(({ panel }) => panel.title)).toEqual([]);
    expect(narrow.filter(({ panel }) => (panel.gridPos?.w ?? 0) < 3).map(({ panel }) => panel.title)).toEqual([]);
  });

  test('use only kinds of panels that the preview draws with components of Grafana', () => {
    expect(new Set(panels.map(({ panel }) => panel.type))).toEqual(
      new Set(['bargauge', 'stat', 'table', 'timeseries']),
    );
  });
});

/** A screen of 1920x1080 shows 21 units of height below the bars of browser and Grafana. */
test('On-call shows wallets, verdict and tip on the first screen', () => {
  const onCall = files.find(({ uid }) => uid === 'electrumx-on-call');
  const bottom = (title: string) => {
    const { y = 0, h = 0 } = onCall?.panels.find((panel) => panel.title === title)?.gridPos ?? {};
    return y + h;
  };
  expect(onCall?.panels[0]?.title).toBe('What does a wallet see?');
  expect(['Client ports', 'Firing alerts', 'Heights'].map(bottom)).toEqual([5, 13, 20]);
});
