// The series of peer servers, compared with counts over each recorded reply, and those of this server's entry in the list.
import { describe, expect, test } from 'vitest';
import { series, parseExposition } from '../../../test/support/exposition.ts';
import { recorded, recordings } from '../../../test/support/fixtures.ts';
import { find, passer } from '../../../test/support/pipeline.ts';

interface RecordedPeer {
  readonly host: string;
  readonly features: { readonly protocol_max: string };
}

async function exposed(line: string, flags: readonly string[] = []) {
  const findings = [await find('peers', Buffer.from(line))];
  return parseExposition(await passer(flags)(findings).expose('text'));
}

const listOf = (...peers: readonly object[]) => JSON.stringify({ jsonrpc: '2.0', result: peers, id: 0 });

describe.each(recordings())('the peers of $release, $state', ({ replies }) => {
  const peers = (JSON.parse(replies.peers) as { result: RecordedPeer[] }).result;
  const count = (matches: (peer: RecordedPeer) => boolean) => peers.filter(matches).length;

  test('are exported by network', async () => {
    expect(series(await exposed(replies.peers), 'electrumx_peers_by_network')).toEqual({
      '{network="clearnet"}': count(({ host }) => !host.endsWith('.onion')),
      '{network="onion"}': count(({ host }) => host.endsWith('.onion')),
    });
  });

  test('are exported by protocol', async () => {
    const versions = new Set(peers.map(({ features }) => features.protocol_max));
    const counts = [...versions].map((version) => [
      `{protocol="${version}"}`,
      count(({ features }) => features.protocol_max === version),
    ]);
    expect(series(await exposed(replies.peers), 'electrumx_peers_by_protocol')).toEqual(Object.fromEntries(counts));
  });
});

describe('electrumx_peers_by_protocol', () => {
  test('has unknown and other for versions that no Electrum server has, and the 10 most frequent', async () => {
    const peer = (protocol_max: unknown) => ({ host: 'a', features: { protocol_max } });
    const versions = Array.from({ length: 9 }, (_, minor) => `1.${minor}`);
    const line = listOf(...[null, null, '2.0', 'x"} 1', ...versions, ...versions].map(peer), peer('1.99'), {
      host: 'b',
    });
    const exposition = await exposed(line);
    expect(series(exposition, 'electrumx_peers_by_protocol')).toEqual({
      ...Object.fromEntries(versions.map((version) => [`{protocol="${version}"}`, 2])),
      '{protocol="unknown"}': 3,
      '{protocol="other"}': 3,
    });
  });
});

describe('the entry of this server', () => {
  const entryOf = async (line: string, services: string, ...flags: string[]) => {
    const exposition = await exposed(line, [`--electrumx.report-services=${services}`, ...flags]);
    return {
      good: series(exposition, 'electrumx_peer_self_good')[''],
      tries: series(exposition, 'electrumx_peer_self_tries')[''],
      lastTry: series(exposition, 'electrumx_peer_self_last_try_timestamp_seconds')[''],
    };
  };
  const { peers } = recorded('spesmilo-1.20.0', 'peering');

  test.each([
    ['tcp://127.0.0.1:51005', { good: 1, tries: 0, lastTry: 1795337081.993181 }],
    ['ssl://electrum.example.org:51002', { good: 0, tries: 1, lastTry: 1795337082.1116803 }],
    ['tcp://127.0.0.1:1,ssl://Electrum.Example.org:1', { good: 1, tries: 1, lastTry: 1795337082.1116803 }],
  ])('of spesmilo-1.20.0 with REPORT_SERVICES=%s has its values', async (services, expected) => {
    expect(await entryOf(peers, services)).toEqual(expected);
  });

  test('has no time of a last try before the first one', async () => {
    const line = listOf({ host: 'ex.org', status: 'never', last_try: 0, try_count: 0 });
    expect(await entryOf(line, 'ssl://ex.org:50002')).toEqual({ good: 0, tries: 0, lastTry: undefined });
  });

  test('has neither tries nor a last try while the server does not list itself', async () => {
    const expected = { good: 0, tries: undefined, lastTry: undefined };
    expect(await entryOf(peers, 'ssl://ex.org:50002')).toEqual(expected);
  });

  test('is not exported without REPORT_SERVICES, and with peer discovery off', async () => {
    const absent = { good: undefined, tries: undefined, lastTry: undefined };
    const exposition = await exposed(peers);
    expect([...exposition.samples.keys()].filter((key) => key.startsWith('electrumx_peer_self'))).toEqual([]);
    expect(await entryOf(peers, 'tcp://127.0.0.1:51005', '--electrumx.peer-discovery=off')).toEqual(absent);
  });
});
