// The server's process: found in a /proc made of files, confused with nothing else, and read from the real /proc.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readServerProcess, type ProcessStats } from './process.ts';

const PID = 4711;
const BOOT = 1_700_000_000;
/** The process started 1000 s after the boot. */
const PROCESS_START = BOOT + 1000;
/** All that a server of the same user shows. */
const FILES: Readonly<Record<string, string>> = {
  stat: `cpu  1 2 3\nbtime ${BOOT}\n`,
  'self/stat': '1 (node) S',
  'self/mountinfo': '41 31 0:38 / CGROUP rw - cgroup2 cgroup2 rw\n',
  [`${PID}/cmdline`]: '/usr/bin/python3\0/usr/local/bin/electrumx_server\0',
  [`${PID}/stat`]: `${PID} (electrumx_serve) S 1 1 1 0 -1 0 1 0 0 0 1234 566 7 8 20 0 5 0 100000 3133440 382 1\n`,
  [`${PID}/status`]: 'VmRSS:\t  2048 kB\n',
  [`${PID}/limits`]: 'Max open files            1024                 4096                 files     \n',
  [`${PID}/io`]: 'read_bytes: 4096\nwrite_bytes: 8192\n',
  [`${PID}/cgroup`]: '0::/system.slice/electrumx.service\n',
  [`${PID}/fd/0`]: '',
  [`${PID}/fd/1`]: '',
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'proc-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Writes a /proc of `files` and looks for the server there, which started 2 s after its process. */
function readFrom(
  files: Readonly<Record<string, string | undefined>>,
  query: { startTime?: number; pid?: number } = {},
) {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content.replace('CGROUP', join(root, 'cgroup')));
  }
  return readServerProcess({
    pid: PID,
    startTime: PROCESS_START + 2,
    now: BOOT + 5000,
    procRoot: root,
    platform: 'linux',
    ...query,
  });
}

function without(...names: string[]) {
  return Object.fromEntries(Object.entries(FILES).filter(([name]) => !names.some((gone) => name.startsWith(gone))));
}

describe('readServerProcess', () => {
  test('reads memory, CPU time, threads, storage, limits and start', async () => {
    expect(await readFrom(FILES)).toMatchObject({
      residentMemoryBytes: 2048 * 1024,
      virtualMemoryBytes: 3133440,
      cpuSeconds: 18,
      threads: 5,
      maxFds: 1024,
      startTimeSeconds: PROCESS_START,
      readBytes: 4096,
      writtenBytes: 8192,
      memoryLimitBytes: undefined,
    });
  });

  test('leaves out what another user may not read', async () => {
    expect(await readFrom(without(`${PID}/io`, `${PID}/fd`))).toMatchObject({
      residentMemoryBytes: 2048 * 1024,
      maxFds: 1024,
      openFds: undefined,
      readBytes: undefined,
      writtenBytes: undefined,
    });
  });

  test.each([
    ['its script, run by Python', 'python3\0/opt/electrumx/bin/electrumx_server\0'],
    ['its script, run by Python with options', '/usr/bin/python3.14\0-X\0dev\0./electrumx_server.py\0'],
    ['its script, run by PyPy', 'pypy3\0electrumx_server\0'],
    ['its module, run by Python', 'python3\0-m\0electrumx.cli.electrumx_server\0'],
    ['a packaged program', '/nix/store/x/bin/.electrumx_server-wrapped\0'],
  ])('takes %s for the server', async (_, cmdline) => {
    expect(await readFrom({ ...FILES, [`${PID}/cmdline`]: cmdline })).toHaveProperty('threads', 5);
  });

  test.each([
    ['a kernel thread', ''],
    ['this exporter', 'node\0/app/dist/main.js\0--collector.disk.path=/srv/electrumx_server\0'],
    ['an init that starts the server', '/sbin/docker-init\0--\0electrumx_server\0'],
    ['an editor', 'vi\0/usr/local/bin/electrumx_server\0'],
    ['another Python program', 'python3\0/usr/bin/electrumx_rpc\0'],
    ['another Python module', 'python3\0-m\0electrumx.cli.electrumx_rpc\0'],
  ])('does not take %s for the server', async (_, cmdline) => {
    expect(await readFrom({ ...FILES, [`${PID}/cmdline`]: cmdline })).toEqual({
      unavailable: 'the pid belongs to another program',
    });
  });

  test.each([-5, 0, 30, 180])(
    'takes a process for the server that started %i s before it by its uptime',
    async (older) => {
      expect(await readFrom(FILES, { startTime: PROCESS_START + older })).toHaveProperty('threads', 5);
    },
  );

  test.each([-3600, -6, 181, 86_400])(
    'does not take a process for the server that started %i s before it',
    async (older) => {
      expect(await readFrom(FILES, { startTime: PROCESS_START + older })).toEqual({
        unavailable: 'the pid belongs to another ElectrumX, or the clock was set: its start does not fit the uptime',
      });
    },
  );

  test('reports that the PID namespace is not shared when there is no such process', async () => {
    expect(await readFrom(without(`${PID}/`))).toEqual({
      unavailable:
        'no process with this pid: the PID namespace is not shared, or /proc hides the processes of other users',
    });
  });

  test('reports an empty /proc as not mounted', async () => {
    expect(await readFrom({})).toEqual({ unavailable: '/proc is not readable: it is not mounted' });
  });

  test('reports a system that is not Linux', async () => {
    const query = { pid: PID, startTime: PROCESS_START, now: BOOT + 5000, procRoot: root };
    expect(await readServerProcess({ ...query, platform: 'darwin' })).toEqual({ unavailable: 'not Linux' });
  });

  test('returns a result without the files that only add details', async () => {
    const bare = without(`${PID}/status`, `${PID}/limits`, `${PID}/cgroup`, 'self/mountinfo');
    expect(await readFrom(bare)).toMatchObject({ threads: 5, residentMemoryBytes: undefined, maxFds: undefined });
  });
});

