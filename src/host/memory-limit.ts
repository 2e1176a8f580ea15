// The memory limit of a process: the smallest of its cgroup and of all cgroups above it.
import { posix } from 'node:path';
import {
  parseCgroupMounts,
  parseMemoryCgroups,
  parseMemoryLimit,
  type CgroupMount,
  type MemoryCgroup,
} from './proc-files.ts';
import { readText } from './read-text.ts';

const LIMIT_FILES = { 1: 'memory.limit_in_bytes', 2: 'memory.max' } as const;

/**
 * Reads the memory limit of `pid` in bytes, in cgroup v2 and v1.
 *
 * `undefined`: no limit, or none that this process may read. In a container, cgroups outside the container cannot be read: a limit on
 * them is not seen.
 */
export async function readMemoryLimit(procRoot: string, pid: number): Promise<number | undefined> {
  const [cgroups, mountinfo] = await Promise.all([
    readText(`${procRoot}/${pid}/cgroup`),
    readText(`${procRoot}/self/mountinfo`),
  ]);
  if (cgroups === undefined || mountinfo === undefined) return undefined;
  const mounts = parseCgroupMounts(mountinfo);
  const files = parseMemoryCgroups(cgroups).flatMap(
    (cgroup) => limitFiles(cgroup, mounts) ?? limitFilesInContainer(cgroup, `${procRoot}/${pid}/root`),
  );
  const limits = await Promise.all(files.map(readLimit));
  return limits.reduce(smaller, undefined);
}

/** The limit files of `cgroup` and of those above it. `undefined`: no mount shows this cgroup. */
function limitFiles({ version, path }: MemoryCgroup, mounts: readonly CgroupMount[]): string[] | undefined {
  // From within a cgroup namespace, cgroups outside it begin with `/..`.
  if (path.split('/').includes('..')) return undefined;
  for (const mount of mounts) {
    const below = posix.relative(mount.root, path);
    if (mount.version !== version || below.startsWith('..')) continue;
    return upwards(posix.normalize(below)).map((level) => posix.join(mount.mountPoint, level, LIMIT_FILES[version]));
  }
  return undefined;
}

/** A relative path and those above it, down to `.`. */
function upwards(path: string): string[] {
  return path === '.' ? ['.'] : [path, ...upwards(posix.dirname(path))];
}

/**
 * A server in another container, as in a pod, is in a cgroup that is not mounted here. Its container's root shows it, to a reader of
 * the same user.
 */
function limitFilesInContainer({ version }: MemoryCgroup, root: string): string[] {
  const directory = version === 1 ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
  return [`${root}${directory}/${LIMIT_FILES[version]}`];
}

async function readLimit(file: string): Promise<number | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : parseMemoryLimit(text);
}

function smaller(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}
