// The list of client ports, as configuration writes it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServices, TRANSPORTS } from '../../../src/simulator/wallet/services.ts';

describe('a list of services', () => {
  it.each([
    ['', []],
    ['tcp://:50001', [{ transport: 'tcp', port: 50_001 }]],
    [
      'ssl://0.0.0.0:50002, wss://[::1]:50004',
      [
        { transport: 'ssl', host: '0.0.0.0', port: 50_002 },
        { transport: 'wss', host: '::1', port: 50_004 },
      ],
    ],
    ['ws://localhost', [{ transport: 'ws', host: 'localhost', port: 0 }]],
  ])('reads %j', (list, services) => {
    expect(parseServices(list)).toEqual(services);
  });

  it.each(['rpc://:8000', 'tcp', 'tcp:50001', 'ssl://:99999', 'tcp://:1,none', 'tcp://a b:1', '50001'])(
    'refuses %j',
    (list) => {
      expect(parseServices(list)).toBeUndefined();
    },
  );

  it('parses what it formats, and never throws', () => {
    const service = fc.record({
      transport: fc.constantFrom(...TRANSPORTS),
      host: fc.ipV4(),
      port: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(fc.array(service), (services) => {
        const list = services.map(({ transport, host, port }) => `${transport}://${host}:${port}`).join(',');
        expect(parseServices(list)).toEqual(services);
      }),
    );
    fc.assert(fc.property(fc.string(), (list) => void parseServices(list)));
  });
});
