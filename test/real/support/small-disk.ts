// A small file system that a test can fill without filling a real disk.
import { closeSync, mkdtempSync, openSync, rmdirSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './process.ts';

export interface SmallDisk {
  /** its mount point */
  readonly path: string;
  readonly sizeBytes: number;
  /** Adds so many bytes to a file on it, or as many as fit. */
  write(bytes: number): void;
  /** Unmounts it. */
  close(): Promise<void>;
}

const BUFFER = Buffer.alloc(65_536);

/** Mounts a tmpfs, which needs root. Its space is memory, and only as much of it as is written. */
export async function mountSmallDisk(sizeBytes: number): Promise<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const { code, output } = await runToEnd('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'none', path]);
  if (code !== 0) {
    rmdirSync(path);
    throw new Error(output);
  }
  const file = openSync(join(path, 'copy of another disk'), 'w');
  return {
    path,
    sizeBytes,
    write: (bytes) => {
      try {
        for (let left = bytes; left > 0;) left -= writeSync(file, BUFFER, 0, Math.min(left, BUFFER.length));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    close: async () => {
      closeSync(file);
      await runToEnd('umount', ['--lazy', path]);
      rmdirSync(path);
    },
  };
}
