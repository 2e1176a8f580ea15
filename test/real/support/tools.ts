// Where the real servers and tools are installed, and what happens to a test when one that it needs is missing.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { describe, test } from 'vitest';

const STACK = resolve(import.meta.dirname, '../../../.cache/real');
const TABLE = resolve(import.meta.dirname, '../../../scripts/real-stack/servers.tsv');

/** One row of scripts/real-stack/servers.tsv: a real ElectrumX release in an environment of its own. */
export interface Release {
  /** As in `e-x-1.20.0`: the PyPI package (e-x is spesmilo's fork, electrumx is kyuupichan's) and its version. */
  readonly name: string;
  readonly coin: string;
  readonly python: string;
  readonly server: string;
  readonly rpc: string;
}

const RELEASES: readonly Release[] = readFileSync(TABLE, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', coin = ''] = line.split('\t');
    const bin = join(STACK, name, 'bin');
    return {
      name,
      coin,
      python: join(bin, 'python'),
      server: join(bin, 'electrumx_server'),
      rpc: join(bin, 'electrumx_rpc'),
    };
  });

/** The named releases, or all of them. Throws if the table does not have a name. */
export function releases(...names: string[]): Release[] {
  if (names.length === 0) return [...RELEASES];
  return names.map((name) => {
    const release = RELEASES.find((candidate) => candidate.name === name);
    if (release === undefined) throw new Error(`${name} is not in scripts/real-stack/servers.tsv`);
    return release;
  });
}

/** A Prometheus with its promtool: commands on PATH, or absolute paths. */
export interface PrometheusVersion {
  readonly name: string;
  readonly prometheus: string;
  readonly promtool: string;
}

/** The versions that rules and scrapes are tested with: Debian's, and 3.x from its Go module. For `describe.each`. */
export const PROMETHEUS_VERSIONS: readonly PrometheusVersion[] = [
  { name: 'Prometheus 2', prometheus: 'prometheus', promtool: 'promtool' },
  { name: 'Prometheus 3', prometheus: builtTool('prometheus3'), promtool: builtTool('promtool3') },
];

/** The path of a tool that scripts/real-stack/go-tools.sh builds: actionlint, prometheus3 or promtool3. */
export function builtTool(name: string): string {
  return join(STACK, 'bin', name);
}

/** The Python interpreter of an environment that scripts/install-real-stack.sh made. */
export function pythonOf(environment: string): string {
  return join(STACK, environment, 'bin/python');
}

export interface Needs {
  readonly releases?: readonly Release[];
  /** Names of commands on PATH, or absolute paths. */
  readonly commands?: readonly string[];
}

/**
 * A `describe` with requirements. If one is missing, the suite is skipped and a line on stderr says what to install.
 * With CI=true it fails instead, so that a green run in CI is complete.
 */
export function describeWith(needs: Needs, title: string, suite: () => void): void {
  const missing = missingOf(needs);
  if (missing.length === 0) {
    describe(title, suite);
    return;
  }
  const advice = `${missing.join(', ')} not installed; run scripts/install-real-stack.sh`;
  if (process.env['CI'] === 'true') {
    test(`${title}: everything it needs is installed`, () => {
      throw new Error(advice);
    });
  } else {
    // Reporters only count what is skipped.
    process.stderr.write(`skipped: ${title}: ${advice}\n`);
    describe.skip(title, suite);
  }
}

function missingOf(needs: Needs): string[] {
  const servers = (needs.releases ?? []).filter(({ server }) => !existsSync(server)).map(({ name }) => name);
  const commands = (needs.commands ?? []).filter((command) => !onPath(command));
  return [...servers, ...commands];
}

function onPath(command: string): boolean {
  if (isAbsolute(command)) return existsSync(command);
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
