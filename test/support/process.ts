// The built exporter as its users run it: a process with arguments, an environment and an exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Writes to its stdin. */
  readonly type: (text: string) => void;
  /** Goes away as the reader of its stdout. */
  readonly hangUp: () => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly nodeFlags?: readonly string[];
  readonly cwd?: string;
  /** a file descriptor instead of a pipe */
  readonly stderr?: number | 'pipe';
}

/** Starts `node dist/main.js` with these arguments and nothing in its environment but `env`; killed when the test ends. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { nodeFlags = [], cwd, stderr = 'pipe' }: StartOptions = {},
): Running {
  const child = spawn(process.execPath, [...nodeFlags, MAIN, ...args], { env, cwd, stdio: ['pipe', 'pipe', stderr] });
  const texts = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (texts.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (texts.stderr += chunk.toString()));
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([code]: unknown[]) => ({ code: code as number | null, ...texts }));
  return {
    pid: child.pid ?? 0,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    type: (text) => void child.stdin?.write(text),
    hangUp: () => void child.stdout?.destroy(),
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Waits for the line with the address that it listens at. */
export async function addressOf({ stderr }: Running): Promise<string> {
  await expect.poll(stderr, { timeout: 10_000 }).toMatch(/listening at http:\/\/[^"]+/i);
  return /listening at (http:\/\/[^"]+)/i.exec(stderr())?.[1] ?? '';
}

/** Runs it to its end. */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return start(args, env).ended;
}
