// The import rules refuse what doors.json does not allow. Wrong and right imports are planted in a copy of the source, and checked in one run.
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import doors from '../../doors.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Door {
  readonly values?: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
}
const ROOMS = Object.entries(doors as Readonly<Record<string, Door>>);

/** One import: the file that has it, and its text. */
interface Import {
  readonly file: string;
  readonly text: string;
}

/** Wrong imports, at least one for each room: the room, and what it imports. A file name ends in `.ts`, a package has none. */
const WRONG: readonly (readonly [room: string, imported: string, kind?: 'type'])[] = [
  ['main', 'exporter.ts'],
  ['command', 'scrape/scraper.ts'],
  ['exporter', 'simulator/simulate.ts'],
  ['exporter', 'config/parse.ts'],
  ['landing-facts', 'http/landing.ts'],
  ['demo', 'http/server.ts'],
  ['node-version', 'log.ts'],
  ['heap', 'log.ts'],
  ['log', 'metrics/metric.ts'],
  ['config', 'http/server.ts'],
  ['config', 'localrpc/errors.ts'],
  ['scrape', 'http/server.ts'],
  ['scrape', 'metrics/catalogue.ts'],
  ['scrape', 'metrics/metric.ts', 'type'],
  ['scrape/gatherers', 'http/replies.ts'],
  ['localrpc', 'electrumx/getinfo.ts'],
  ['electrumx', 'localrpc/client.ts'],
  ['electrumx', 'localrpc/errors.ts', 'type'],
  ['electrum', 'localrpc/client.ts'],
  ['host', 'electrumx/getinfo.ts'],
  ['metrics', 'prom-client'],
  ['metrics/definitions', 'prom-client'],
  ['metrics', 'scrape/collectors.ts'],
  ['metrics', 'localrpc/client.ts', 'type'],
  ['http', 'scrape/scraper.ts'],
  ['http/web-config', 'scrape/scraper.ts', 'type'],
  ['http', 'prom-client'],
  ['cli', 'scrape/collectors.ts'],
  ['cli', 'main.ts'],
  ['simulator', 'localrpc/framing.ts'],
  ['simulator', 'electrumx/rows.ts', 'type'],
  ['simulator', 'fastify'],
];

/** A file of each room that another room can import. */
const FILE_IN: Readonly<Record<string, string>> = {
  config: 'config/parse.ts',
  scrape: 'scrape/scraper.ts',
  localrpc: 'localrpc/client.ts',
  electrumx: 'electrumx/getinfo.ts',
  electrum: 'electrum/probe.ts',
  host: 'host/process.ts',
  metrics: 'metrics/metric.ts',
  http: 'http/server.ts',
  simulator: 'simulator/simulate.ts',
};

const wrong = WRONG.map(([room, imported, kind], index) => importInto(room, `wrong-${index}`, imported, kind));
const state = { file: 'src/scrape/state.ts', text: "import * as imported from '../http/server.ts';\n" };
const refused = [...wrong, state].map(({ file, text }) => ({ title: titleOf(file, text), file, text }));
const allowed = ROOMS.flatMap(([room, { values = [], types = [], packages = [] }]) => [
  ...values.map((to) => importInto(room, `right-${to}`, FILE_IN[to] ?? `${to}.ts`)),
  ...types.map((to) => importInto(room, `right-type-${to}`, FILE_IN[to] ?? `${to}.ts`, 'type')),
  ...packages.filter((name) => name !== 'prom-client').map((name) => importInto(room, `right-package-${name}`, name)),
]);

function importInto(room: string, name: string, imported: string, kind?: 'type'): Import {
  const up = '../'.repeat(room.split('/').length);
  const from = imported.endsWith('.ts') ? `${up}${imported}` : imported;
  return { file: `src/${room}/planted-${name}.ts`, text: `import ${kind ?? ''} * as imported from '${from}';\n` };
}

function titleOf(file: string, text: string): string {
  const [, type = '', imported = ''] = /^import (type)?.*from '(?:\.\.\/)*(.*)'/.exec(text) ?? [];
  return `${type === '' ? '' : 'types: '}${file.replace(/^src\/|\/planted.*/g, '')} -> ${imported}`;
}

describe('npm run check', () => {
  let copy = '';
  let violations: readonly Violation[] = [];

  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'doors-'));
    const withoutTests = (path: string) => !path.endsWith('.test.ts');
    await cp(join(ROOT, 'src'), join(copy, 'src'), { recursive: true, filter: withoutTests });
    for (const file of ['doors.json', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      await cp(join(ROOT, file), join(copy, file));
    }
    await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const { file, text } of [...refused, ...allowed]) {
      await mkdir(join(copy, file, '..'), { recursive: true });
      await appendFile(join(copy, file), text);
    }
    violations = await cruise(copy);
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true }));

  test.each(refused)('refuses $title', ({ file }) => {
    expect(violations.filter(({ from }) => from === file).map(({ rule }) => rule.name)).toContainEqual(
      expect.stringMatching(/^(not-in-allowed|only-exposition-imports-prom-client|nothing-imports-main)$/),
    );
  });

  test('allows all that doors.json allows, and the source as it is', () => {
    const planted = refused.map(({ file }) => file);
    expect(violations.filter(({ from }) => !planted.includes(from))).toEqual([]);
  });

  test('finds each planted import', () => {
    expect(violations.filter(({ rule }) => rule.name === 'unresolvable')).toEqual([]);
  });

  test('is tried with a wrong import for each room', () => {
    const rooms = new Set(WRONG.map(([room]) => room.split('/')[0]));
    expect(ROOMS.map(([room]) => room).filter((room) => !rooms.has(room))).toEqual([]);
  });
});

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What dependency-cruiser, with the rules of this repository, finds wrong in the `src` of a folder. */
async function cruise(folder: string): Promise<readonly Violation[]> {
  const cruiser = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
