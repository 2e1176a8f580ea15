// Reads a file of /proc or of a cgroup that may be missing or forbidden.
import { readFile } from 'node:fs/promises';

/** The content of `file`, `undefined` when it is missing or this process may not read it. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'latin1');
  } catch {
    return undefined;
  }
}
