// The built electrumx-rpc as a child process, and the replies of eras, with their numbers as they were recorded.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compactJson, parseLossless, type Json } from '../../../src/cli/output/json.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const FIXTURES = path.join(ROOT, 'test/fixtures');
export const BIN = path.join(ROOT, 'dist/cli/main.js');
export const GOLDEN = path.join(ROOT, 'test/golden/cli');

/** The current time in all golden files: a day after the replies were recorded. */
export const CLOCK = 1_795_423_500;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs it until it exits, with its clock stopped at CLOCK. Its environment is `env` only. */
export function electrumxRpc(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const clock = `data:text/javascript,Date.now=()=>${CLOCK * 1000}`;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', clock, BIN, ...args],
      { env: { PATH: process.env['PATH'], ...env }, maxBuffer: 1 << 28, timeout: 15_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

export const TABLES_AND_GETINFO = ['getinfo', 'groups', 'sessions', 'peers'] as const;

/** The recorded replies of one era, as lines by method; numbers as they were recorded. */
export function eraReplies(era: string): Record<string, string> {
  const eras = parseLossless(readFileSync(path.join(FIXTURES, 'eras.json'), 'utf8')) as Record<
    string,
    Record<string, Json>
  >;
  return Object.fromEntries(TABLES_AND_GETINFO.map((method) => [method, replyLine(eras[era]?.[method] ?? null)]));
}

/** The reply line to a result. */
export function replyLine(result: Json): string {
  return `{"jsonrpc": "2.0", "result": ${compactJson(result)}, "id": 0}`;
}
