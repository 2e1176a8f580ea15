// Queries the npm registry for known vulnerabilities of production dependencies, and decides whether they fail CI.
import { execFile } from 'node:child_process';

/** A readable summary. `ok` is false if a vulnerability has to be fixed now. */
export interface Verdict {
  readonly ok: boolean;
  readonly text: string;
}

const SERIOUS: readonly unknown[] = ['high', 'critical'];

/**
 * Runs `npm audit` in this folder, for about a minute at most. An unreachable registry, or one without advisories, is reported but is no
 * failure. `env` is the environment of npm.
 */
export async function advisories(env: NodeJS.ProcessEnv): Promise<Verdict> {
  const timeouts = ['--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000'];
  return verdict(await stdoutOf('npm', ['audit', '--omit=dev', '--json', ...timeouts], env));
}

/** Evaluates the output of `npm audit --json`. Unknown output is a failure. */
export function verdict(printed: string): Verdict {
  const report = parse(printed);
  const found = record(report?.['vulnerabilities']);
  if (found) return judge(Object.values(found).map((entry) => record(entry) ?? {}));
  // A failed request has a message, but no error of npm about this folder.
  const message = report?.['message'];
  if (typeof message === 'string' && !record(report?.['error'])?.['code']) {
    return { ok: true, text: `NOT CHECKED: the registry gave no advisories: ${message}` };
  }
  return { ok: false, text: `npm audit printed no report:\n${printed}` };
}

function judge(entries: readonly Readonly<Record<string, unknown>>[]): Verdict {
  const lines = entries.map(({ name, severity }) => `  ${String(name)}: ${String(severity)}\n`);
  const ok = !entries.some(({ severity }) => SERIOUS.includes(severity));
  if (lines.length === 0) return { ok, text: 'No production dependency has a known vulnerability.' };
  return {
    ok,
    text: `Known vulnerabilities of production dependencies (for details: npm audit --omit=dev):\n${lines.join('')}`,
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

/** The exit code is ignored: npm uses 1 both for findings and for failures. */
function stdoutOf(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      resolve(stdout === '' && error ? error.message : stdout);
    });
  });
}
