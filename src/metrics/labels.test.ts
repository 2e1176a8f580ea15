// Untrusted strings become label values that are few, printable, and no addresses.
import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordings } from '../../test/support/fixtures.ts';
import { address, untrusted } from '../../test/support/untrusted.ts';
import { clientLabels } from '../electrumx/client-families.ts';
import { groupLabel, methodLabel, operatorLabel, protocolLabel, softwareLabel } from './labels.ts';

const PRINTABLE = /^[\x20-\x7e]{1,64}$/;
const looksLikeAddress = (text: string) =>
  net.isIP(text) !== 0 || /\d+\.\d+\.\d+\.\d+/.test(text) || /[0-9a-f]*:[0-9a-f]*:/i.test(text) || text.includes('/');

describe('any string', () => {
  test.each([
    ['client', (text: string) => clientLabels(text).client],
    ['version', (text: string) => clientLabels(text).version],
    ['protocol', protocolLabel],
    ['software', softwareLabel],
    ['method', methodLabel],
  ])('becomes a %s that is short, printable, and no address', (_, label) => {
    fc.assert(
      fc.property(untrusted, (text) => {
        expect(label(text)).toMatch(PRINTABLE);
        expect(looksLikeAddress(label(text))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['version of the server', operatorLabel],
    ['group', groupLabel],
  ])('becomes a %s that is short and printable', (_, label) => {
    fc.assert(
      fc.property(untrusted, (text) => {
        expect(label(text)).toMatch(PRINTABLE);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['client', (text: string) => clientLabels(text).client, 23],
    ['software', softwareLabel, 12],
    ['method', methodLabel, 80],
  ])('becomes one of few values as %s', (_, label, most) => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(untrusted, (text) => {
        seen.add(label(text));
      }),
      { numRuns: 5000 },
    );
    expect(seen.size).toBeGreaterThan(1);
    expect(seen.size).toBeLessThanOrEqual(most);
  });

  test('becomes no version with a number of three digits, and no protocol but 0.x and 1.x', () => {
    fc.assert(
      fc.property(untrusted, (text) => {
        expect(clientLabels(text).version).toMatch(/^(unknown|other|\d{1,2}\.\d{1,2}(\.\d{1,2})?)$/);
        expect(protocolLabel(text)).toMatch(/^(other|[01]\.\d{1,2}(\.\d)?)$/);
      }),
      { numRuns: 2000 },
    );
  });

  test('of a megabyte is judged at once', () => {
    const started = performance.now();
    for (const unit of ['1', '1.', ' ', 'a', 'electrum', '.', '/']) {
      const long = unit.repeat(1_000_000 / unit.length);
      for (const label of [clientLabels, protocolLabel, softwareLabel, methodLabel, groupLabel, operatorLabel])
        label(long);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('a client', () => {
  test.each([
    ['electrum/4.5.5', 'electrum', '4.5.5'],
    ['electrum/4.6.2', 'electrum', '4.6.2'],
    ['Electrum 4.0', 'electrum', '4.0'],
    ['electrum', 'electrum', 'unknown'],
    ['3.3.8', 'electrum', '3.3.8'],
    ['4.5.5 €\nlong-name', 'electrum', '4.5.5'],
    ['sparrow/1.9.1', 'sparrow', '1.9.1'],
    ['ledger-live-3.2 "', 'ledger-live', '3.2'],
    ['BlueWallet', 'bluewallet', 'unknown'],
    ['Nunchuk', 'nunchuk', 'unknown'],
    ['bitcoinj', 'bitcoinj', 'unknown'],
    ['all_seeing_eye', 'all_seeing_eye', 'unknown'],
    ['Electron Cash 4.2', 'electron-cash', '4.2'],
    ['electrumx 1.16.0', 'electrumx', '1.16.0'],
    ['ElectrumX 1.5.1.0', 'electrumx', 'unknown'],
    ['Fulcrum 1.9.1', 'fulcrum', '1.9.1'],
    ['edge', 'edge', 'unknown'],
    ['unknown', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
  ])('that calls itself %j is %s %s', (name, client, version) => {
    expect(clientLabels(name)).toEqual({ client, version });
  });

  test.each([
    '203.0.113.7',
    '10.0.0.1',
    '1.2.3.4',
    '1.2.3.4:5',
    '::1',
    '2001:db8::1',
    'electrumsteal',
    'edgey',
    'RPC',
    '\n',
  ])('that calls itself %j is not known', (name) => {
    expect(clientLabels(name)).toEqual({ client: 'other', version: 'other' });
  });

  test.each(['electrum/1.2.3.4', 'electrum/123.4', 'electrum/4.5.5x', 'electrum/4.5_5', 'electrum 4'])(
    'that calls itself %j has no version',
    (name) => {
      expect(clientLabels(name)).toEqual({ client: 'electrum', version: 'unknown' });
    },
  );

  test('of the recordings is known by name', () => {
    const names = new Set(
      recordings().flatMap(({ replies }) => {
        const { result } = JSON.parse(replies.sessions) as { result?: string[][] };
        return (result ?? []).filter((row) => !row[1]?.startsWith('R')).map((row) => row[3] ?? '');
      }),
    );
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(clientLabels(name).client, name).not.toMatch(/^(other|unknown)$/);
  });
});

describe('a protocol', () => {
  test.each(['0.9', '1.0', '1.1', '1.2', '1.4', '1.4.2', '1.6.0', '1.7', '1.10'])('%s is shown', (protocol) => {
    expect(protocolLabel(protocol)).toBe(protocol);
  });

  test.each(['', '2.0', '1', '1.4.2.1', '1.444', '1.4\n', 'RPC', ` 1.4`, `1.${'4'.repeat(1_000_000)}`])(
    '%.20j is not shown',
    (protocol) => {
      expect(protocolLabel(protocol)).toBe('other');
    },
  );

  test('that is missing is unknown', () => {
    expect(protocolLabel(undefined)).toBe('unknown');
  });
});

describe('the software of a peer', () => {
  test.each([
    ['ElectrumX 1.20.0', 'electrumx'],
    ['electrs/0.9.14', 'electrs'],
    ['Fulcrum 1.9.1', 'fulcrum'],
    ['ElectrumPersonalServer 0.2', 'electrumpersonalserver'],
    ['Qtum ElectrumX 1.16.0', 'other'],
    ['', 'other'],
    ['ElectrumXYZ', 'other'],
    ['constructor', 'other'],
  ])('%j is %s', (text, label) => {
    expect(softwareLabel(text)).toBe(label);
  });

  test('of a peer that was never reached is unknown', () => {
    expect(softwareLabel(undefined)).toBe('unknown');
  });
});

describe('a method', () => {
  test.each([
    'server.version',
    'blockchain.scripthash.subscribe',
    'getinfo',
    'invalid method',
    'blockchain.outpoint.get_status',
  ])('%s of ElectrumX is shown', (method) => {
    expect(methodLabel(method)).toBe(method);
  });

  test('of the recordings is known by name', () => {
    const names = recordings().flatMap(({ replies }) => {
      const { result } = JSON.parse(replies.getinfo) as { result: { 'request counts'?: object } };
      return Object.keys(result['request counts'] ?? {});
    });
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(methodLabel(name)).toBe(name);
  });

  test.each(['blockchain.atomicals.get', '__proto__', 'constructor', 'toString', '', '203.0.113.7', 'getinfo '])(
    '%j, which a client may have made up, is not shown',
    (method) => {
      expect(methodLabel(method)).toBe('other');
    },
  );
});

describe('the version and the coin of the server', () => {
  test.each(['ElectrumX 1.16.0', 'ElectrumX 1.5.1.0', 'Qtum ElectrumX 1.16.0', 'BitcoinSegwitRegtest'])(
    '%s is shown as it is',
    (text) => {
      expect(operatorLabel(text)).toBe(text);
    },
  );

  test.each(['10.0.0.1:8332', 'Bitcoin 203.0.113.7', '2001:db8::1', '::1', 'ElectrumX 203.0.113.7', '1.5.1.0'])(
    '%s is other, because it may be an address',
    (text) => {
      expect(operatorLabel(text)).toBe('other');
    },
  );

  test('are never an address, but for a version of four short numbers', () => {
    fc.assert(
      fc.property(fc.constantFrom('', 'ElectrumX ', 'Bitcoin '), address, fc.string(), (before, ip, after) => {
        const label = operatorLabel(before + ip + after);
        expect(label.replace(/^ElectrumX (\d{1,2}\.){3}\d{1,2}$/, '')).not.toMatch(/\d\.\d+\.\d+\.\d|:.*:/);
      }),
    );
  });

  test('are unknown when missing, and other when they cannot be printed', () => {
    expect(operatorLabel(undefined)).toBe('unknown');
    for (const text of ['', 'é', 'a\nb', 'x'.repeat(65), '\ud800']) expect(operatorLabel(text)).toBe('other');
  });
});

describe('the name of a group, with --collector.groups.names', () => {
  test.each(['203.0.113.0/24', '203.0.113', '2001:0db8:0000', '2001:db8::/48', 'unknown_ip', 'unknown_addr', '100'])(
    '%s is shown',
    (name) => {
      expect(groupLabel(name)).toBe(name);
    },
  );

  test.each(['', 'a b', '203.0.113.0/2444', 'constructor', '203.0.113.0\n', '"}', 'f'.repeat(46)])(
    '%j is not shown',
    (name) => {
      expect(groupLabel(name)).toBe('other');
    },
  );
});
