// Asks the registry of npm whether production dependencies have known vulnerabilities, and judges what it says.
import { execFile } from 'node:child_process';

/** What was found, for people; `ok` is false if somebody has to act. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

const SERIOUS: readonly unknown[] = ['high', 'critical'];

/**
 * Runs `npm audit` in this folder, for at most a minute or so. A registry that cannot be reached, or that has no such service, is no
 * failure, but said. `env` is the environment of npm.
 */
export async function advisories(env: NodeJS.ProcessEnv): Promise<Verdict> {
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  return verdict(await stdoutOf('npm', ['audit', '--omit=dev', '--json', ...patience], env));
}

/** Judges what `npm audit --json` printed. Anything that it is not known to print is a failure. */
export function verdict(printed: string): Verdict {
  const report = parse(printed);
  const found = record(report?.['vulnerabilities']);
  if (found) return judge(Object.values(found).map((entry) => record(entry) ?? {}));
  // Where nobody answered there is a message about the request, and no error of npm's own about this folder.
  const message = report?.['message'];
  if (typeof message === 'string' && !record(report?.['error'])?.['code']) {
    return { ok: true, text: `NOT CHECKED: the registry gave no advisories: ${message}` };
  }
  return { ok: false, text: `npm audit printed something else than a report:\n${printed}` };
}

function judge(entries: readonly Readonly<Record<string, unknown>>[]): Verdict {
  const lines = entries.map(({ name, severity }) => `  ${String(name)}: ${String(severity)}\n`);
  const ok = !entries.some(({ severity }) => SERIOUS.includes(severity));
  if (lines.length === 0) return { ok, text: 'No production dependency has a known vulnerability.' };
  return {
    ok,
    text: `Known vulnerabilities of production dependencies (npm audit --omit=dev tells more):\n${lines.join('')}`,
  };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return record(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** npm's exit code says less than what it prints: it is 1 for findings as for failures. */
function stdoutOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      resolve(stdout === '' && error ? error.message : stdout);
    });
  });
}
