// The configuration: where each option can come from, which source takes precedence, and all errors at once.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { config, errors } from '../../test/support/config.ts';
import { helpText } from './help.ts';
import type { Option } from './option.ts';
import { allOptions } from './options.ts';
import { parseConfig, type Config } from './parse.ts';
import { COLLECTORS } from '../scrape/collectors.ts';

const LOOPBACK_SERVICE = { transport: 'tcp', host: '127.0.0.1', port: 1, allInterfaces: true };

/** Each option with a value, what it is read into, and a value that is not allowed. */
const VALUES: readonly [
  flag: string,
  given: string,
  read: (config: Config) => unknown,
  expected: unknown,
  bad: string,
][] = [
  ['electrumx.rpc-address', '[::1]:8001', ({ rpcAddress }) => rpcAddress, { host: '::1', port: 8001 }, 'localhost'],
  ['electrumx.timeout', '2.5s', ({ timeoutMs }) => timeoutMs, 2500, '0s'],
  ['electrumx.max-response-bytes', '2MiB', ({ maxResponseBytes }) => maxResponseBytes, 2_097_152, '1GiB'],
  ['electrumx.max-sessions', '1000', ({ maxSessions }) => maxSessions, 1000, 'many'],
  ['electrumx.cost-soft-limit', '2000', ({ costSoftLimit }) => costSoftLimit, 2000, 'soft'],
  ['electrumx.cost-hard-limit', '0', ({ costHardLimit }) => costHardLimit, 0, '1e4'],
  ['electrumx.initial-concurrent', '20', ({ initialConcurrent }) => initialConcurrent, 20, '0'],
  ['electrumx.daemon-url', 'http://u:p@db:8332/', ({ daemons }) => daemons, ['db:8332/'], 'http://u:p@:8332'],
  ['electrumx.report-services', 'ssl://Ex.org:50002', ({ reportedHosts }) => reportedHosts, ['ex.org'], 'ex.org'],
  ['electrumx.block-interval', '2.5m', ({ blockIntervalMs }) => blockIntervalMs, 150_000, '-1s'],
  ['web.listen-address', ':9000', ({ listenAddresses }) => listenAddresses, [{ host: undefined, port: 9000 }], '9000'],
  ['web.telemetry-path', '/m', ({ telemetryPath }) => telemetryPath, '/m', '/-/ready'],
  ['web.config.file', '/etc/web.yml', ({ webConfigFile }) => webConfigFile, '/etc/web.yml', 'a\0b'],
  ['collector.getinfo.min-interval', '15s', ({ collectors }) => collectors.getinfo.minIntervalMs, 15_000, '2h'],
  ['collector.groups.min-interval', '1m', ({ collectors }) => collectors.groups.minIntervalMs, 60_000, 'soon'],
  ['collector.sessions.min-interval', '500ms', ({ collectors }) => collectors.sessions.minIntervalMs, 500, '5'],
  ['collector.peers.min-interval', '5m', ({ collectors }) => collectors.peers.minIntervalMs, 300_000, '-5m'],
  ['collector.process.min-interval', '5s', ({ collectors }) => collectors.process.minIntervalMs, 5000, '5 s'],
  ['collector.disk.min-interval', '10m', ({ collectors }) => collectors.disk.minIntervalMs, 600_000, '10'],
  ['collector.disk.path', '/db', ({ collectors }) => collectors.disk.path, '/db', 'a\0b'],
  ['collector.probe.min-interval', '30s', ({ collectors }) => collectors.probe.minIntervalMs, 30_000, 'often'],
  ['collector.probe.timeout', '5s', ({ collectors }) => collectors.probe.timeoutMs, 5000, '2m'],
  ['collector.probe.services', 'tcp://:1', ({ collectors }) => collectors.probe.services, [LOOPBACK_SERVICE], 'tcp://'],
  ['electrumx.ssl-certfile', '/c.pem', ({ collectors }) => collectors.probe.certificateFile, '/c.pem', 'a\0b'],
  ['collector.sessions.max-pairs', '1000000', ({ collectors }) => collectors.sessions.maxPairs, 1_000_000, 'many'],
  ['collector.groups.top', '3', ({ collectors }) => collectors.groups.top, 3, '101'],
  ['log.level', 'debug', ({ logLevel }) => logLevel, 'debug', 'loud'],
  ['log.format', 'pretty', ({ logFormat }) => logFormat, 'pretty', 'xml'],
];

const TOGGLES: readonly [flag: string, read: (config: Config) => unknown, standard: boolean][] = [
  ['collector.getinfo', ({ collectors }) => collectors.getinfo.on, true],
  ['collector.groups', ({ collectors }) => collectors.groups.on, true],
  ['collector.sessions', ({ collectors }) => collectors.sessions.on, true],
  ['collector.peers', ({ collectors }) => collectors.peers.on, true],
  ['collector.process', ({ collectors }) => collectors.process.on, true],
  ['collector.disk', ({ collectors }) => collectors.disk.on, true],
  ['collector.probe', ({ collectors }) => collectors.probe.on, true],
  ['collector.groups.names', ({ collectors }) => collectors.groups.names, false],
];

