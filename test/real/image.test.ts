// The image of the Dockerfile: its files, and that it runs on a read-only root, as its user and as any other.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { valueOf } from '../support/exposition.ts';
import { startExporter } from './support/exporter.ts';
import { buildImage, type Image } from './support/image.ts';
import { describeWith } from './support/tools.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const MB = 1e6;

describeWith({ commands: ['buildah', 'debootstrap', 'unshare', 'chroot'] }, 'the image', () => {
  let image: Image;

  beforeAll(async () => {
    image = await buildImage();
  }, 300_000);

  afterAll(() => image.remove());

  test('has a numeric user that is not root, an entry point without a shell, and labels', () => {
    const { User, Entrypoint, Healthcheck, ExposedPorts, Labels } = image.config;
    expect(User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(Entrypoint).toEqual(['node', '/app/dist/main.js']);
    expect(Healthcheck.Test).toEqual(['CMD', ...Entrypoint, '--healthcheck']);
    expect(Object.keys(ExposedPorts)).toEqual(['10061/tcp']);
    expect(Labels).toMatchObject({
      'org.opencontainers.image.title': 'electrumx-exporter',
      'org.opencontainers.image.licenses': 'MIT',
    });
  });

  test('holds Node, the built code and the production dependencies, and no npm', () => {
    expect(readdirSync(join(image.root, 'app')).sort()).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json']);
    expect(readdirSync(join(image.root, 'usr/local/bin')).sort()).toEqual([
      'electrumx-exporter',
      'electrumx-rpc',
      'node',
    ]);
    expect(readdirSync(join(image.root, 'usr/local/lib')).filter((name) => name.startsWith('node'))).toEqual([]);
    expect(installed(image.root)).toEqual(locked());
    expect(contents(image.root).files.filter((path) => /\.([cm]?ts|map)$/.test(path))).toEqual([]);
  });

  test('has less than 15 MB on top of Node, and less than 250 MB in all', () => {
    expect(contents(image.root).bytes).toBeLessThan(15 * MB);
    expect(contents(image.root, '').bytes).toBeLessThan(250 * MB);
  });

  test('has files of root that every user can read and no other can write', () => {
    const { files } = contents(image.root);
    const modes = files.map((path) => ({ path, mode: statSync(path).mode & 0o777, owner: statSync(path).uid }));
    expect(modes.filter(({ mode, owner }) => (mode & 0o044) !== 0o044 || (mode & 0o022) !== 0 || owner !== 0)).toEqual(
      [],
    );
  });

  // OpenShift assigns each project a range of users, in the group of root.
  test.each([
    ['its user', {}],
    ['any other user', { user: '1000660000:0' }],
  ])('scrapes, is healthy and stops on SIGTERM, as %s', async (_user, as) => {
    const simulator = await startSimulator({ era: 'F', sessions: 50 });
    onTestFinished(() => simulator.stop());
    const exporter = await startExporter(simulator.port, [], (args) => image.run([...entrypoint(), ...args], as));
    onTestFinished(() => exporter.stop());
    expect(valueOf(await exporter.scrape(), 'electrumx_up')).toBe(1);

    expect(await health(exporter.port, as)).toBe(0);
    const rpc = image.run(['electrumx-rpc', '--port', String(simulator.port), 'getinfo'], as);
    expect(await rpc.end).toBe(0);
    expect(JSON.parse(rpc.stdout())).toHaveProperty('daemon height');

    expect(await exporter.process.stop('SIGTERM')).toBe(0);
    expect(await health(exporter.port, as)).toBe(1);
  });

  test('has a read-only root', async () => {
    expect(await image.run(['touch', 'dist/new'], { user: '0:0' }).end).not.toBe(0);
    expect(await image.run(['touch', '/tmp/new']).end).not.toBe(0);
  });

  const entrypoint = () => [...image.config.Entrypoint, ...image.config.Cmd];

  /** The exit code of the health check, which gets the address from the environment as the exporter does. */
  const health = (port: number, as: { user?: string }) => {
    const [, ...command] = image.config.Healthcheck.Test;
    return image.run(command, { ...as, env: { ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: `127.0.0.1:${port}` } }).end;
  };
});

function contents(root: string, folder = 'app'): { files: string[]; bytes: number } {
  const files = readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return { files, bytes: files.reduce((sum, path) => sum + statSync(path).size, 0) };
}

/** `name version` of every installed package. */
function installed(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'app/node_modules/.package-lock.json'), 'utf8')) as Lock;
  return Object.entries(packages).map(nameAndVersion).sort();
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>;
}

/** The same of every production dependency in the lock file. */
function locked(): string[] {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as Lock;
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(nameAndVersion)
    .sort();
}

function nameAndVersion([path, { version }]: [string, { readonly version: string }]): string {
  return `${path} ${version}`;
}
