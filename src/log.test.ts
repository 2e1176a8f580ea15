// The log, where writing it fails for a while.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from './log.ts';

test.each(['json', 'pretty'] as const)(
  '%s continues when writing succeeds again, without the lines after 64 kB',
  async (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'log');
    writeFileSync(file, '');
    const fd = openSync(file, 'r'); // to write to it fails
    const log = await createLog('info', format, fd);
    for (let n = 0; n < 2000; n += 1) log.warn({ n }, 'a line that is as long as the others');
    closeSync(fd);
    expect(openSync(file, 'a')).toBe(fd);
    onTestFinished(() => closeSync(fd));
    for (let n = 0; n < 100; n += 1) log.warn({ n }, 'a later line as long as the others');
    const written = readFileSync(file, 'utf8');
    expect(written.match(/a later line/g)?.length).toBeGreaterThan(90);
    expect(written.length).toBeLessThan(100_000);
  },
);
