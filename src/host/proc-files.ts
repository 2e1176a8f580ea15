// The text of files under /proc and in a cgroup, parsed to numbers. Pure; the formats are those of proc(5) and cgroups(7).

/** Clock ticks in a second (USER_HZ): 100 on every architecture that Node.js supports on Linux. Node.js has no sysconf(3). */
const TICKS_PER_SECOND = 100;

/** The fields of /proc/PID/stat that are exported. `startSeconds` counts from the boot of the host. */
export interface Stat {
  readonly cpuSeconds: number;
  readonly threads: number;
  readonly startSeconds: number;
  readonly virtualMemoryBytes: number;
}

/**
 * Parses /proc/PID/stat. `undefined`: not in that format.
 *
 * The name of the program is in parentheses and may itself contain blanks and parentheses: the fields begin after the last one.
 */
export function parseStat(text: string): Stat | undefined {
  const afterName = text.slice(text.lastIndexOf(')') + 1);
  const fields = afterName.trim().split(' ').map(count);
  // proc(5) numbers the fields from 1; the first after the name is number 3.
  const field = (number: number) => fields[number - 3];
  const [userTicks, systemTicks, threads] = [field(14), field(15), field(20)];
  const [startTicks, virtualMemoryBytes] = [field(22), field(23)];
  if (userTicks === undefined || systemTicks === undefined || threads === undefined) return undefined;
  if (startTicks === undefined || virtualMemoryBytes === undefined) return undefined;
  return {
    cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND,
    threads,
    startSeconds: startTicks / TICKS_PER_SECOND,
    virtualMemoryBytes,
  };
}

/** Resident memory in bytes, from /proc/PID/status. `undefined` for a kernel thread and for a process that is ending. */
export function parseResidentMemory(status: string): number | undefined {
  const kibibytes = count(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return kibibytes === undefined ? undefined : kibibytes * 1024;
}

/** The soft limit in the line `Max open files` of /proc/PID/limits. `Infinity`: unlimited. */
export function parseOpenFilesLimit(limits: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited) /m.exec(limits)?.[1];
  return soft === 'unlimited' ? Infinity : count(soft);
}

/** Bytes that the process caused to be read from and written to storage. */
export interface Io {
  readonly readBytes: number | undefined;
  readonly writtenBytes: number | undefined;
}

/** Parses /proc/PID/io. What the page cache served is in neither number. */
export function parseIo(io: string): Io {
  return {
    readBytes: count(/^read_bytes: (\d+)$/m.exec(io)?.[1]),
    writtenBytes: count(/^write_bytes: (\d+)$/m.exec(io)?.[1]),
  };
}

/** When the host booted, in Unix seconds, from /proc/stat. */
export function parseBootTime(stat: string): number | undefined {
  return count(/^btime (\d+)$/m.exec(stat)?.[1]);
}

/** The arguments of a process, from /proc/PID/cmdline, where each ends with NUL. */
export function parseCommandLine(cmdline: string): string[] {
  const args = cmdline.split('\0');
  return args.at(-1) === '' ? args.slice(0, -1) : args;
}

/** A process is in one cgroup of each hierarchy. `version` 1: the hierarchy that has the memory controller. */
export interface MemoryCgroup {
  readonly version: 1 | 2;
  /** path from the root of the hierarchy, as the reader's cgroup namespace shows it */
  readonly path: string;
}

/** The cgroups in /proc/PID/cgroup that may limit memory. */
export function parseMemoryCgroups(cgroup: string): MemoryCgroup[] {
  const found: MemoryCgroup[] = [];
  for (const line of cgroup.split('\n')) {
    const [, hierarchy, controllers = '', path = ''] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (hierarchy === undefined) continue;
    if (hierarchy === '0' && controllers === '') found.push({ version: 2, path });
    else if (controllers.split(',').includes('memory')) found.push({ version: 1, path });
  }
  return found;
}

/** Where a cgroup hierarchy is mounted. `root` is the cgroup that the mount point shows. */
export interface CgroupMount {
  readonly version: 1 | 2;
  readonly root: string;
  readonly mountPoint: string;
}

/** The mounts in /proc/PID/mountinfo that show cgroup v2 or the memory controller of v1. */
export function parseCgroupMounts(mountinfo: string): CgroupMount[] {
  const found: CgroupMount[] = [];
  for (const line of mountinfo.split('\n')) {
    // ID parent major:minor root mountPoint options [optional ...] - type source superOptions
    const [before = '', after] = line.split(' - ', 2);
    const [root = '', mountPoint = ''] = before.split(' ').slice(3).map(unescapeOctal);
    const [type, , superOptions = ''] = after?.split(' ') ?? [];
    if (type === 'cgroup2') found.push({ version: 2, root, mountPoint });
    else if (type === 'cgroup' && superOptions.split(',').includes('memory'))
      found.push({ version: 1, root, mountPoint });
  }
  return found;
}

// Without a limit, v1 shows the largest multiple of the page size that 63 bits hold.
const UNLIMITED_V1 = 2 ** 62;

/** Parses memory.max (v2) or memory.limit_in_bytes (v1). `undefined`: unlimited. */
export function parseMemoryLimit(text: string): number | undefined {
  const bytes = count(text.trim());
  return bytes === undefined || bytes >= UNLIMITED_V1 ? undefined : bytes;
}

function count(digits: string | undefined): number | undefined {
  return digits !== undefined && /^\d{1,20}$/.test(digits) ? Number(digits) : undefined;
}

/** mountinfo writes a blank, tab, newline and backslash as `\040` and so on. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
