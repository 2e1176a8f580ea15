// The formats of /proc and of cgroups: lines as Linux writes them, and any text at all.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseBootTime,
  parseCgroupMounts,
  parseCommandLine,
  parseIo,
  parseMemoryCgroups,
  parseMemoryLimit,
  parseOpenFilesLimit,
  parseResidentMemory,
  parseStat,
} from './proc-files.ts';

/** The fields after the name: utime 1234, stime 566, 5 threads, started at tick 76387, 3,133,440 bytes of virtual memory. */
const FIELDS =
  'S 18371 18371 14321 0 -1 4194304 100 0 0 0 1234 566 7 8 20 0 5 0 76387 3133440 382 18446744073709551615 1 1 0';
const STAT = { cpuSeconds: 18, threads: 5, startSeconds: 763.87, virtualMemoryBytes: 3133440 };

describe('parseStat', () => {
  test('reads CPU time, threads, start and virtual memory', () => {
    expect(parseStat(`18379 (python3) ${FIELDS}\n`)).toEqual(STAT);
  });

  test('reads the same whatever the name of the program is', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom(') S 1 2 3', 'a (b) c', '((', '))', ' '));
    fc.assert(
      fc.property(name, (name) => {
        expect(parseStat(`18379 (${name}) ${FIELDS}\n`)).toEqual(STAT);
      }),
    );
  });

  test('is undefined for a line that ends before the virtual memory', () => {
    const whole = `18379 (python3) ${FIELDS}`;
    const end = whole.indexOf(' 3133440');
    fc.assert(
      fc.property(fc.nat(end), (length) => {
        expect(parseStat(whole.slice(0, length))).toBeUndefined();
      }),
    );
  });
});

describe('parseResidentMemory', () => {
  test('is VmRSS in bytes', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (kibibytes) => {
        const status = `Name:\tpython3\nVmSize:\t  999 kB\nVmRSS:\t${String(kibibytes).padStart(8)} kB\nThreads:\t1\n`;
        expect(parseResidentMemory(status)).toBe(kibibytes * 1024);
      }),
    );
  });

  test('is undefined for a kernel thread, which has no memory', () => {
    expect(parseResidentMemory('Name:\tkthreadd\nThreads:\t1\n')).toBeUndefined();
  });
});

describe('parseOpenFilesLimit', () => {
  const limits = (soft: string, hard: string) =>
    [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max processes             96365                96365                processes ',
      `Max open files            ${soft.padEnd(20)} ${hard.padEnd(20)} files     `,
      'Max locked memory         8388608              8388608              bytes     ',
    ].join('\n');

  test('reads the soft limit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (soft, hard) => {
        expect(parseOpenFilesLimit(limits(String(soft), String(hard)))).toBe(soft);
      }),
    );
  });

  test('reads unlimited as infinity', () => {
    expect(parseOpenFilesLimit(limits('unlimited', 'unlimited'))).toBe(Infinity);
  });
});

describe('parseIo', () => {
  test('takes the bytes of storage, not those that the page cache served or that were cancelled', () => {
    const io =
      'rchar: 111\nwchar: 222\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 512\n';
    expect(parseIo(io)).toEqual({ readBytes: 4096, writtenBytes: 8192 });
  });
});

describe('parseBootTime', () => {
  test('reads btime', () => {
    expect(parseBootTime('cpu  1 2 3\nctxt 44\nbtime 1796000000\nprocesses 5\n')).toBe(1796000000);
  });
});

describe('parseCommandLine', () => {
  test('splits the arguments, which may contain blanks and be empty', () => {
    const argument = fc.string().map((text) => text.replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(argument), (args) => {
        expect(parseCommandLine(args.map((arg) => `${arg}\0`).join(''))).toEqual(args);
      }),
    );
  });
});

describe('parseMemoryCgroups', () => {
  test('finds cgroup v2', () => {
    expect(parseMemoryCgroups('0::/system.slice/electrumx.service\n')).toEqual([
      { version: 2, path: '/system.slice/electrumx.service' },
    ]);
  });

  test('finds the memory controller of cgroup v1 beside v2', () => {
    const cgroup = '9:name=systemd:/a\n4:hugetlb,memory:/docker/a:b\n1:cpu,cpuacct:/c\n0::/d\n';
    expect(parseMemoryCgroups(cgroup)).toEqual([
      { version: 1, path: '/docker/a:b' },
      { version: 2, path: '/d' },
    ]);
  });
});

describe('parseCgroupMounts', () => {
  test('finds v2, and v1 where it has the memory controller', () => {
    const mountinfo = [
      '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
      '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      '35 31 0:32 /docker/ab /sys/fs/cgroup/memory rw,relatime shared:9 master:1 - cgroup cgroup rw,memory',
      '41 31 0:38 / /sys/fs/cgroup\\040two rw,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate',
    ].join('\n');
    expect(parseCgroupMounts(mountinfo)).toEqual([
      { version: 1, root: '/docker/ab', mountPoint: '/sys/fs/cgroup/memory' },
      { version: 2, root: '/', mountPoint: '/sys/fs/cgroup two' },
    ]);
  });
});

describe('parseMemoryLimit', () => {
  test('reads bytes', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), (bytes) => {
        expect(parseMemoryLimit(`${bytes}\n`)).toBe(bytes);
      }),
    );
  });

  test.each(['max\n', '9223372036854771712\n', '9223372036854710272\n'])(
    'is undefined for %j, which is unlimited',
    (text) => {
      expect(parseMemoryLimit(text)).toBeUndefined();
    },
  );
});

describe('every parser', () => {
  test('takes any text without throwing', () => {
    const parsers = [
      parseStat,
      parseResidentMemory,
      parseOpenFilesLimit,
      parseIo,
      parseBootTime,
      parseCommandLine,
      parseMemoryCgroups,
      parseCgroupMounts,
      parseMemoryLimit,
    ];
    const line = fc.constantFrom(
      '0::/',
      ' - cgroup2',
      'VmRSS: kB',
      'btime x',
      'Max open files            -1 1 files',
      ')',
    );
    const text = fc.array(fc.oneof(line, fc.string())).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (text) => {
        for (const parse of parsers) expect(() => parse(text)).not.toThrow();
      }),
    );
  });
});
