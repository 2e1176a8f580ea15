// Reads how full the file system of the database is, and how large the database is.
import { statfs } from 'node:fs/promises';
import { directorySize, type DirectorySize, type SizeBudget } from './directory-size.ts';

/** Sizes in bytes. */
export interface Disk {
  readonly filesystemSizeBytes: number;
  /** what users other than root may still write */
  readonly filesystemAvailBytes: number;
  /** inodes. `undefined` on file systems that do not have a fixed number of them */
  readonly filesystemFilesFree: number | undefined;
  /** the files of the database, or why they were not counted */
  readonly databaseSize: DirectorySize;
}

/** `unavailable`: why nothing is known, in words for a log line. */
export type DiskReading = Disk | { readonly unavailable: string };

export interface DiskOptions {
  /** ElectrumX's DB_DIRECTORY */
  readonly path: string;
  /** most files and directories to count */
  readonly maxEntries?: number;
}

/** What ElectrumX keeps in DB_DIRECTORY, with every DB_ENGINE. Other files there are not part of the database. */
const DATABASE_DIRECTORIES = ['utxo', 'hist', 'meta'] as const;

/** Bitcoin's database is about 30,000 files of LevelDB. Counting 50,000 took 0.9 seconds on two cores. */
const MAX_ENTRIES = 50_000;

/**
 * Makes the reader of one database. A call gives what is known by `deadline`, on the clock of `performance.now()`.
 *
 * A file system that hangs, as NFS may, never ends its calls, and each keeps a thread of Node.js. So only one reading runs at a time:
 * meanwhile, later calls wait for its result and start nothing.
 */
export function diskReader(options: DiskOptions): (deadline: number) => Promise<DiskReading> {
  const { path, maxEntries = MAX_ENTRIES } = options;
  let inFlight: Promise<DiskReading> | undefined;
  return (deadline) => {
    inFlight ??= readDisk(path, { maxEntries, deadline: countingDeadline(deadline) }).finally(() => {
      inFlight = undefined;
    });
    return byDeadline(inFlight, deadline);
  };
}

/** Counting ends before the reading does, so that what the file system says is there in time. */
function countingDeadline(deadline: number): number {
  const now = performance.now();
  return now + (deadline - now) * 0.8;
}

async function readDisk(path: string, budget: SizeBudget): Promise<DiskReading> {
  try {
    const { bsize, blocks, bavail, files, ffree } = await statfs(path);
    return {
      filesystemSizeBytes: blocks * bsize,
      filesystemAvailBytes: bavail * bsize,
      // btrfs reports 0 of 0, which must not look like a file system without free inodes.
      filesystemFilesFree: files > 0 ? ffree : undefined,
      databaseSize: await databaseSize(path, budget),
    };
  } catch (error) {
    return { unavailable: reason(error) };
  }
}

async function databaseSize(path: string, budget: SizeBudget): Promise<DirectorySize> {
  try {
    return await directorySize(
      DATABASE_DIRECTORIES.map((name) => `${path}/${name}`),
      budget,
    );
  } catch (error) {
    return { unavailable: reason(error) };
  }
}

const REASONS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'no such directory: the volume of the database is not mounted here'],
  ['ENOTDIR', 'not a directory'],
  ['EACCES', 'this user may not read it'],
  ['EPERM', 'this user may not read it'],
]);

/** In words, without the path. */
function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  return REASONS.get(code) ?? code;
}

/** The result of `reading`, or at `deadline` that there is none. */
async function byDeadline(reading: Promise<DiskReading>, deadline: number): Promise<DiskReading> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DiskReading>((resolve) => {
    timer = setTimeout(
      () => resolve({ unavailable: 'the file system does not respond' }),
      deadline - performance.now(),
    );
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}
