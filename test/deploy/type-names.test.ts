// Names of exported types: each means one thing within one product.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const PRODUCTS: Readonly<Record<string, (file: string) => boolean>> = {
  'the exporter': (file) => file.startsWith('src/') && !/^src\/(cli|simulator)\//.test(file),
  'electrumx-rpc': (file) => /^src\/(cli|localrpc|electrumx)\//.test(file),
  'the simulator': (file) => file.startsWith('src/simulator/'),
  'rules and dashboards': (file) => file.startsWith('grafana/src/'),
};

const root = new URL('../../', import.meta.url);
const files = ['src', 'grafana/src'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => join(folder, file)),
);

test.each(Object.entries(PRODUCTS))('%s exports no type name twice', (_, isPartOf) => {
  const names = files
    .filter(isPartOf)
    .flatMap((file) => [
      ...readFileSync(new URL(file, root), 'utf8').matchAll(/^export (?:type|interface|class) (\w+)/gm),
    ])
    .map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
