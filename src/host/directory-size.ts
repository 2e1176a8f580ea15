// Adds up the sizes of the files below some directories, within a budget of entries and time.
import { lstat, opendir } from 'node:fs/promises';

export interface SizeBudget {
  /** most files and directories to count */
  readonly maxEntries: number;
  /** on the clock of `performance.now()` */
  readonly deadline: number;
}

/** Bytes, or why they were not counted, in words for a log line. */
export type DirectorySize = number | { readonly unavailable: string };

/** As many as Node.js has threads for file system calls: more would only wait there, and keep others waiting. */
const CONCURRENT_CALLS = 4;

/**
 * The sum of the file sizes below `directories`, each of which may be a symbolic link or missing. Links below them are not followed.
 * Files that disappear meanwhile, as a database removes them all the time, count as 0.
 */
export async function directorySize(directories: readonly string[], budget: SizeBudget): Promise<DirectorySize> {
  const pending = [...directories];
  let entries = 0;
  let bytes = 0;
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const batch: string[] = [];
    for await (const entry of entriesOf(directory)) {
      entries += 1;
      if (entries > budget.maxEntries) return { unavailable: `more than ${budget.maxEntries} files` };
      if (performance.now() > budget.deadline)
        return { unavailable: `not counted in time: more than ${entries} files` };
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else batch.push(path);
      if (batch.length === CONCURRENT_CALLS) bytes += await sizeOf(batch.splice(0));
    }
    bytes += await sizeOf(batch);
  }
  return bytes;
}

async function* entriesOf(directory: string) {
  try {
    yield* await opendir(directory, { bufferSize: 256 });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(fileSize));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function fileSize(file: string): Promise<number> {
  try {
    return (await lstat(file)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
