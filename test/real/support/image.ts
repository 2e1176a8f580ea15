// Builds the image of the Dockerfile without a container engine, and runs its commands as an engine does: on a read-only root, as its user.
import { resolve } from 'node:path';
import { run, runToEnd, type Running } from './process.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const STORE = resolve(REPOSITORY, '.cache/real/images');
const TAG = 'localhost/electrumx-exporter:test';

/** The configuration of the image, as `docker inspect` shows it. */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly WorkingDir: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
  readonly Healthcheck: { readonly Test: readonly string[] };
  readonly Labels: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** The user of the image if not given. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Image {
  readonly config: ImageConfig;
  /** The folder where its files are mounted. */
  readonly root: string;
  /** Runs a command in it, as `docker run --network=host --read-only [--user] [--env ...]` does. */
  run(command: readonly string[], options?: RunOptions): Running;
  remove(): Promise<void>;
}

/** Builds the image on the base images of scripts/real-stack/base-images.sh. Takes half a minute: it installs from npm. */
export async function buildImage(): Promise<Image> {
  if (process.getuid?.() !== 0) throw new Error('only root can mount the image');
  await buildah('bud', '--isolation=chroot', '--pull-never', '--format=docker', `--tag=${TAG}`, REPOSITORY);
  const { Docker } = JSON.parse(await buildah('inspect', '--type=image', TAG)) as { Docker: { config: ImageConfig } };
  const container = (await buildah('from', '--pull-never', TAG)).trim();
  const root = (await buildah('mount', container)).trim();
  return {
    config: Docker.config,
    root,
    run: (command, options = {}) => runIn(root, Docker.config, command, options),
    remove: async () => {
      await buildah('rm', container);
      await buildah('rmi', TAG);
    },
  };
}

async function buildah(command: string, ...args: readonly string[]): Promise<string> {
  const store = [`--root=${STORE}/root`, `--runroot=${STORE}/run`];
  const { code, stdout, output } = await runToEnd('buildah', [...store, command, ...args], { timeoutMs: 240_000 });
  if (code !== 0) throw new Error(`buildah ${command} ended with ${code}:\n${output.slice(-4000)}`);
  return stdout;
}

// Every step replaces the shell, so that signals reach the command. $0 is the root. An engine provides /etc/hosts, too.
const ENTER = `touch "$0/etc/hosts" && mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" &&
  mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && mount --bind /etc/hosts "$0/etc/hosts" && exec chroot "$@"`;

function runIn(
  root: string,
  { Env, WorkingDir, User }: ImageConfig,
  command: readonly string[],
  { user = User, env = {} }: RunOptions,
): Running {
  const variables = [...Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const inside = ['/usr/bin/env', '-i', '-C', WorkingDir, ...variables, ...command];
  return run('unshare', ['--mount', 'sh', '-c', ENTER, root, `--userspec=${user}`, root, ...inside]);
}
