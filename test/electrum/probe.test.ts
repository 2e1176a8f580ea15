// What a probe finds out on a server that works, over each transport and protocol version, and what it sends.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createProbe, type ProbeOptions } from '../../src/electrum/probe.ts';
import type { ServiceResult } from '../../src/electrum/probe-service.ts';
import { CERTIFICATES, GENESIS, startWalletServer, TIP, TXID, type ServerOptions } from './support/server.ts';

async function served(options: ServerOptions = {}) {
  const server = await startWalletServer(options);
  onTestFinished(() => server.stop());
  return server;
}

function probeOf(services: ProbeOptions['services'], options: Partial<ProbeOptions> = {}) {
  return createProbe({ services, timeoutMs: 5000, clientName: 'electrumx-exporter/1.0', ...options });
}

const stepsOf = (result: ServiceResult | undefined) =>
  [...(result?.steps ?? [])].map(([step, { ok, kind }]) => (ok ? step : `${step} ${kind ?? ''}`));

const methods = (server: { requests: readonly { method: string }[] }) => server.requests.map(({ method }) => method);

describe('a probe of a server that works', () => {
  test.for([
    ['tcp', ['connect', 'version', 'tip', 'balance', 'daemon', 'features']],
    ['ssl', ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features']],
    ['ws', ['connect', 'version', 'tip', 'balance', 'daemon', 'features']],
    ['wss', ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features']],
  ] as const)('takes all steps over %s', async ([transport, steps]) => {
    const { service } = await served({ transport });
    const { services, genesisMatch, tipTimestamp } = await probeOf([service]).run({ genesisHash: GENESIS });
    expect(stepsOf(services[0])).toEqual(steps);
    expect(services[0]).toMatchObject({
      service,
      ok: true,
      protocol: '1.4.2',
      tip: { height: TIP.height, timestamp: TIP.time },
      genesisHash: GENESIS,
    });
    expect({ genesisMatch, tipTimestamp }).toEqual({ genesisMatch: true, tipTimestamp: TIP.time });
  });

  test('measures seconds, and no step takes longer than the whole', async () => {
    const { service } = await served({ transport: 'wss' });
    const [result] = (await probeOf([service]).run()).services;
    expect(result?.durationSeconds).toBeLessThan(5);
    for (const { seconds } of result?.steps.values() ?? []) {
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(result?.durationSeconds ?? 0);
    }
  });

  test('probes all services at the same time', async () => {
    let waiting = 0;
    const peers: (() => void)[] = [];
    const handle: ServerOptions['handle'] = (request, peer) => {
      if (request.method !== 'server.version') return false;
      peers.push(() => peer.send(JSON.stringify({ id: request.id, result: ['', '1.4'] })));
      if (++waiting === 3) for (const answer of peers) answer(); // only when all three have asked
      return true;
    };
    const servers = await Promise.all([served({ handle }), served({ handle }), served({ handle })]);
    const { services } = await probeOf(servers.map(({ service }) => service)).run();
    expect(services.map(({ ok }) => ok)).toEqual([true, true, true]);
  });
});

describe('the requests of a probe', () => {
  test('are the version, then all others, and once the transaction id is known it is not requested again', async () => {
    const server = await served();
    const probe = probeOf([server.service]);
    await probe.run();
    expect(methods(server)).toEqual([
      'server.version',
      'blockchain.headers.subscribe',
      'blockchain.scripthash.get_balance',
      'blockchain.transaction.id_from_pos',
      'server.features',
      'blockchain.transaction.get',
    ]);
    server.requests.length = 0;
    await probe.run();
    expect(methods(server)).toEqual([
      'server.version',
      'blockchain.headers.subscribe',
      'blockchain.scripthash.get_balance',
      'blockchain.transaction.get',
      'server.features',
    ]);
  });

  test('have the name of the client, the range of versions, and the first transaction of block 1', async () => {
    const server = await served();
    await probeOf([server.service]).run();
    const params = new Map(server.requests.map((request) => [request.method, request.params]));
    expect(params.get('server.version')).toEqual(['electrumx-exporter/1.0', ['1.0', '1.4.2']]);
    expect(params.get('blockchain.headers.subscribe')).toEqual([]);
    expect(params.get('blockchain.transaction.id_from_pos')).toEqual([1, 0]);
    expect(params.get('blockchain.transaction.get')).toEqual([TXID]);
  });

  test.for([
    ['1.0', ['tip'], 'ElectrumX 1.0'],
    ['1.1', ['tip', 'balance', 'features'], ['ElectrumX 1.2', '1.1']],
    ['1.3', ['tip', 'balance', 'features'], ['ElectrumX 1.8', '1.3']],
    ['1.4', ['tip', 'balance', 'daemon', 'features'], ['ElectrumX 1.13', '1.4']],
    ['1.6', ['tip', 'balance', 'daemon', 'features'], ['Other 1', '1.6']],
    ['1.7', ['tip', 'balance', 'daemon', 'features'], ['Other 2', '1.7']],
  ] as const)('are those of protocol %s only', async ([protocol, steps, version]) => {
    const server = await served({ results: { 'server.version': version } });
    const [result] = (await probeOf([server.service]).run()).services;
    expect(stepsOf(result)).toEqual(['connect', 'version', ...steps]);
    expect(result).toMatchObject({ ok: true, protocol });
    const balances = methods(server).filter((method) => method.endsWith('get_balance'));
    const expected = protocol === '1.7' ? 'blockchain.scriptpubkey.get_balance' : 'blockchain.scripthash.get_balance';
    expect(balances).toEqual(protocol === '1.0' ? [] : [expected]);
  });

  test('offer newer versions to a server that refuses the first ones, and from then on at once', async () => {
    const server = await served({
      protocol: '1.7',
      handle: ({ method, params, id }, peer) => {
        if (method !== 'server.version' || (params[1] as string[])[1] === '1.7') return false;
        peer.send(JSON.stringify({ id, error: { code: 1, message: 'unsupported protocol version' } }));
        return true;
      },
    });
    const probe = probeOf([server.service]);
    const first = await probe.run();
    expect(first.services[0]).toMatchObject({ ok: true, protocol: '1.7' });
    expect(server.connections()).toBe(2);
    await probe.run();
    expect(server.connections()).toBe(3);
  });

  test('request the transaction ID again after the server refused the transaction', async () => {
    let known = true;
    const server = await served({
      handle: ({ method, id }, peer) => {
        if (known || method !== 'blockchain.transaction.get') return false;
        peer.send(JSON.stringify({ id, error: { code: 2, message: 'No such transaction' } }));
        return true;
      },
    });
    const probe = probeOf([server.service]);
    await probe.run();
    known = false;
    expect(stepsOf((await probe.run()).services[0]).at(-1)).toBe('daemon remote');
    known = true;
    server.requests.length = 0;
    expect((await probe.run()).services[0]?.ok).toBe(true);
    expect(methods(server)).toContain('blockchain.transaction.id_from_pos');
  });
});

describe('replies', () => {
  test('are matched by id, in whatever order they come', async () => {
    const held: (() => void)[] = [];
    const { service } = await served({
      handle: ({ method, id }, peer) => {
        if (method === 'blockchain.headers.subscribe' || method === 'blockchain.scripthash.get_balance') {
          const result = method.endsWith('subscribe') ? { height: 7, hex: TIP.hex } : { confirmed: 0, unconfirmed: 0 };
          held.unshift(() => peer.send(JSON.stringify({ id, result })));
          return true;
        }
        if (method === 'server.features') for (const send of held) send();
        return false;
      },
    });
    expect((await probeOf([service]).run()).services[0]).toMatchObject({ ok: true, tip: { height: 7 } });
  });

  test('may come with notifications in between, which change nothing', async () => {
    const notification = { jsonrpc: '2.0', method: 'blockchain.headers.subscribe', params: [{ height: 9, hex: '' }] };
    const { service } = await served({
      handle: (_, peer) => {
        peer.send(JSON.stringify(notification));
        return false;
      },
    });
    expect((await probeOf([service]).run()).services[0]).toMatchObject({ ok: true, tip: { height: TIP.height } });
  });

  test('of protocols before 1.3 have the header in fields', async () => {
    const { service } = await served({
      protocol: '1.2',
      results: { 'blockchain.headers.subscribe': { block_height: 500_000, timestamp: 1_513_622_125 } },
    });
    const [result] = (await probeOf([service]).run()).services;
    expect(result?.tip).toEqual({ height: 500_000, timestamp: 1_513_622_125 });
  });
});

describe('the genesis block', () => {
  const results = { 'server.features': { genesis_hash: 'cd'.repeat(32) } };

  test('does not match when one service has another than the coin', async () => {
    const servers = [await served(), await served({ results })];
    const probe = probeOf(servers.map(({ service }) => service));
    expect((await probe.run({ genesisHash: GENESIS })).genesisMatch).toBe(false);
  });

  test('of a coin that is not known has to be the first that was seen', async () => {
    let other = false;
    const { service } = await served({
      handle: ({ method, id }, peer) => {
        if (!other || method !== 'server.features') return false;
        peer.send(JSON.stringify({ id, result: results['server.features'] }));
        return true;
      },
    });
    const probe = probeOf([service]);
    expect((await probe.run()).genesisMatch).toBe(true);
    other = true;
    expect((await probe.run()).genesisMatch).toBe(false);
  });

  test('is unknown while no service reports one', async () => {
    const { service } = await served({ results: { 'server.features': { genesis_hash: null } } });
    expect(await probeOf([service]).run()).not.toHaveProperty('genesisMatch');
  });
});

describe('the certificate', () => {
  const seconds = (date: string) => Date.parse(date) / 1000;

  test('of an authority is not self-signed, and its last second is known', async () => {
    const { service } = await served({ transport: 'ssl', certificate: CERTIFICATES.byAuthority.tls });
    const [result] = (await probeOf([service]).run()).services;
    expect(result?.certificate).toEqual({ notAfter: seconds('2120-01-01T00:00:00Z'), selfSigned: false });
  });

  test('of most servers is self-signed, which fails no step', async () => {
    const { service } = await served({ transport: 'wss' });
    const [result] = (await probeOf([service]).run()).services;
    expect(result?.certificate).toEqual({ notAfter: seconds('2126-11-05T03:04:17Z'), selfSigned: true });
    expect(result?.ok).toBe(true);
  });

  test('is current while the file has the same, and no longer once it is replaced', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'probe-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const certificateFile = join(folder, 'server.pem');
    const { service } = await served({ transport: 'ssl' });
    const probe = probeOf([service], { certificateFile });
    const current = async () => (await probe.run()).services[0]?.certificate?.current;
    expect(await current()).toBeUndefined(); // no file yet
    await copyFile(CERTIFICATES.selfSigned.file, certificateFile);
    expect(await current()).toBe(true);
    await copyFile(CERTIFICATES.byAuthority.file, certificateFile);
    expect(await current()).toBe(false);
  });

  test('is absent without TLS', async () => {
    const { service } = await served();
    expect((await probeOf([service]).run()).services[0]).not.toHaveProperty('certificate');
  });
});
