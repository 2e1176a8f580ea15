// Where LocalRPC listens, by the environment that the server itself reads.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rpcAddressFromElectrumX } from './electrumx-env.ts';
import { parseConfig } from './parse.ts';

function place(env: Readonly<Record<string, string>>): string {
  const parsed = parseConfig([], env);
  if (!parsed.ok) return parsed.errors.join('\n');
  const { host, port } = parsed.config.rpcAddress;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

describe('SERVICES', () => {
  test.each([
    ['rpc://', '127.0.0.1:8000'],
    ['rpc://:8001', '127.0.0.1:8001'],
    ['rpc://localhost', 'localhost:8000'],
    ['rpc://localhost:8001', 'localhost:8001'],
    ['rpc://electrumx.internal:8001', 'electrumx.internal:8001'],
    ['rpc://[::1]', '[::1]:8000'],
    ['rpc://[::1]:8001', '[::1]:8001'],
    ['rpc://0.0.0.0:8001', '127.0.0.1:8001'],
    ['rpc://[::]:8001', '[::1]:8001'],
    ['RPC://:8001', '127.0.0.1:8001'],
    ['tcp://:50001,ssl://:50002,rpc://:8001,wss://:50004', '127.0.0.1:8001'],
    ['tcp://:50001, rpc://:8001 ,ssl://:50002', '127.0.0.1:8001'],
    ['rpc://:8001,rpc://:8002', '127.0.0.1:8001'],
    [',rpc://:8001,', '127.0.0.1:8001'],
    ['tcp://:50001,rpc', '127.0.0.1:8000'],
    ['RPC', '127.0.0.1:8000'],
    ['tcp://:50001,rpc://:8001\r', '127.0.0.1:8001'],
  ])('%j: LocalRPC is at %s', (services, expected) => {
    expect(place({ SERVICES: services })).toBe(expected);
  });

  test.each(['tcp://:50001', 'tcp://rpc:50001', ','])(
    '%s has no rpc entry: RPC_PORT is used, else port 8000',
    (services) => {
      expect(rpcAddressFromElectrumX({ SERVICES: services })).toBeUndefined();
      expect(place({ SERVICES: services, RPC_PORT: '8002' })).toBe('127.0.0.1:8002');
      expect(place({ SERVICES: services })).toBe('127.0.0.1:8000');
    },
  );

  test.each(['rpc://:0', 'rpc://:banana', 'rpc://::1:8000', 'rpc://[::1', 'rpc://a b', 'rpc://:70000'])(
    '%s is an error that quotes the entry',
    (service) => {
      expect(place({ SERVICES: `tcp://:50001,${service}` })).toMatch(
        `SERVICES=${service}: expected rpc://[HOST][:PORT], without quotes`,
      );
    },
  );

  test.each(['rpc:8001', 'xrpc://:8001', 'tcp://:x'])('%s is an error, as it is for ElectrumX', (services) => {
    expect(place({ SERVICES: services })).toMatch(`SERVICES=${services}: expected`);
  });
});

describe('RPC_HOST and RPC_PORT', () => {
  test.each([
    [{ RPC_PORT: '8001' }, '127.0.0.1:8001'],
    [{ RPC_HOST: 'db' }, 'db:8000'],
    [{ RPC_HOST: '10.0.0.5', RPC_PORT: '8001' }, '10.0.0.5:8001'],
    [{ RPC_HOST: '::1', RPC_PORT: '8001' }, '[::1]:8001'],
    [{ RPC_HOST: '[::1]', RPC_PORT: '8001' }, '[::1]:8001'],
    [{ RPC_HOST: '0.0.0.0' }, '127.0.0.1:8000'],
    [{ RPC_HOST: '::' }, '[::1]:8000'],
    [{ RPC_HOST: '127.0.0.1,::1', RPC_PORT: '8001' }, '127.0.0.1:8001'],
    [{ RPC_HOST: '::1, 127.0.0.1' }, '[::1]:8000'],
    [{ RPC_HOST: 'constructor' }, 'constructor:8000'],
    [{ RPC_HOST: '', RPC_PORT: '8001' }, '127.0.0.1:8001'],
    [{ RPC_PORT: ' +8_001\r\n' }, '127.0.0.1:8001'],
    [{ RPC_HOST: 'db\r', RPC_PORT: '08001' }, 'db:8001'],
    [{ RPC_HOST: ' ', RPC_PORT: '\r' }, '127.0.0.1:8000'],
  ])('%j: LocalRPC is at %s', (env, expected) => {
    expect(place(env)).toBe(expected);
  });

  test.each([
    [{ RPC_PORT: 'banana' }, 'RPC_PORT=banana: expected a port from 1 to 65535'],
    [{ RPC_PORT: '"8000"' }, 'RPC_PORT="8000": expected a port from 1 to 65535'],
    [{ RPC_PORT: '70000' }, 'RPC_PORT=70000: expected a port from 1 to 65535'],
    [{ RPC_HOST: 'db', RPC_PORT: '0' }, 'RPC_PORT=0: expected a port from 1 to 65535'],
    [{ RPC_HOST: '127.0.0.1:8000' }, 'RPC_HOST=127.0.0.1:8000: expected the name or the address of a host'],
    [{ RPC_HOST: 'http://db' }, 'RPC_HOST=http://db: expected the name or the address of a host'],
    [{ RPC_PORT: '8000/tcp' }, 'RPC_PORT=8000/tcp: expected a port from 1 to 65535'],
    [{ RPC_HOST: 'my host' }, 'RPC_HOST=my host: expected the name or the address of a host'],
    [{ RPC_HOST: 'my host', RPC_PORT: '8001' }, 'RPC_HOST=my host: expected the name or the address of a host'],
  ])('%j is an error that names the variable', (env, message) => {
    expect(place(env)).toBe(message);
  });
});

describe('COIN and NET', () => {
  const interval = (env: Readonly<Record<string, string>>) => {
    const parsed = parseConfig([], env);
    return parsed.ok ? parsed.config.blockIntervalMs : parsed.errors;
  };

  test.each([
    [{ COIN: 'Bitcoin' }, 600_000],
    [{ COIN: 'bitcoinsegwit', NET: 'mainnet' }, 600_000],
    [{ COIN: 'Litecoin', NET: ' MainNet ' }, 150_000],
    [{ COIN: 'Dash', NET: '' }, 157_500],
    [{ COIN: 'Bitcoin', ELECTRUMX_EXPORTER_BLOCK_INTERVAL: '30s' }, 30_000],
    [{ COIN: 'Bitcoin', ELECTRUMX_EXPORTER_BLOCK_INTERVAL: '0s' }, 0],
    [{ COIN: 'Bitcoin', NET: 'regtest' }, undefined],
    [{ COIN: 'Bitcoin', NET: 'testnet4' }, undefined],
    [{ COIN: 'NewCoin' }, undefined],
    [{ NET: 'mainnet' }, undefined],
  ])('%j: a block every %s ms', (env, expected) => {
    expect(interval(env)).toBe(expected);
  });
});

describe('a variable from an env file', () => {
  const config = (env: Readonly<Record<string, string>>) => {
    const parsed = parseConfig([], env);
    return parsed.ok ? parsed.config : parsed.errors;
  };
  const SETTINGS = {
    MAX_SESSIONS: '1500',
    COST_SOFT_LIMIT: '2000',
    COST_HARD_LIMIT: '9000',
    INITIAL_CONCURRENT: '20',
    DAEMON_URL: 'http://u:p@node:8332/',
    REPORT_SERVICES: 'tcp://example.org:50001,ssl://example.org:50002',
    PEER_DISCOVERY: 'self',
    PEER_ANNOUNCE: 'Yes',
    SERVICES: 'tcp://:50001,rpc://:8001',
    COIN: 'Litecoin',
    NET: 'mainnet',
    DB_DIRECTORY: '/var/lib/electrumx',
    SSL_CERTFILE: '/etc/ssl/electrumx.pem',
    ELECTRUMX_EXPORTER_TIMEOUT: '5s',
    ELECTRUMX_EXPORTER_COLLECTOR_PEERS: 'false',
    ELECTRUMX_EXPORTER_WEB_TELEMETRY_PATH: '/m',
    ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:9000',
  };
  /** Before 1.12 these were there instead of SERVICES. */
  const OLD_SETTINGS = {
    HOST: '10.0.0.1',
    TCP_PORT: '50001',
    SSL_PORT: '50002',
    RPC_HOST: '10.0.0.1',
    RPC_PORT: '8001',
  };
  const names = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
  const oldNames = Object.keys(OLD_SETTINGS) as (keyof typeof OLD_SETTINGS)[];
  const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 4 });

  test.each(names)('%s is read without the white space around it', (name) => {
    const plain = config(SETTINGS);
    fc.assert(
      fc.property(blank, blank, (before, after) => {
        expect(config({ ...SETTINGS, [name]: before + SETTINGS[name] + after })).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  test.each(oldNames)('%s is read without the white space around it', (name) => {
    const plain = config(OLD_SETTINGS);
    fc.assert(
      fc.property(blank, blank, (before, after) => {
        expect(config({ ...OLD_SETTINGS, [name]: before + OLD_SETTINGS[name] + after })).toEqual(plain);
      }),
      { numRuns: 20 },
    );
  });

  test.each(oldNames)('%s in quotes is an error that names it', (name) => {
    expect(config({ ...OLD_SETTINGS, [name]: `"${OLD_SETTINGS[name]}"` })).toContainEqual(
      expect.stringMatching(`^${name}=".*: expected `),
    );
  });

  test.each(names)('%s of only white space counts as an empty one', (name) => {
    const empty = config({ ...SETTINGS, [name]: '' });
    fc.assert(
      fc.property(blank, (value) => {
        expect(config({ ...SETTINGS, [name]: value })).toEqual(empty);
      }),
      { numRuns: 20 },
    );
  });

  test.each(
    names.filter(
      (name) =>
        !['PEER_DISCOVERY', 'PEER_ANNOUNCE', 'COIN', 'NET', 'DAEMON_URL', 'DB_DIRECTORY', 'SSL_CERTFILE'].includes(
          name,
        ),
    ),
  )('%s in quotes is an error that names it', (name) => {
    const found = config({ ...SETTINGS, [name]: `"${SETTINGS[name]}"` });
    expect(found).toContainEqual(expect.stringMatching(`^${name}=".*: expected `));
    expect(found).not.toContainEqual(expect.not.stringMatching(`^${name}=`));
  });

  test.each(['MAX_SESSIONS', 'COST_SOFT_LIMIT', 'COST_HARD_LIMIT', 'INITIAL_CONCURRENT'] as const)(
    '%s can have a sign, leading zeros and underscores',
    (name) => {
      const number = fc.integer({ min: 1, max: 999_999 });
      const written = fc.tuple(fc.constantFrom('', '+'), fc.constantFrom('', '0', '0_0'), fc.constantFrom('', '_'));
      fc.assert(
        fc.property(number, written, (n, [sign, zeros, separator]) => {
          const value = sign + zeros + Array.from(String(n)).join(separator);
          expect(config({ ...SETTINGS, [name]: value })).toEqual(config({ ...SETTINGS, [name]: String(n) }));
        }),
      );
    },
  );

  test.each(['MAX_SESSIONS', 'COST_SOFT_LIMIT', 'COST_HARD_LIMIT'] as const)('%s below 0 is 0', (name) => {
    expect(config({ ...SETTINGS, [name]: '-1' })).toEqual(config({ ...SETTINGS, [name]: '0' }));
  });

  test.each(['MAX_SESSIONS', 'COST_SOFT_LIMIT', 'COST_HARD_LIMIT', 'INITIAL_CONCURRENT'] as const)(
    '%s can be as high as anyone likes',
    (name) => {
      expect(config({ [name]: '10_000_000_000_000' })).toEqual(config({ [name]: '10000000000000' }));
      for (const high of ['10000000000', '9'.repeat(30), '9'.repeat(400)]) {
        expect(config({ [name]: high })).toHaveProperty('collectors'); // and not a list of errors
      }
      expect(config({ MAX_SESSIONS: '10000000000' })).toHaveProperty('maxSessions', 1e10);
    },
  );

  test.each(['1__0', '_1', '1_', '--1', '1.0', '1e3', '0x10', '1 000', "'1'"])(
    'MAX_SESSIONS=%s is not a number',
    (text) => {
      expect(config({ MAX_SESSIONS: text })).toEqual([`MAX_SESSIONS=${text}: expected a whole number of 0 or more`]);
    },
  );
});

test('any text in the three variables is an address or nothing, and never an exception', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('constructor', '__proto__', 'toString', '::', 'rpc://', 'rpc://['),
  );
  const env = fc.record({ SERVICES: text, RPC_HOST: text, RPC_PORT: text }, { requiredKeys: [] });
  fc.assert(
    fc.property(env, (given) => {
      const derived = rpcAddressFromElectrumX(given);
      if (derived) expect(Object.values(derived).every((value) => typeof value === 'string')).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
