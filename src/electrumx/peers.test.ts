// Peers of every era. Their strings and features are untrusted.
import { describe, expect, test } from 'vitest';
import { eraSamples, recordings } from '../../test/support/fixtures.ts';
import { decodePeers, type Peer } from './peers.ts';

const ERAS = eraSamples();

function peer(fields: unknown): Peer | undefined {
  return decodePeers([fields])?.rows[0];
}

describe.each(recordings())('peers of $release, $state', ({ replies }) => {
  test('are decoded one by one', () => {
    const { result } = JSON.parse(replies.peers) as {
      result: { host: string; status: string; last_good: number; features: { server_version: string | null } }[];
    };
    expect(decodePeers(result)).toEqual({
      badRows: 0,
      rows: result.map(({ host, status, last_good, features }) => ({
        host,
        status,
        lastGood: last_good,
        software: features.server_version ?? undefined,
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

  test('was last good when last_good says so, or last_connect before 1.0.8', () => {
    expect(peer({ last_good: 1_700_000_000.5 })?.lastGood).toBe(1_700_000_000.5);
    expect(peer({ last_connect: 1_500_000_000 })?.lastGood).toBe(1_500_000_000);
    expect(peer({ last_good: 7, last_connect: 5 })?.lastGood).toBe(7);
    expect(peer({ last_good: 0 })?.lastGood).toBe(0);
    expect(peer({})?.lastGood).toBe(0);
  });

  test('keeps suspicious strings unchanged', () => {
    const host = `2600::1%${'x'.repeat(100_000)}"}\\\n\ud800`;
    const software = 'v'.repeat(500_000);
    expect(peer({ host, status: 'never', features: { server_version: software } })).toEqual({
      host,
      status: 'never',
      software,
      lastGood: 0,
    });
  });

  test('may have any features, of any depth', () => {
    const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;
    const text = `{"host": "a", "features": {"__proto__": {"server_version": "x"}, "constructor": ${deep}}}`;
    expect(peer(JSON.parse(text))).toMatchObject({ host: 'a', software: undefined });
    for (const features of [null, 5, [], 'text']) expect(peer({ features })).toMatchObject({ software: undefined });
  });

  test('may have fields of other types: these are absent', () => {
    expect(peer({ host: 5, status: null, last_good: '7', features: { server_version: 2 } })).toEqual({
      host: undefined,
      status: undefined,
      software: undefined,
      lastGood: 0,
    });
  });
});

describe('the list', () => {
  test('is without those that are no objects, which are counted', () => {
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
