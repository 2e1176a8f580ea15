// Which client ports a list of services names.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atServer, formatService, parseServices, TRANSPORTS, type Service } from './services.ts';

const loopback = (transport: Service['transport'], port: number) => ({ transport, host: '127.0.0.1', port });
const everywhere = (transport: Service['transport'], port: number) => ({
  ...loopback(transport, port),
  allInterfaces: true,
});

describe('a list of services', () => {
  test('names the client ports in their order, without LocalRPC', () => {
    expect(parseServices('tcp://:50001,ssl://127.0.0.1:50002,rpc://,ws://:50003,wss://:50004,rpc://:8000')).toEqual([
      everywhere('tcp', 50_001),
      loopback('ssl', 50_002),
      everywhere('ws', 50_003),
      everywhere('wss', 50_004),
    ]);
  });

  test.for([
    ['tcp://[::1]:1', '::1'],
    ['tcp://192.0.2.7:1', '192.0.2.7'],
    ['tcp://electrum.example.org:1', 'electrum.example.org'],
    ['TCP://localhost:1', 'localhost'],
  ] as const)('%s is reached at %s', ([list, host]) => {
    expect(parseServices(list)).toEqual([{ transport: 'tcp', host, port: 1 }]);
  });

  test.for([
    ['tcp://:1', '127.0.0.1'],
    ['tcp://0.0.0.0:1', '127.0.0.1'],
    ['tcp://all_interfaces:1', '127.0.0.1'],
    ['tcp://[::]:1', '::1'],
  ] as const)('%s listens on all interfaces, and is reached at %s', ([list, host]) => {
    expect(parseServices(list)).toEqual([{ transport: 'tcp', host, port: 1, allInterfaces: true }]);
  });

  test('may have blanks and empty entries, and names a service once however often it is there', () => {
    expect(parseServices(' , tcp://:1 ,,tcp://127.0.0.1:1,')).toEqual([loopback('tcp', 1)]);
    expect(parseServices('')).toEqual([]);
  });

  test.for([
    'tcp://',
    'tcp://localhost',
    'tcp://:0',
    'tcp://:65536',
    'tcp://:1:2',
    'tcp://::1:50001',
    'tcp://[localhost]:1',
    'tcp://300.1.1.1:1',
    'tcp://a b:1',
    'tcp://user@host:1',
    'tcp://host:1/path',
    'http://:80',
    '127.0.0.1:50001',
    'tcp://:1,nonsense',
  ])('with %s is not valid', (list) => {
    expect(parseServices(list)).toBeUndefined();
  });
});

describe('a service of a server', () => {
  const reached = (list: string, rpcHost: string) => parseServices(list)?.map((it) => atServer(it, rpcHost).host);

  test.for(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('with LocalRPC at %s is on this host', (rpcHost) => {
    expect(reached('tcp://:1,tcp://[::]:2,tcp://10.0.0.1:3', rpcHost)).toEqual(['127.0.0.1', '::1', '10.0.0.1']);
  });

  test.for(['electrumx', '10.0.0.5', '2001:db8::5', '127.example.org'])(
    'with LocalRPC at %s is there if it listens on all interfaces',
    (rpcHost) => {
      const list = 'tcp://:1,tcp://0.0.0.0:2,tcp://[::]:3,tcp://10.0.0.1:4,tcp://127.0.0.1:5';
      expect(reached(list, rpcHost)).toEqual([rpcHost, rpcHost, rpcHost, '10.0.0.1', '127.0.0.1']);
    },
  );
});

const host = fc.oneof(fc.domain(), fc.ipV4(), fc.constantFrom('::1', '2001:db8::7'));
const service = fc.record({
  transport: fc.constantFrom(...TRANSPORTS),
  host: host.filter((name) => name !== '0.0.0.0'),
  port: fc.integer({ min: 1, max: 65_535 }),
});

test('services survive being written and read', () => {
  fc.assert(
    fc.property(fc.uniqueArray(service, { selector: formatService }), (services) => {
      expect(parseServices(services.map(formatService).join(','))).toEqual(services);
    }),
  );
});

test('any text is read without an error, and what it names can be connected to', () => {
  const word = fc.constantFrom('tcp', 'ssl', '://', ':', '[', ']', ',', '::1', '50001', 'a.example', ' ', '/', '@');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join('')),
      ),
      (list) => {
        for (const { transport, host, port } of parseServices(list) ?? []) {
          expect(TRANSPORTS).toContain(transport);
          expect(port).toBeGreaterThanOrEqual(1);
          expect(port).toBeLessThanOrEqual(65_535);
          expect(host).toMatch(/^[\w.:-]+$/);
        }
      },
    ),
  );
});
