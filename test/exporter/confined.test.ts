// The exporter as a process that may do little: it writes no file, and needs no folder.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { addressOf, start } from '../support/process.ts';

/** Node's own guard: with it a process fails at the first file that it wants to write, and at a child process or a worker. */
const NO_WRITING = [
  process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
];

test.each([
  ['with nothing but the right to read files', NO_WRITING],
  ['as it is', []],
])('%s it serves and stops, and writes nothing to its folders', async (_, nodeFlags) => {
  const simulator = await electrumx();
  const folder = mkdtempSync(join(tmpdir(), 'confined-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const given = ['home', 'tmp', 'cwd'].map((name) => join(folder, name));
  const [home = '', tmp = '', cwd = ''] = given;
  for (const name of given) mkdirSync(name);
  chmodSync(cwd, 0o555);
  const exporter = start(
    ['--web.listen-address=127.0.0.1:0', `--electrumx.rpc-address=127.0.0.1:${simulator.port}`],
    { HOME: home, TMPDIR: tmp, XDG_CACHE_HOME: home },
    { nodeFlags, cwd },
  );
  const url = await addressOf(exporter);
  const exposition = parseExposition(await (await fetch(`${url}/metrics`)).text());
  expect(series(exposition, 'electrumx_up')).toEqual({ '': 1 });
  expect((await fetch(`${url}/`)).status).toBe(200);
  exporter.kill('SIGTERM');
  expect((await exporter.ended).code).toBe(0);
  expect(given.flatMap((name) => readdirSync(name))).toEqual([]);
});
