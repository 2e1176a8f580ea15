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
  ])('%s: LocalRPC is at %s', (services, expected) => {
    expect(place({ SERVICES: services })).toBe(expected);
  });

  test.each(['tcp://:50001', 'tcp://rpc:50001', 'rpc:8001', 'xrpc://:8001', ','])(
    '%s has no LocalRPC: it is where it was before there were services',
    (services) => {
      expect(rpcAddressFromElectrumX({ SERVICES: services })).toBeUndefined();
      expect(place({ SERVICES: services, RPC_PORT: '8002' })).toBe('127.0.0.1:8002');
      expect(place({ SERVICES: services })).toBe('127.0.0.1:8000');
    },
  );

  test.each(['rpc://:0', 'rpc://:banana', 'rpc://::1:8000', 'rpc://[::1', 'rpc://a b', 'rpc://:70000'])(
    '%s is a mistake, and shown as it stands there',
    (service) => {
      expect(place({ SERVICES: `tcp://:50001,${service}` })).toMatch(
        `SERVICES=${service}: expected rpc://[HOST][:PORT], without quotes`,
      );
    },
  );
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
  ])('%j: LocalRPC is at %s', (env, expected) => {
    expect(place(env)).toBe(expected);
  });

  test.each([
    [{ RPC_PORT: 'banana' }, 'RPC_PORT=banana: expected'],
    [{ RPC_HOST: 'my host' }, 'RPC_HOST=my host: expected'],
    [{ RPC_HOST: 'my host', RPC_PORT: '8001' }, 'RPC_HOST=my host RPC_PORT=8001: expected'],
  ])('%j is a mistake that names what was given', (env, message) => {
    expect(place(env)).toMatch(message);
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