describe('the memory limit', () => {
  const limitIn = async (files: Readonly<Record<string, string>>) => {
    const found = await readFrom({ ...FILES, ...files });
    return (found as ProcessStats).memoryLimitBytes;
  };

  test('is the smallest of the cgroup and those above it', async () => {
    const limit = await limitIn({
      'cgroup/system.slice/electrumx.service/memory.max': '4000000\n',
      'cgroup/system.slice/memory.max': '3000000\n',
    });
    expect(limit).toBe(3000000);
  });

  test('is absent when every cgroup is unlimited', async () => {
    const limit = await limitIn({
      'cgroup/system.slice/electrumx.service/memory.max': 'max\n',
      'cgroup/system.slice/memory.max': 'max\n',
    });
    expect(limit).toBeUndefined();
  });

  test('is read in cgroup v1', async () => {
    const limit = await limitIn({
      'self/mountinfo': '35 31 0:32 /docker CGROUP rw - cgroup cgroup rw,memory\n',
      [`${PID}/cgroup`]: '4:memory:/docker/ab\n',
      'cgroup/ab/memory.limit_in_bytes': '5000000\n',
      'cgroup/memory.limit_in_bytes': '9223372036854771712\n',
    });
    expect(limit).toBe(5000000);
  });

  test('is read through the root of another container, whose cgroup is not mounted here', async () => {
    const limit = await limitIn({
      [`${PID}/cgroup`]: '0::/../other-container\n',
      [`${PID}/root/sys/fs/cgroup/memory.max`]: '6000000\n',
      'cgroup/memory.max': '1000\n',
    });
    expect(limit).toBe(6000000);
  });
});

describe.runIf(process.platform === 'linux')('readServerProcess on the real /proc', () => {
  let server: ChildProcess;
  beforeEach(async () => {
    const script = join(root, 'electrumx_server');
    writeFileSync(script, 'process.stdin.resume(); process.stdout.write("ready")');
    server = spawn(process.execPath, [script], { argv0: 'python3', stdio: 'pipe' });
    if (server.stdout) await once(server.stdout, 'data');
  });
  afterEach(async () => {
    server.kill();
    await once(server, 'exit');
  });

  test('reads what /proc shows of a child process', async () => {
    const now = Date.now() / 1000;
    const found = (await readServerProcess({ pid: server.pid ?? -1, startTime: now, now })) as ProcessStats;
    const file = (name: string) => readFileSync(`/proc/${server.pid}/${name}`, 'utf8');
    expect(found.openFds).toBe(readdirSync(`/proc/${server.pid}/fd`).length);
    expect(String(found.maxFds)).toBe(/Max open files\s+(\d+)/.exec(file('limits'))?.[1]);
    expect(String(found.threads)).toBe(/^Threads:\s+(\d+)$/m.exec(file('status'))?.[1]);
    expect(found.residentMemoryBytes).toBeGreaterThan(10_000_000);
    expect(found.virtualMemoryBytes).toBeGreaterThan(found.residentMemoryBytes ?? Infinity);
    expect(Math.abs(found.startTimeSeconds - now)).toBeLessThan(5);
  });

  test('does not take this very process, which is a Node.js, for the server', async () => {
    const now = Date.now() / 1000;
    const found = await readServerProcess({ pid: process.pid, startTime: now - process.uptime(), now });
    expect(found).toEqual({ unavailable: 'the pid belongs to another program' });
  });
});
