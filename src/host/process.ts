// Reads what Linux knows about the ElectrumX process: memory, CPU time, open files, storage, and their limits.
import { readdir, readFile, stat } from 'node:fs/promises';
import { platform as osPlatform, uptime } from 'node:os';
import { readMemoryLimit } from './memory-limit.ts';
import {
  parseBootTime,
  parseCommandLine,
  parseIo,
  parseOpenFilesLimit,
  parseResidentMemory,
  parseStat,
  type Stat,
} from './proc-files.ts';
import { readText } from './read-text.ts';

/** Sizes in bytes, times in seconds. `undefined`: this process may not read it, or there is none. */
export interface ProcessStats {
  readonly residentMemoryBytes: number | undefined;
  readonly virtualMemoryBytes: number;
  /** user and system time since the process started */
  readonly cpuSeconds: number;
  readonly threads: number;
  /** Another user's process: needs Linux 6.2 */
  readonly openFds: number | undefined;
  /** the soft limit, which is in force. `Infinity`: unlimited. Since 1.19 ElectrumX raises it to the hard limit when it starts */
  readonly maxFds: number | undefined;
  /** Unix seconds */
  readonly startTimeSeconds: number;
  /** from storage, without what the page cache served. Needs the same user, or CAP_SYS_PTRACE */
  readonly readBytes: number | undefined;
  /** to storage. Needs the same user, or CAP_SYS_PTRACE */
  readonly writtenBytes: number | undefined;
  /** smallest limit of its cgroups. `undefined`: unlimited, or not visible */
  readonly memoryLimitBytes: number | undefined;
}

/** `unavailable`: why nothing is known, in words for a log line. */
export type ServerProcess = ProcessStats | { readonly unavailable: string };

export interface ProcessQuery {
  /** as getinfo reports it: the server's number in its PID namespace */
  readonly pid: number;
  /** when the server started by its own uptime, in Unix seconds */
  readonly startTime: number;
  /** Unix seconds */
  readonly now: number;
  readonly procRoot?: string;
  readonly platform?: NodeJS.Platform;
}

/**
 * The server takes the time after its imports, and its uptime is up to a minute too short from a day on: the process is older by
 * both. It is never younger, but for rounding and the drift of a clock.
 */
const MAX_OLDER_SECONDS = 180;
const MAX_YOUNGER_SECONDS = 5;

const INTERPRETER = /^(python|pypy)/;
/** The script under the names that packages give it, or the module after `python -m`. */
const SERVER_SCRIPT = /^(?:\.?electrumx_server(?:\.py|-wrapped)?|electrumx\.cli\.electrumx_server)$/;

/**
 * Reads /proc/PID of the server.
 *
 * The server reports its number in its own PID namespace, where this process may see another program. It is taken for the server only
 * if its command line names electrumx_server and its start fits the server's uptime. The environment is never read; of the
 * command line, which may hold secrets, nothing is kept.
 */
export async function readServerProcess(query: ProcessQuery): Promise<ServerProcess> {
  const { pid, procRoot = '/proc', platform = osPlatform() } = query;
  if (platform !== 'linux') return { unavailable: 'not Linux' };
  const files = await readBoth(`${procRoot}/${pid}`).catch((error: unknown) => whyUnreadable(error, procRoot));
  if (typeof files === 'string') return { unavailable: files };
  const found = parseStat(files.stat);
  if (found === undefined) return { unavailable: 'the format of /proc is not known' };
  if (!namesServer(parseCommandLine(files.commandLine))) return { unavailable: 'the pid belongs to another program' };
  const startTimeSeconds = (await bootTime(procRoot, query.now)) + found.startSeconds;
  if (!fits(startTimeSeconds, query.startTime)) {
    return {
      unavailable: 'the pid belongs to another ElectrumX, or the clock was set: its start does not fit the uptime',
    };
  }
  return readStats(query, found, startTimeSeconds);
}

async function readBoth(directory: string): Promise<{ commandLine: string; stat: string }> {
  const [commandLine, stat] = await Promise.all([
    readFile(`${directory}/cmdline`, 'latin1'),
    readFile(`${directory}/stat`, 'latin1'),
  ]);
  return { commandLine, stat };
}

/** Why a file of /proc/PID could not be read, in words. */
async function whyUnreadable(error: unknown, procRoot: string): Promise<string> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ESRCH') return '/proc is not readable: it is mounted with hidepid';
  if ((await readText(`${procRoot}/self/stat`)) === undefined) return '/proc is not readable: it is not mounted';
  return 'no process with this pid: the PID namespace is not shared, or /proc hides the processes of other users';
}

/** ElectrumX is a Python script without arguments, so its name is the last one. Some packages make a program of it. */
function namesServer(args: readonly string[]): boolean {
  const [program = '', script = program] = [args[0], args.at(-1)].map((arg) => arg?.split('/').at(-1));
  return SERVER_SCRIPT.test(program) || (INTERPRETER.test(program) && SERVER_SCRIPT.test(script));
}

/** systemd's ProcSubset=pid hides /proc/stat; then the uptime of the host has to do. */
async function bootTime(procRoot: string, now: number): Promise<number> {
  const text = await readText(`${procRoot}/stat`);
  return (text === undefined ? undefined : parseBootTime(text)) ?? now - uptime();
}

function fits(processStart: number, serverStart: number): boolean {
  const older = serverStart - processStart;
  return older >= -MAX_YOUNGER_SECONDS && older <= MAX_OLDER_SECONDS;
}

async function readStats({ pid, procRoot = '/proc' }: ProcessQuery, found: Stat, startTimeSeconds: number) {
  const directory = `${procRoot}/${pid}`;
  const [status, limits, io, openFds, memoryLimitBytes] = await Promise.all([
    readText(`${directory}/status`),
    readText(`${directory}/limits`),
    readText(`${directory}/io`),
    countOpenFds(`${directory}/fd`),
    readMemoryLimit(procRoot, pid),
  ]);
  return {
    residentMemoryBytes: status === undefined ? undefined : parseResidentMemory(status),
    virtualMemoryBytes: found.virtualMemoryBytes,
    cpuSeconds: found.cpuSeconds,
    threads: found.threads,
    openFds,
    maxFds: limits === undefined ? undefined : parseOpenFilesLimit(limits),
    startTimeSeconds,
    ...(io === undefined ? { readBytes: undefined, writtenBytes: undefined } : parseIo(io)),
    memoryLimitBytes,
  };
}

/** Since Linux 6.2 the size of the directory is the number of open files, for every user. Before, it is 0. */
async function countOpenFds(directory: string): Promise<number | undefined> {
  try {
    const { size } = await stat(directory);
    return size > 0 ? size : (await readdir(directory)).length;
  } catch {
    return undefined;
  }
}
