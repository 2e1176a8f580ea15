// The wallets' protocol of the simulator: handshake, methods by version, and the chain that its headers make.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERAS, type Era } from '../../../src/simulator/eras.ts';
import { METHODS } from '../../../src/simulator/wallet/methods.ts';
import { compareVersions, negotiate, versionParts } from '../../../src/simulator/wallet/negotiate.ts';
import { call, clocked, simulator, START } from '../support/client.ts';
import { connectWallet, greet, UNUSED_SCRIPT } from '../support/wallet.ts';

const TCP = [{ transport: 'tcp' }] as const;
const GENESIS = '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f';
const FIRST_COINBASE = '0e3e2357e806b6cdb1f70b54c3a3a17b6714ee1f0e68bebb44a74b1efd512098';

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const hashOf = (hex: string) =>
  sha256(sha256(Buffer.from(hex, 'hex')))
    .reverse()
    .toString('hex');
const previousOf = (header: string) => Buffer.from(header.slice(8, 72), 'hex').reverse().toString('hex');
const merkleRootOf = (header: string) => Buffer.from(header.slice(72, 136), 'hex').reverse().toString('hex');
const timeOf = (header: string) => Buffer.from(header, 'hex').readUInt32LE(68);

describe('the handshake', () => {
  it.each<[Era, string, string]>([
    ['B1', 'ElectrumX 1.2.1', '1.2'],
    ['B2', 'ElectrumX 1.4.3', '1.2'],
    ['C1', 'ElectrumX 1.5.2', '1.3'],
    ['C2', 'ElectrumX 1.8.12', '1.4'],
    ['D', 'ElectrumX 1.10.1', '1.4.1'],
    ['E2', 'ElectrumX 1.13.0', '1.4.2'],
    ['E3', 'ElectrumX 1.16.0', '1.4.2'],
    ['F', 'ElectrumX 1.20.0', '1.6.0'],
    ['G', 'ElectrumX 2.0.0', '1.7.0'],
  ])('of era %s names %s and agrees on %s at most', async (era, version, highest) => {
    const wallet = await connectWallet(await simulator({ era, services: TCP }));
    expect(await wallet.call('server.version', ['test/1.0', ['1.0', '2.0']])).toEqual([version, highest]);
  });

  it('agrees on 1.4.2 when 1.0 to 1.4.2 is offered, in every era that has 1.4.2', () => {
    for (const era of ['E2', 'E3', 'F', 'G'] as const) expect(negotiate(era, ['1.0', '1.4.2'])).toBe('1.4.2');
  });

  it('accepts one version or a range, and without a version uses the lowest', () => {
    expect(negotiate('F', '1.4')).toBe('1.4');
    expect(negotiate('F', undefined)).toBe('1.4');
    expect(negotiate('B1', '1.0')).toBe('1.0');
    expect(negotiate('G', '1.7')).toBe('1.7');
    expect(negotiate('G', ['1.7.0', '1.7'])).toBeUndefined();
  });

  it('replies in 1.0 with the name only', async () => {
    const wallet = await connectWallet(await simulator({ era: 'B1', services: TCP }));
    expect(await wallet.call('server.version', ['2.9', '1.0'])).toBe('ElectrumX 1.2.1');
  });

  it('refuses a version that is too old or invalid, and closes', async () => {
    for (const versions of ['1.2', ['0.1', '1.3'], ['9.0', '9.1'], 'none', 1.4]) {
      const wallet = await connectWallet(await simulator({ era: 'F', services: TCP }));
      const error = await wallet.call('server.version', ['test/1.0', versions]);
      expect(error).toMatchObject({
        code: 1,
        message: expect.stringMatching('^unsupported protocol version') as string,
      });
      expect(await wallet.line()).toBeUndefined();
    }
  });

  it('must come first from era F on, or the connection is closed', async () => {
    const early = await connectWallet(await simulator({ era: 'F', services: TCP }));
    expect(await early.call('server.ping')).toEqual({ code: 1, message: 'use server.version to identify client' });
    expect(await early.line()).toBeUndefined();
    const older = await connectWallet(await simulator({ era: 'E3', services: TCP }));
    expect(await older.call('server.ping')).toBeNull();
  });

  it('is done once', async () => {
    const wallet = await greet(await simulator({ era: 'G', services: TCP }));
    expect(await wallet.call('server.version')).toEqual({ code: 1, message: 'server.version already sent' });
  });

  it('agrees on a version that both have, and on no other', () => {
    const version = fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.constantFrom(...ERAS), version, version, (era, from, to) => {
        const agreed = negotiate(era, [from, to]);
        if (agreed === undefined) return;
        expect(compareVersions(versionParts(agreed) ?? [], versionParts(from) ?? [])).toBeGreaterThanOrEqual(0);
        expect(compareVersions(versionParts(agreed) ?? [], versionParts(to) ?? [])).toBeLessThanOrEqual(0);
      }),
    );
    fc.assert(fc.property(fc.anything(), (requested) => void negotiate('G', requested)));
  });
});