function option(flag: string): Option<unknown> {
  const found = allOptions().find((candidate) => candidate.flag === flag);
  if (!found) throw new Error(`no option ${flag}`);
  return found;
}

describe('without anything given', () => {
  test('the exporter queries 127.0.0.1:8000 and listens at :10061', () => {
    expect(config()).toMatchObject({
      rpcAddress: { host: '127.0.0.1', port: 8000 },
      timeoutMs: 8000,
      maxResponseBytes: 16 * 2 ** 20,
      listenAddresses: [{ host: undefined, port: 10_061 }],
      telemetryPath: '/metrics',
      collectors: {
        getinfo: { on: true, minIntervalMs: 0 },
        groups: { top: 10, names: false },
        sessions: { maxPairs: 500_000 },
        peers: { on: true, minIntervalMs: 0 },
      },
      peerDiscovery: true,
      peerAnnounce: true,
      logLevel: 'info',
      logFormat: 'json',
    });
    expect(config()).toHaveProperty('maxSessions', undefined);
    expect(config()).toHaveProperty('daemons', undefined);
  });

  test('or with empty variables, it is the same', () => {
    const variables = allOptions().map(({ env }) => env);
    const off = ['PEER_DISCOVERY', 'PEER_ANNOUNCE']; // as ElectrumX reads them
    const empty = Object.fromEntries(variables.filter((env) => !off.includes(env)).map((env) => [env, '']));
    expect(config([], { ...empty, SERVICES: '', RPC_HOST: '', RPC_PORT: '' })).toEqual(config());
  });

  test('the configuration is frozen', () => {
    expect(Object.isFrozen(config())).toBe(true);
    expect(Object.isFrozen(config().collectors.peers)).toBe(true);
    expect(Object.isFrozen(config().listenAddresses)).toBe(true);
  });
});

test('every option is in the tables of this test', () => {
  const withoutBadValues = ['electrumx.peer-discovery', 'electrumx.peer-announce'];
  const known = [...VALUES.map(([flag]) => flag), ...TOGGLES.map(([flag]) => flag), ...withoutBadValues].sort();
  expect(allOptions().map(({ flag }) => flag).sort()).toEqual(known); // prettier-ignore
});

describe.for(VALUES)('--%s', ([flag, given, read, expected, bad]) => {
  const { env } = option(flag);

  test('is given as --flag=value and as --flag value', () => {
    expect(read(config([`--${flag}=${given}`]))).toEqual(expected);
    expect(read(config([`--${flag}`, given]))).toEqual(expected);
  });

  test(`is given as ${env}`, () => {
    expect(read(config([], { [env]: given }))).toEqual(expected);
  });

  test('as a flag takes precedence over the variable, whose value is then not checked', () => {
    expect(read(config([`--${flag}=${given}`], { [env]: bad }))).toEqual(expected);
  });

  test('reports a wrong value with its source and with what is allowed', () => {
    const { expects } = option(flag).type;
    const value = option(flag).secret ? '<hidden>' : bad;
    expect(errors([`--${flag}=${bad}`])).toEqual([`--${flag}=${value}: expected ${expects}`]);
    expect(errors([], { [env]: bad })).toEqual([`${env}=${value}: expected ${expects}`]);
  });

  test('needs a value', () => {
    const none = ['electrumx.report-services', 'collector.probe.services'].includes(flag); // an empty list
    expect(errors([`--${flag}=`])).toHaveLength(none ? 0 : 1);
    expect(errors([`--${flag}`])).toEqual([`--${flag}: needs a value; expected ${option(flag).type.expects}`]);
  });

  test('can be given once, unless it is repeatable', () => {
    const twice = [`--${flag}=${given}`, `--${flag}=${given}`];
    expect(errors(twice)).toHaveLength(option(flag).repeatable ? 0 : 1);
  });

  test('is in --help, with its variable', () => {
    expect(helpText()).toContain(`--${flag}=`);
    expect(helpText()).toContain(`[${env}]`);
  });
});

