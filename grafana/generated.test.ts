// Generated files are up to date, and name only series that the exporter exports for recorded servers.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { STEPS } from '../src/electrum/failure.ts';
import { CATALOGUE } from '../src/metrics/catalogue.ts';
import { generateGrafana } from './src/generate.ts';
import { GROUPS } from './src/rules.ts';

const ROOT = new URL('../', import.meta.url);
const files = [...generateGrafana()];
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');

describe.each(files)('%s', (path, content) => {
  test('is up to date (npm run generate)', () => {
    expect(read(path)).toBe(content);
  });

  test('knows the metrics of the catalogue, recorded series, and no others', () => {
    const recorded = GROUPS.flatMap(({ rules }) => rules.map((rule) => ('record' in rule ? rule.record : '')));
    const known = new Set([...CATALOGUE.flatMap(({ name, labels }) => [name, ...labels]), ...recorded]);
    const named = [...content.matchAll(/\b(?:electrumx[_:]|process_|nodejs_)[a-z0-9_:]*/g)].map(([name]) => name);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('contains no address but the placeholders, and no string that clients can choose', () => {
    const addresses = [...content.matchAll(/https?:\/\/[^\s"/]+/g)].map(([address]) => address);
    expect([
      'http://localhost:3000',
      'http://replace-me.invalid',
      'https://bridge.example.org',
      'https://ping.example.org',
      'http://{{',
      'http://${instance}',
      'http://${__data.fields.instance}',
    ]).toEqual(expect.arrayContaining(addresses));
    expect(content).not.toMatch(/\$labels\.(group|client|version|software|protocol|method|coin)\b/);
  });
});

test('other addresses are in every alert and in every dashboard with links', () => {
  const addresses = { grafanaUrl: 'https://grafana.example.org', runbookUrl: 'https://wiki.example.org/electrumx' };
  const elsewhere = generateGrafana(addresses);
  for (const [path, content] of elsewhere) {
    const runbooks = [...content.matchAll(/([^\s"]*)#(?:electrumx|\$\{__data)/g)].map(([, before]) => before);
    expect(new Set(runbooks), path).toEqual(new Set(runbooks.length > 0 ? [addresses.runbookUrl] : []));
    const grafanas = [...content.matchAll(/(\S*)\/d\/electrumx-[^?]*\?var-job=\{\{/g)].map(([, before]) => before);
    expect(new Set(grafanas), path).toEqual(new Set(grafanas.length > 0 ? [addresses.grafanaUrl] : []));
  }
});

test('the folders of generated files contain nothing else', () => {
  const found = ['grafana/rules/', 'grafana/dashboards/'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT)).map((name) => folder + name),
  );
  const generated = files.map(([path]) => path).filter((path) => /^grafana\/(rules|dashboards)\//.test(path));
  expect(found.sort()).toEqual(generated.sort());
});

describe('values of labels', () => {
  const golden = readdirSync(new URL('test/golden/exposition/', ROOT)).map((name) =>
    read(`test/golden/exposition/${name}`),
  );
  const selectors = files.flatMap(([, content]) =>
    [...content.replaceAll('\\"', '"').matchAll(/(electrumx_\w+)\{([^}]*)\}/g)].map(
      ([, name = '', matchers = '']) => [name, matchers] as const,
    ),
  );
  const wanted = selectors.flatMap(([name, matchers]) =>
    [...matchers.matchAll(/(\w+)(?:=|!=|!~)"([\w|]+)"/g)].flatMap(([, label = '', values = '']) =>
      values.split('|').map((value) => [name, label, value] as const),
    ),
  );
  // Durations depend on the machine, so the golden files leave them out; success has the same collectors.
  const inGolden = (name: string) => name.replace('collector_duration_seconds', 'collector_success');

  test.each([...new Map(wanted.map((want) => [want.join(), want])).values()])(
    '%s: %s=%s exists',
    (name, label, value) => {
      // No recorded server was probed.
      if (label === 'step') return expect(STEPS).toContain(value);
      const series = new RegExp(`^${inGolden(name)}\\{[^}]*\\b${label}="${value}"`, 'm');
      expect(golden.some((exposition) => series.test(exposition))).toBe(true);
    },
  );
});