describe('methods', () => {
  it.each([
    ['blockchain.scripthash.get_balance', [UNUSED_SCRIPT], '1.6', '1.7'],
    ['blockchain.scripthash.get_history', [UNUSED_SCRIPT], '1.6', '1.7'],
    ['blockchain.relayfee', [], '1.4.2', '1.6'],
    ['mempool.get_info', [], '1.6', '1.4.2'],
  ])('%s is in protocol %3$s and not in %4$s', async (method, params, present, absent) => {
    const server = await simulator({ era: 'G', services: TCP });
    expect(await (await greet(server, present)).call(method, params)).not.toHaveProperty('code');
    expect(await (await greet(server, absent)).call(method, params)).toEqual({
      code: -32601,
      message: `unknown method "${method}"`,
    });
  });

  it('that do not exist, or get wrong params, are errors', async () => {
    const wallet = await greet(await simulator({ era: 'F', services: TCP }));
    expect(await wallet.call('blockchain.nonsense')).toMatchObject({ code: -32601 });
    expect(await wallet.call('blockchain.block.header')).toMatchObject({ code: -32602 });
    expect(await wallet.call('blockchain.block.header', [-1])).toMatchObject({ code: 1 });
    expect(await wallet.call('blockchain.block.header', [9_000_000])).toMatchObject({ code: 1 });
    expect(await wallet.call('blockchain.scripthash.get_balance', ['none'])).toMatchObject({ code: 1 });
    expect(await wallet.call('blockchain.transaction.get', ['none'])).toMatchObject({ code: 1 });
    expect(await wallet.call('blockchain.transaction.get', ['ab'.repeat(32)])).toMatchObject({ code: 2 });
    expect(await wallet.call('blockchain.transaction.id_from_pos', [1, 1])).toMatchObject({ code: 1 });
  });

  it('all reply in the newest protocol that has them', async () => {
    const { services } = await simulator({ era: 'G', services: TCP });
    const params: Record<string, unknown[]> = {
      'blockchain.scripthash.get_balance': [UNUSED_SCRIPT],
      'blockchain.scripthash.get_history': [UNUSED_SCRIPT],
      'blockchain.transaction.id_from_pos': [1, 0],
      'blockchain.transaction.get': [FIRST_COINBASE],
      'blockchain.block.header': [0],
      'blockchain.estimatefee': [2],
    };
    for (const [name, { until }] of Object.entries(METHODS).filter(([method]) => method !== 'server.version')) {
      const versions = { '1.6': '1.4.2', '1.7': '1.6.0' }[until ?? ''] ?? '1.7';
      const wallet = await greet({ services }, versions);
      expect({ result: await wallet.call(name, params[name]) }, name).not.toHaveProperty('result.code');
    }
  });

  it('cost what ElectrumX 2.0.0 charges: a probe of six calls about 8.4', async () => {
    const server = await simulator({ era: 'G', sessions: 0, services: TCP });
    const wallet = await greet(server);
    await wallet.call('blockchain.headers.subscribe');
    await wallet.call('blockchain.scripthash.get_balance', [UNUSED_SCRIPT]);
    await wallet.call('blockchain.transaction.id_from_pos', [1, 0]);
    await wallet.call('blockchain.transaction.get', [FIRST_COINBASE]);
    await wallet.call('server.features');
    const [row] = (await call(server.port, 'sessions')) as unknown[][];
    expect(row?.slice(1, 5)).toEqual(['T10', expect.stringMatching(/^127\.0\.0\.1:/), 'test/1.0', '1.4.2']);
    expect(row?.[5]).toBeGreaterThan(8);
    expect(row?.[5]).toBeLessThan(8.8);
    expect(await call(server.port, 'groups')).toEqual([]);
    expect(await call(server.port, 'getinfo')).toMatchObject({
      'request counts': { 'server.version': 1, 'server.features': 1 },
      sessions: { count: 2 },
    });
  });
});