describe.each(TOGGLES)('--%s', (flag, read, standard) => {
  const { env } = option(flag);

  test(`is ${standard} by default, and can be switched on and off`, () => {
    expect(read(config())).toBe(standard);
    expect(read(config([`--${flag}`]))).toBe(true);
    expect(read(config([`--no-${flag}`]))).toBe(false);
  });

  test.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])(`is, as ${env}=%s, %s`, (text, expected) => {
    expect(read(config([], { [env]: text }))).toBe(expected);
    expect(read(config([`--${flag}`], { [env]: text }))).toBe(true);
    expect(read(config([`--no-${flag}`], { [env]: text }))).toBe(false);
  });

  test('takes no value as a flag, and no other words as a variable', () => {
    const allowed = `takes no value; expected --${flag} or --no-${flag}`;
    expect(errors([`--${flag}=false`])).toEqual([`--${flag}=false: ${allowed}`]);
    expect(errors([`--no-${flag}=`])).toEqual([`--no-${flag}=: ${allowed}`]);
    for (const word of ['yes', 'TRUE', 'constructor', '__proto__', 'toString', '2']) {
      expect(errors([], { [env]: word })).toEqual([`${env}=${word}: expected true or false`]);
    }
  });

  test('cannot be on and off', () => {
    expect(errors([`--${flag}`, `--no-${flag}`])).toEqual([`--no-${flag}: given twice; expected once`]);
  });
});

describe('collectors', () => {
  test('cannot all be off', () => {
    const off = COLLECTORS.map(({ name }) => `--no-collector.${name}`);
    expect(errors(off)).toEqual([expect.stringContaining('expected at least one that is on')]);
    expect(config(off.slice(1)).collectors.getinfo.on).toBe(true);
  });
});

describe('listen addresses', () => {
  const both = [
    { host: '127.0.0.1', port: 1 },
    { host: '::1', port: 2 },
  ];

  test('can be given several times as a flag, and with commas in the environment', () => {
    const flags = ['--web.listen-address=127.0.0.1:1', '--web.listen-address', '[::1]:2'];
    expect(config(flags).listenAddresses).toEqual(both);
    const env = { ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:1,[::1]:2' };
    expect(config([], env).listenAddresses).toEqual(both);
  });

  test('as flags replace all those of the environment', () => {
    const env = { ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:1,[::1]:2' };
    expect(config(['--web.listen-address=:3'], env).listenAddresses).toEqual([{ host: undefined, port: 3 }]);
  });

  test('are wrong one by one', () => {
    const wrong = errors(['--web.listen-address=:1', '--web.listen-address=x', '--web.listen-address=:70000']);
    expect(wrong.map((text) => text.split(':')[0])).toEqual(['--web.listen-address=x', '--web.listen-address=']);
  });
});

describe('the address of LocalRPC', () => {
  const flag = '--electrumx.rpc-address=10.0.0.1:1';
  const own = { ELECTRUMX_EXPORTER_RPC_ADDRESS: '10.0.0.2:2' };
  const services = { SERVICES: 'tcp://:50001,rpc://10.0.0.3:3' };
  const old = { RPC_HOST: '10.0.0.4', RPC_PORT: '4' };

  test('is that of the flag, else of the variable, else of SERVICES, else of RPC_HOST and RPC_PORT, else the default', () => {
    expect(config([flag], { ...own, ...services, ...old }).rpcAddress).toEqual({ host: '10.0.0.1', port: 1 });
    expect(config([], { ...own, ...services, ...old }).rpcAddress).toEqual({ host: '10.0.0.2', port: 2 });
    expect(config([], { ...services, ...old }).rpcAddress).toEqual({ host: '10.0.0.3', port: 3 });
    expect(config([], { SERVICES: 'tcp://:50001', ...old }).rpcAddress).toEqual({ host: '10.0.0.4', port: 4 });
    expect(config([], { SERVICES: 'tcp://:50001' }).rpcAddress).toEqual({ host: '127.0.0.1', port: 8000 });
  });
});

describe('any arguments and any environment', () => {
  const flags = fc.constantFrom(
    ...allOptions().flatMap(({ flag }) => [`--${flag}`, `--no-${flag}`, `-${flag}`]),
    '--',
    '-',
    '--help',
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      'constructor',
      '__proto__',
      'toString',
      '0',
      'true',
      '',
      ',',
      '[',
      '[::]',
      '::',
      '0.0.0.0',
      'rpc://',
      'rpc://[',
    ),
    fc.constantFrom(...VALUES.flatMap(([, good, , , bad]) => [good, bad])),
  );
  const argument = fc.oneof(
    flags,
    texts,
    fc.tuple(flags, texts).map(([flag, text]) => `${flag}=${text}`),
  );
  const names = fc.constantFrom(...allOptions().map(({ env }) => env), 'SERVICES', 'RPC_HOST', 'RPC_PORT');

  test('give a configuration or errors, and never an exception', () => {
    fc.assert(
      fc.property(fc.array(argument), fc.dictionary(names, texts), (argv, env) => {
        const parsed = parseConfig(argv, env);
        if (parsed.ok) {
          expect(parsed.config.rpcAddress.port).toBeGreaterThan(0);
          expect(typeof parsed.config.collectors.peers.on).toBe('boolean');
          expect(parsed.config.listenAddresses.length).toBeGreaterThan(0);
        } else {
          expect(parsed.errors.length).toBeGreaterThan(0);
          for (const text of parsed.errors)
            expect(text).toMatch(/: (expected|not an option|no such option|needs|takes|given|all)/s);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
