// The files in the npm package: those that its users need, and no others. test/real/package.test.ts installs it.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const packed = packedFiles();

test('has documents, built code, and the files for deployment, Prometheus and Grafana', () => {
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

test('has every source file in its built form', () => {
  const source = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
  );
  const built = source.map((path) => `dist/${path.replace(/\.ts$/, '.js')}`);
  expect(built.filter((path) => !packed.includes(path))).toEqual([]);
});

test('has both commands', () => {
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> };
  expect(Object.keys(bin)).toEqual(['electrumx-exporter', 'electrumx-rpc']);
  expect(packed).toEqual(expect.arrayContaining(Object.values(bin)));
});

test('has no source, tests or source maps', () => {
  expect(packed.filter((path) => /\.(ts|map|tsbuildinfo)$|(^|\/)(tests?|fixtures|golden)\//.test(path))).toEqual([]);
});

// A link to a folder is valid if a file in it is packed.
const documents = packed.filter((path) => path.endsWith('.md'));
test.each(documents)('%s links only to files in the package', (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(document), target)));
  const there = (target: string) => packed.some((path) => path === target || path.startsWith(join(target, '/')));
  expect(targets.filter((target) => !there(target))).toEqual([]);
});

/** The paths in the package. Runs no scripts: a build would disturb other tests. */
function packedFiles(): string[] {
  const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(json) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path);
}
