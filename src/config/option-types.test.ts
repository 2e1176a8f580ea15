// How the values of options are written.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as types from './option-types.ts';

describe('an address to connect to', () => {
  test.each([
    ['127.0.0.1:8000', '127.0.0.1', 8000],
    ['localhost:1', 'localhost', 1],
    ['a-b.c_d:65535', 'a-b.c_d', 65_535],
    [':8000', '127.0.0.1', 8000],
    ['[::1]:8000', '::1', 8000],
    ['[fe80::1%eth0]:8000', 'fe80::1%eth0', 8000],
  ])('%s', (text, host, port) => {
    expect(types.address.parse(text)).toEqual({ host, port });
  });

  test.each([
    '',
    'localhost',
    '8000',
    'a:0',
    'a:65536',
    'a:-1',
    'a:1.5',
    '::1:8000',
    '[::1]',
    '[127.0.0.1]:1',
    '[127.0.0.1:8000]:1',
    '[:::]:1',
    '[1::2::3]:1',
    'a b:1',
    'http://a:1',
    'a:1\n',
    'a:1/',
  ])('%j is none', (text) => {
    expect(types.address.parse(text)).toBeUndefined();
  });
});

describe('an address to listen at', () => {
  test.each([
    [':10061', undefined, 10_061],
    [':0', undefined, 0],
    ['0.0.0.0:1', '0.0.0.0', 1],
    ['[::]:1', '::', 1],
  ])('%s', (text, host, port) => {
    expect(types.listenAddress.parse(text)).toEqual({ host, port });
  });
});

describe('a duration', () => {
  const kind = types.duration(100, 600_000);

  test.each([
    ['100ms', 100],
    ['8s', 8000],
    ['0.5s', 500],
    ['1.5m', 90_000],
    ['10m', 600_000],
  ])('%s is %i milliseconds', (text, ms) => {
    expect(kind.parse(text)).toBe(ms);
  });

  test.each([
    '99ms',
    '601s',
    '1h',
    '8',
    '8 s',
    '-8s',
    '8S',
    '1e3ms',
    '.5s',
    '5s5s',
    's',
    '',
    '0x8s',
    `${'9'.repeat(400)}s`,
  ])('%j is none', (text) => {
    expect(kind.parse(text)).toBeUndefined();
  });
});

describe('a size', () => {
  const kind = types.size(1024, 256 * 2 ** 20);

  test.each([
    ['1024', 1024],
    ['2000B', 2000],
    ['1KiB', 1024],
    ['500KB', 500_000],
    ['64MiB', 67_108_864],
    ['5MB', 5_000_000],
    ['256MiB', 268_435_456],
  ])('%s is %i bytes', (text, bytes) => {
    expect(kind.parse(text)).toBe(bytes);
  });

  test.each(['1023', '257MiB', '1GiB', '-1KiB', '1.5MiB', '64mib', '', 'MiB', '64 MiB'])('%j is none', (text) => {
    expect(kind.parse(text)).toBeUndefined();
  });
});

describe('a whole number', () => {
  test.each(['', '-1', '+5', '1.5', '1e3', '0x10', '1_000', ' 5', '101', 'NaN', 'Infinity', '9'.repeat(400)])(
    'from 0 to 100 is not %.20j',
    (text) => {
      expect(types.integer(0, 100).parse(text)).toBeUndefined();
    },
  );

  test('is every one of them', () => {
    fc.assert(fc.property(fc.nat({ max: 100 }), (n) => types.integer(0, 100).parse(String(n)) === n));
  });
});

describe('a path of the web server', () => {
  test.each(['/metrics', '/a/b-c.d_e', '/9', '/-metrics'])('%s', (text) => {
    expect(types.webPath.parse(text)).toBe(text);
  });

  test.each(['', '/', 'metrics', '/-/healthy', '/-/x', '/runbook', '/a b', '/a?b', '/é', '/*', '/:a', '//a'])(
    '%j is none',
    (text) => {
      expect(types.webPath.parse(text)).toBeUndefined();
    },
  );
});

describe('the URL of the daemon', () => {
  test.each([
    ['http://user:pass@127.0.0.1:8332/', '127.0.0.1:8332/'],
    ['https://user:pass@node', 'node:'],
    ['user:pass@node:8332', 'node:8332/'],
    ['http://user:p@ss:w/rd@node:8332', 'node:8332/'],
    ['http://u:p@[::1]:8332/', '[::1]:8332/'],
    [' http://u:p@first:1/ , http://u:p@second:2/\n', 'first:1/', 'second:2/'],
  ])('%s is in getinfo as %s', (text, ...daemons) => {
    expect(types.daemonUrls.parse(text)).toEqual(daemons);
  });

  test('keeps no part of user and password', () => {
    const secret = fc.string({ unit: fc.constantFrom('S', '%', ':', '/', '@', '0', '[', ']', ' ') });
    fc.assert(
      fc.property(secret, secret, (user, password) => {
        const daemons = types.daemonUrls.parse(`http://${user}:${password}@node:8332/`);
        if (daemons !== undefined) expect(daemons).toEqual(['node:8332/']);
      }),
    );
  });

  test.each(['', 'http://', 'http://u:p@', 'http://u:p@a b', 'u:p@host:port', ','])('%j is none', (text) => {
    expect(types.daemonUrls.parse(text)).toBeUndefined();
  });
});

describe('reported services', () => {
  test.each([
    ['tcp://Ex.org:50001,ssl://ex.org:50002', ['ex.org']],
    ['tcp://a.onion:50001, wss://b:1', ['a.onion', 'b']],
    ['ssl://[2001:DB8:0::1]:50002', ['2001:db8::1']], // as the list of peers has it
    ['tcp://ex.org', ['ex.org']],
    ['tcp://ex.org:1,', ['ex.org']],
    [',', []],
  ])('%s are those of %j', (text, hosts) => {
    expect(types.reportedHosts.parse(text)).toEqual(hosts);
  });

  test.each(['ex.org', 'tcp://', 'tcp://:1', 'tcp://a:b', 'tcp://a:1,x'])('%j are none', (text) => {
    expect(types.reportedHosts.parse(text)).toBeUndefined();
  });
});

test('every type parses any string without an exception', () => {
  const all = [
    ...[
      types.address,
      types.listenAddress,
      types.duration(0, 1),
      types.size(0, 1),
      types.integer(0, 1),
      types.choice('a'),
    ],
    ...[types.toggle, types.webPath, types.path, types.daemonUrls, types.peerDiscovery, types.reportedHosts],
  ];
  const words = fc.constantFrom('__proto__', 'constructor', 'toString', 'valueOf');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), words), (text) => {
      for (const type of all) expect(typeof type.parse(text)).not.toBe('function');
    }),
  );
});
