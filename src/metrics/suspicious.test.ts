// Suspicious strings are distinguished from strings that are merely unknown.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePeers } from '../electrumx/peers.ts';
import { decodeSessions } from '../electrumx/sessions.ts';
import { recordings } from '../../test/support/fixtures.ts';
import { suspiciousInPeers, suspiciousInSessions, isSuspicious } from './suspicious.ts';

describe('suspicious is', () => {
  test.each([
    ['client', '\u001b[2Jgone'],
    ['client', 'line\nbreak'],
    ['client', '\u202egnp.exe'],
    ['client', 'half \ud800 a pair'],
    ['client', '<img src=x>'],
    ['client', 'x",evil="1"} 1'],
    ['client', '{{ $labels.x }}'],
    ['protocol', `1.4${'.0'.repeat(20_000)}`],
    ['host', '2600::1%"}\\'],
    ['host', 'a'.repeat(254)],
    ['software', 'x'.repeat(500_000)],
  ] as const)('a %s such as %j', (kind, text) => {
    expect(isSuspicious(kind, text)).toBe(true);
  });
});

describe('not suspicious is', () => {
  test.each([
    ['client', ''],
    ['client', 'unknown'],
    ['client', 'NeverHeardOf 0.1'],
    ['client', 'Кошелёк 2'],
    ['client', '🧨'.repeat(17)],
    ['client', 'Send 0.1 BTC to 1'],
    ['protocol', undefined],
    ['protocol', '1.4.2'],
    ['host', 'electrum.example.org'],
    ['host', `${'a'.repeat(56)}.onion`],
    ['host', '2001:db8::1'],
    ['software', 'ElectrumX 1.16.0'],
    ['software', 'Fulcrum 1.9.1 (Release d330248)'],
  ] as const)('a %s such as %j', (kind, text) => {
    expect(isSuspicious(kind, text)).toBe(false);
  });

  test.each(recordings())(
    'any client or peer recorded with $release, $state, except one that sent a quotation mark',
    ({ replies }) => {
      const result = (text: string): unknown => (JSON.parse(text) as { result: unknown }).result;
      const [sessions, peers] = [decodeSessions(result(replies.sessions)), decodePeers(result(replies.peers))];
      const oddOnes = replies.sessions.split('"ledger-live-3.2 \\"').length - 1;
      expect(sessions ? suspiciousInSessions(sessions) : 0).toBe(oddOnes);
      expect(peers && suspiciousInPeers(peers)).toBe(0);
    },
  );
});

test('each suspicious string of clients and peers is counted', () => {
  const session = (id: number, client: string, protocol: string) => [
    ...[id, 'T10', '203.0.113.7:1', client, protocol, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 0, 1],
  ];
  const sessions = decodeSessions([
    session(0, '\u001b[2J', '1.4'),
    session(1, '\u001b[2J', '1.4'),
    session(2, '<b>', '{'),
    session(3, 'electrum/4.5.5', '1.4'),
  ]);
  const peer = (host: string, software: string) => ({ host, features: { server_version: software } });
  const peers = decodePeers([peer('a"', '\n'), peer('b', 'ElectrumX 1.16.0'), peer('c', 'x'.repeat(101))]);
  expect([sessions && suspiciousInSessions(sessions), peers && suspiciousInPeers(peers)]).toEqual([4, 3]);
});

test('any string is judged without an exception, and one of letters, digits and dots is never suspicious', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof isSuspicious('client', text) === 'boolean'));
  fc.assert(
    fc.property(fc.stringMatching(/^[\w. /-]{0,20}$/), (text) => {
      expect(isSuspicious('protocol', text)).toBe(false);
    }),
  );
});
