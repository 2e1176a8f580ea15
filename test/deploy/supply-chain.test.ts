// What this repository takes from others: few packages, pinned, with licences that permit it, and nothing that runs when installed.
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

/** They ask for their text to come along, which npm packages bring, and for nothing else. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
/** What is only used to build and test, and goes to nobody, may have these as well. */
const FOR_DEVELOPMENT = [...PERMISSIVE, 'MPL-2.0', 'Python-2.0'];

describe('what is shipped', () => {
  test('has permissive licences', () => {
    expect(shipped.filter(([, { license = 'none' }]) => !PERMISSIVE.includes(license))).toEqual([]);
  });

  test('runs nothing when it is installed', () => {
    expect(paths(shipped.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual([]);
  });

  test('is few: ten dependencies at most, and a hundred with theirs', () => {
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(10);
    expect(shipped.length).toBeLessThanOrEqual(100);
  });

  // docs/adr/0007: npm shall give this one to fastify.
  test('is imported, but for light-my-request', () => {
    const imported = new Set(
      sources().flatMap((text) =>
        [...text.matchAll(/(?: from |import\()'([^.'][^']*)'/g)].map(([, name = '']) => name),
      ),
    );
    const idle = Object.keys(manifest.dependencies).filter((name) => !imported.has(name));
    expect(idle).toEqual(['light-my-request', 'ws']);
  });
});

describe('what is used', () => {
  test('has licences that allow it', () => {
    expect(all.filter(([, { license = 'none' }]) => !FOR_DEVELOPMENT.includes(license))).toEqual([]);
  });

  test('is pinned: by version in package.json, by content in the lock file', () => {
    const wanted = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(wanted).toEqual(wanted.map(([name]) => [name, packages[`node_modules/${name}`]?.version]));
    expect(paths(all.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')))).toEqual([]);
  });

  test('comes from whichever registry npm is set up with: the lock file names none', () => {
    expect(paths(all.filter(([, { resolved }]) => resolved !== undefined))).toEqual([]);
  });
});

function sources(): string[] {
  return readdirSync(new URL('src/', ROOT), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(new URL(`src/${path}`, ROOT), 'utf8'));
}
