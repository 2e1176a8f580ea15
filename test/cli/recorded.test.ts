// electrumx-rpc prints recorded replies as the official script does. test/real/cli-official.test.ts makes the golden files with that script.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { electrumxRpc, eraReplies, GOLDEN, TABLES_AND_GETINFO } from './support/bin.ts';
import { recordings } from '../support/fixtures.ts';
import { startReplay } from './support/replay.ts';

// Scripts for sessions of 12 cells are on no registry: era-A3.txt and era-A4.txt were made from the Python formats in their source.
const ERAS = ['A3', 'A4'].map((era) => ({ name: `era-${era}`, replies: eraReplies(era) }));
const RELEASES = recordings().map(({ release, state, replies }) => ({ name: `${release}-${state}`, replies }));

describe.each([...RELEASES, ...ERAS])('replies of $name', ({ name, replies }) => {
  const transcript = readFileSync(path.join(GOLDEN, `${name}.txt`), 'utf8');

  it.each(TABLES_AND_GETINFO)('to %s are printed as by the official script', async (command) => {
    const golden = transcript.split(/^\$ electrumx-rpc /m).find((part) => part.startsWith(`${command}\n`));
    const replay = await startReplay(replies);
    const { code, stdout, stderr } = await electrumxRpc([command, '-p', String(replay.port)]);
    await replay.close();
    if (golden === undefined) {
      // the one recorded error: 1.10.1 broke its own sessions
      expect({ name, command, code, stdout }).toMatchObject({ command: 'sessions', code: 1, stdout: '' });
      expect(stderr).toContain('internal server error');
    } else {
      expect(stderr).toBe('');
      expect(`${command}\n${stdout}`).toBe(golden);
      expect(code).toBe(0);
    }
  });
});