describe('the chain', () => {
  it('is Bitcoin, by the hashes of its first blocks and its first coinbase', async () => {
    const wallet = await greet(await simulator({ era: 'F', services: TCP }));
    const [zero, one] = [
      await wallet.call('blockchain.block.header', [0]),
      await wallet.call('blockchain.block.header', [1]),
    ] as [string, string];
    expect(hashOf(zero)).toBe(GENESIS);
    expect(previousOf(one)).toBe(GENESIS);
    expect(hashOf(one)).toBe('00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048');
    expect(await wallet.call('server.features')).toMatchObject({ genesis_hash: GENESIS, pruning: null });
    expect(await wallet.call('blockchain.transaction.id_from_pos', [1, 0])).toBe(FIRST_COINBASE);
    expect(merkleRootOf(one)).toBe(FIRST_COINBASE);
    expect(hashOf((await wallet.call('blockchain.transaction.get', [FIRST_COINBASE])) as string)).toBe(FIRST_COINBASE);
  });

  it('links the headers near the tip, which have the times of their blocks, and whose coinbases can be requested', async () => {
    const server = await clocked({ era: 'F', services: TCP });
    server.pass(3 * 3600);
    const wallet = await greet(server);
    const { height, hex } = (await wallet.call('blockchain.headers.subscribe')) as { height: number; hex: string };
    expect(height).toBe(server.world.db.height);
    expect(hex).toHaveLength(160);
    expect(await wallet.call('blockchain.block.header', [height])).toBe(hex);
    let above = hex;
    for (let below = height - 1; below > height - 40; below--) {
      const header = (await wallet.call('blockchain.block.header', [below])) as string;
      expect(hashOf(header)).toBe(previousOf(above));
      expect(timeOf(header)).toBeLessThanOrEqual(timeOf(above));
      above = header;
    }
    expect(timeOf(hex)).toBeLessThanOrEqual(START / 1000 + 3 * 3600);
    expect(timeOf(hex)).toBeGreaterThan(START / 1000);
    const id = (await wallet.call('blockchain.transaction.id_from_pos', [height, 0])) as string;
    expect(merkleRootOf(hex)).toBe(id);
    expect(hashOf((await wallet.call('blockchain.transaction.get', [id])) as string)).toBe(id);
  });

  it('is given as fields until protocol 1.2', async () => {
    const wallet = await greet(await simulator({ era: 'B2', services: TCP }), '1.2');
    expect(await wallet.call('blockchain.headers.subscribe')).toMatchObject({
      block_height: 840_007,
      bits: 0x1d00ffff,
      prev_block_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('notifies subscribers of a new tip at the next request or event', async () => {
    const server = await clocked({ era: 'G', services: TCP });
    const wallet = await greet(server);
    const { height } = (await wallet.call('blockchain.headers.subscribe')) as { height: number };
    server.world.daemon.height++;
    server.pass(2);
    await call(server.port, 'getinfo');
    const message = JSON.parse((await wallet.line()) ?? '') as { method: string; params: [{ height: number }] };
    expect(message.method).toBe('blockchain.headers.subscribe');
    expect(message.params[0].height).toBe(height + 1);
  });
});
