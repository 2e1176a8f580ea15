// The npm package: packed from a copy of this repository, installed into an empty folder, and both commands run.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { valueOf } from '../support/exposition.ts';
import { startExporter } from './support/exporter.ts';
import { freePort, run, runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');

describeWith({ commands: ['npm', 'git'] }, 'the package, installed', () => {
  const work = mkdtempSync(join(tmpdir(), 'package-'));
  const bin = (name: string) => join(work, 'installed/node_modules/.bin', name);
  const inPackage = join(work, 'installed/node_modules/electrumx-exporter');

  beforeAll(async () => {
    const tarball = await pack(join(work, 'copy'));
    await install(tarball, join(work, 'installed'));
  }, 300_000);

  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('has the built code of src/, the runbook, and nothing from earlier builds', () => {
    const source = filesIn(join(REPOSITORY, 'src')).filter((path) => !path.endsWith('.test.ts'));
    const built = [...source.map((path) => path.replace(/\.ts$/, '.js')), 'runbook.html'];
    expect(filesIn(join(inPackage, 'dist'))).toEqual(built.sort());
  });

  test('brings no development dependencies', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const there = readdirSync(join(work, 'installed/node_modules'));
    expect(there.filter((name) => name in devDependencies)).toEqual([]);
  });

  test.each(['electrumx-exporter', 'electrumx-rpc'])(
    '%s --version prints the version of package.json',
    async (name) => {
      const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
      expect((await runToEnd(bin(name), ['--version'])).stdout).toMatch(new RegExp(`(^| )${version}\n$`));
    },
  );

  test('has both commands, and they work with a simulated server', async () => {
    const port = await freePort();
    const simulator = run(bin('electrumx-exporter'), ['simulate', `--port=${port}`]);
    onTestFinished(() => void simulator.stop());
    await waitFor('the simulator', () => (simulator.output().includes(`:${port}`) ? true : undefined));

    const exporter = await startExporter(port, [], (args) => run(bin('electrumx-exporter'), args));
    onTestFinished(() => exporter.stop());
    expect(valueOf(await exporter.scrape(), 'electrumx_up')).toBe(1);

    const getinfo = await runToEnd(bin('electrumx-rpc'), ['--port', String(port), 'getinfo']);
    expect(getinfo.code).toBe(0);
    expect(JSON.parse(getinfo.stdout)).toHaveProperty('daemon height');
  });
});

/** Packs a copy of the repository, because packing rebuilds it. Resolves with the path of the tarball. */
async function pack(copy: string): Promise<string> {
  const { stdout } = await must('git', [
    '-C',
    REPOSITORY,
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ]);
  for (const path of stdout.split('\0').filter((name) => name !== '' && existsSync(join(REPOSITORY, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(REPOSITORY, path), join(copy, path));
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'dist'));
  writeFileSync(join(copy, 'dist/stale.js'), '');
  await must('npm', ['--prefix', copy, 'pack', copy, '--pack-destination', copy]);
  return join(copy, readdirSync(copy).find((name) => name.endsWith('.tgz')) ?? 'no tarball');
}

/** Installs as a user does, but a package that does not support this Node is an error instead of a warning. */
async function install(tarball: string, folder: string): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  const quiet = ['--no-audit', '--no-fund'];
  await must('npm', ['install', '--prefix', folder, '--omit=dev', '--engine-strict', ...quiet, tarball]);
}

async function must(command: string, args: readonly string[]) {
  const ended = await runToEnd(command, args, { env: npmEnvironment(), timeoutMs: 240_000 });
  if (ended.code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${ended.code}:\n${ended.output}`);
  return ended;
}

/** The variables with which npm reaches its registry from this machine. */
function npmEnvironment(): Record<string, string> {
  const known = /^(NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|https?_proxy|no_proxy|npm_config_registry)$/i;
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      known.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
