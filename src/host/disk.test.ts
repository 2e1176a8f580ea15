// The disk of the database, read on real directories in a temporary folder.
import { linkSync, mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { diskReader, type Disk } from './disk.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'electrumx-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

function write(name: string, bytes: number): void {
  mkdirSync(dirname(join(path, name)), { recursive: true });
  writeFileSync(join(path, name), Buffer.alloc(bytes));
}

const soon = (milliseconds = 10_000) => performance.now() + milliseconds;
const read = async (options: { maxEntries?: number } = {}) => (await diskReader({ path, ...options })(soon())) as Disk;

describe('the file system', () => {
  test('has the size, the free space and the free inodes that statfs reports', async () => {
    const { blocks, bsize, files } = statfsSync(path);
    const disk = await read();
    expect(disk.filesystemSizeBytes).toBe(blocks * bsize);
    expect(disk.filesystemAvailBytes).toBeGreaterThan(0);
    expect(disk.filesystemAvailBytes).toBeLessThanOrEqual(disk.filesystemSizeBytes);
    if (files > 0) expect(disk.filesystemFilesFree).toBeLessThanOrEqual(files);
  });

  test.each([
    ['does not exist', '/no/such/directory', 'no such directory: the volume of the database is not mounted here'],
    ['is below a file', '/dev/null/db', 'not a directory'],
  ])('is unavailable when the directory %s', async (_, missing, unavailable) => {
    expect(await diskReader({ path: missing })(soon())).toEqual({ unavailable });
  });
});

describe('the size of the database', () => {
  test('is that of all files in utxo, hist and meta', async () => {
    write('utxo/000001.ldb', 1000);
    write('utxo/lost/000002.ldb', 200);
    write('hist/000003.log', 30);
    write('meta/headers00', 4);
    expect((await read()).databaseSize).toBe(1234);
  });

  test('leaves out other files beside them', async () => {
    write('utxo/000001.ldb', 1000);
    write('COIN', 50);
    write('banner.txt', 50);
    write('bitcoind/blocks/blk00000.dat', 5000);
    expect((await read()).databaseSize).toBe(1000);
  });

  test('is 0 before the first start', async () => {
    expect((await read()).databaseSize).toBe(0);
  });

  test('includes a directory that is a link to another disk, and does not follow links in it', async () => {
    write('elsewhere/000001.ldb', 1000);
    symlinkSync(join(path, 'elsewhere'), join(path, 'hist'));
    symlinkSync('/', join(path, 'elsewhere', 'root'));
    const size = (await read()).databaseSize;
    expect(size).toBe(1000 + '/'.length);
  });

  test('is unavailable when a file is in place of a directory', async () => {
    write('utxo', 10);
    expect((await read()).databaseSize).toEqual({ unavailable: 'not a directory' });
  });

  test('is unavailable above the largest number of files', async () => {
    for (let number = 0; number < 11; number += 1) write(`utxo/${number}.ldb`, 1);
    expect((await read({ maxEntries: 11 })).databaseSize).toBe(11);
    expect((await read({ maxEntries: 10 })).databaseSize).toEqual({ unavailable: 'more than 10 files' });
  });
});

describe('a directory of 100,000 files', () => {
  let full: string;
  beforeAll(() => {
    full = mkdtempSync(join(tmpdir(), 'electrumx-'));
    for (const name of ['utxo/a', 'utxo/b', 'hist/c', 'hist/d']) {
      const directory = join(full, name);
      mkdirSync(directory, { recursive: true });
      writeFileSync(join(directory, '0.ldb'), '');
      // Links, since they are made twenty times as fast as files.
      for (let number = 1; number < 25_000; number += 1)
        linkSync(join(directory, '0.ldb'), join(directory, `${number}.ldb`));
    }
  }, 60_000);
  afterAll(() => rmSync(full, { recursive: true, force: true }));

  test('is not counted, and the file system is read all the same', async () => {
    const disk = (await diskReader({ path: full })(soon())) as Disk;
    expect(disk.databaseSize).toEqual({ unavailable: 'more than 50000 files' });
    expect(disk.filesystemSizeBytes).toBeGreaterThan(0);
  });

  test('is counted until shortly before the deadline, and the file system is read all the same', async () => {
    const deadline = soon(200);
    const disk = (await diskReader({ path: full, maxEntries: Infinity })(deadline)) as Disk;
    expect(performance.now()).toBeLessThan(deadline + 100);
    expect((disk.databaseSize as { unavailable: string }).unavailable).toMatch(
      /^not counted in time: more than \d+ files$/,
    );
    expect(disk.filesystemSizeBytes).toBeGreaterThan(0);
  });

  test('is read once for simultaneous calls, each of which waits until its deadline', async () => {
    const readDisk = diskReader({ path: full });
    const first = readDisk(soon());
    const hurried = readDisk(soon(-1));
    const second = readDisk(soon());
    expect(await hurried).toEqual({ unavailable: 'the file system does not respond' });
    expect(await second).toBe(await first);
  });

  test('is read again once the reading has ended', async () => {
    const readDisk = diskReader({ path: full, maxEntries: 10 });
    expect(await readDisk(soon())).not.toBe(await readDisk(soon()));
  });
});
