// Peers of every era. Their strings and features are untrusted.
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { decodePeers, networkOf, type Peer } from './peers.ts';

const ERAS = eraSamples();

interface RecordedPeer {
  readonly host: string;
  readonly status: string;
  readonly last_good: number;
  readonly last_try: number;
  readonly try_count: number;
  readonly features: { readonly server_version: string | null; readonly protocol_max: string };
}

function peer(fields: unknown): Peer | undefined {
  return decodePeers([fields])?.rows[0];
}

describe.each(recordings())('peers of $release, $state', ({ replies }) => {
  test('are decoded one by one', () => {
    const { result } = JSON.parse(replies.peers) as {
      result: RecordedPeer[];
    };
    expect(decodePeers(result)).toEqual({
      badRows: 0,
      rows: result.map(({ host, status, last_good, last_try, try_count, features }) => ({
        host,
        status,
        lastGood: last_good,
        lastTry: last_try,
        tries: try_count,
        software: features.server_version ?? undefined,
        protocolMax: features.protocol_max,
      })),
    });
  });
});

describe('a peer', () => {
  test.each(Object.keys(ERAS))('of %s is decoded', (era) => {
    const decoded = decodePeers(ERAS[era]?.peers);
    expect(decoded?.badRows).toBe(0);
    expect(decoded?.rows.every(({ host, status }) => host && status)).toBe(true);
  });

  test('has the time of last_good, or of last_connect before 1.0.8', () => {
    expect(peer({ last_good: 1_700_000_000.5 })?.lastGood).toBe(1_700_000_000.5);
    expect(peer({ last_connect: 1_500_000_000 })?.lastGood).toBe(1_500_000_000);
    expect(peer({ last_good: 7, last_connect: 5 })?.lastGood).toBe(7);
    expect(peer({ last_good: 0 })?.lastGood).toBe(0);
    expect(peer({})?.lastGood).toBe(0);
  });

  test('has no time of a last try before the first one', () => {
    expect(peer({ last_try: 1_700_000_000.5, try_count: 3 })).toMatchObject({ lastTry: 1_700_000_000.5, tries: 3 });
    expect(peer({ last_try: 0, try_count: 0 })).toMatchObject({ lastTry: 0, tries: 0 });
    expect(peer({})).toMatchObject({ lastTry: 0, tries: undefined });
  });

  test('keeps suspicious strings unchanged', () => {
    const host = `2600::1%${'x'.repeat(100_000)}"}\\\n\ud800`;
    const software = 'v'.repeat(500_000);
    expect(peer({ host, status: 'never', features: { server_version: software, protocol_max: software } })).toEqual({
      host,
      status: 'never',
      software,
      protocolMax: software,
      lastGood: 0,
      lastTry: 0,
      tries: undefined,
    });
  });

  test('may have any features, of any depth', () => {
    const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;
    const text = `{"host": "a", "features": {"__proto__": {"server_version": "x"}, "constructor": ${deep}}}`;
    expect(peer(JSON.parse(text))).toMatchObject({ host: 'a', software: undefined });
    for (const features of [null, 5, [], 'text']) expect(peer({ features })).toMatchObject({ software: undefined });
  });

  test('may have fields of other types: these are absent', () => {
    const features = { server_version: 2, protocol_max: 1.4 };
    expect(peer({ host: 5, status: null, last_good: '7', last_try: '7', try_count: '1', features })).toEqual({
      host: undefined,
      status: undefined,
      software: undefined,
      protocolMax: undefined,
      lastGood: 0,
      lastTry: 0,
      tries: undefined,
    });
  });
});

describe('a host', () => {
  test.each([
    ['electrum.example.org', 'clearnet'],
    ['203.0.113.7', 'clearnet'],
    ['2001:db8::1', 'clearnet'],
    ['onion.example.org', 'clearnet'],
    ['notanonion', 'clearnet'],
    [`${'a'.repeat(56)}.onion`, 'onion'],
    ['Explorer.ONION', 'onion'],
    ['example.onion.', 'onion'],
  ])('%s is in the network %s', (host, network) => {
    expect(networkOf(host)).toBe(network);
  });
});

describe('the list', () => {
  test('leaves out entries that are not objects, and counts them', () => {
    expect(decodePeers([{ host: 'a' }, null, 5, ['b'], { host: 'c' }])).toMatchObject({
      rows: [{ host: 'a' }, { host: 'c' }],
      badRows: 3,
    });
  });

  test('of servers before 0.11 is a dict of IRC nicks, which is not decoded', () => {
    expect(decodePeers({ E_nick: ['203.0.113.7', 'example.org', ['s', 't']] })).toEqual({ rows: [], badRows: 0 });
  });

  test.each([null, 5, 'text', true])('is not %j', (reply) => {
    expect(decodePeers(reply)).toBeUndefined();
  });
});
