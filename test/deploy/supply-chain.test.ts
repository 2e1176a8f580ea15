// The dependencies: few packages, pinned, with permissive licences and without install scripts.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const ROOT = new URL('../../', import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
const manifest = json('package.json') as Readonly<Record<'dependencies' | 'devDependencies', Record<string, string>>>;
const { packages } = json('package-lock.json') as { packages: Readonly<Record<string, Package>> };

const all = Object.entries(packages).filter(([path]) => path !== '');
const shipped = all.filter(([, { dev }]) => dev !== true);
const paths = (entries: typeof all) => entries.map(([path]) => path);

/** They only require that their text is included, as it is in npm packages. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
/** Dependencies that are only used to build and test, and are not distributed, may have these, too. */
const FOR_DEVELOPMENT = [...PERMISSIVE, 'MPL-2.0', 'Python-2.0'];

describe('production dependencies', () => {
  test('have permissive licences', () => {
    expect(shipped.filter(([, { license = 'none' }]) => !PERMISSIVE.includes(license))).toEqual([]);
  });

  test('have no install scripts', () => {
    expect(paths(shipped.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual([]);
  });

  test('are ten at most, and a hundred with their dependencies', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(10);
    expect(shipped.length).toBeLessThanOrEqual(100);
  });

  // docs/adr/0007: it pins a dependency of fastify.
  test('are imported, except light-my-request', () => {
    const imported = new Set(
      sources().flatMap((text) =>
        [...text.matchAll(/(?: from |import\()'([^.'][^']*)'/g)].map(([, name = '']) => name),
      ),
    );
    const unused = Object.keys(manifest.dependencies).filter((name) => !imported.has(name));
    expect(unused).toEqual(['light-my-request']);
  });
});

describe('all dependencies', () => {
  test('have licences that permit their use', () => {
    expect(all.filter(([, { license = 'none' }]) => !FOR_DEVELOPMENT.includes(license))).toEqual([]);
  });

  test('are pinned, by version in package.json and by content in the lock file', () => {
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(wanted).toEqual(wanted.map(([name]) => [name, packages[`node_modules/${name}`]?.version]));
    expect(paths(all.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')))).toEqual([]);
  });

  test('have no registry in the lock file', () => {
    expect(paths(all.filter(([, { resolved }]) => resolved !== undefined))).toEqual([]);
  });
});

function sources(): string[] {
  return readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(new URL(`src/${path}`, ROOT), 'utf8'));
}
