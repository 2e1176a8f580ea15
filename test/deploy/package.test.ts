// What `npm pack` puts into the package: what its users need, and nothing else. test/real/package.test.ts installs it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const packed = packedFiles();

test('it holds the documents, the built code, the files for deployment and those for Prometheus and Grafana', () => {
  expect(new Set(packed.map((path) => path.split('/')[0]))).toEqual(
    new Set([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'deploy',
      'dist',
      'docs',
      'grafana',
      'package.json',
    ]),
  );
});

test('all of the source is there in its built form', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const built = source.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
  expect(built.filter((path) => !packed.includes(path))).toEqual([]);
});

test('both commands are in it', () => {
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toEqual(['electrumx-exporter', 'electrumx-rpc']);
  expect(packed).toEqual(expect.arrayContaining(Object.values(bin)));
});

test('no source, tests or maps are', () => {
  expect(packed.filter((path) => /\.(ts|map|tsbuildinfo)$|(^|\/)(tests?|fixtures|golden)\//.test(path))).toEqual([]);
});

// A link to a folder is good if something in it is packed.
const documents = packed.filter((path) => path.endsWith('.md'));
test.each(documents)('%s links to nothing that is not in it', (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)));
  const there = (target: string) => packed.some((path) => path === target || path.startsWith(join(target, '/')));
  expect(targets.filter((target) => !there(target))).toEqual([]);
});

/** The paths in the package; without scripts, so that nothing is built while other tests run. */
function packedFiles(): string[] {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(json) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}
