// The harness itself: every real ElectrumX of the table starts, follows its stand-in bitcoind, greets clients and stops.
import { afterEach, expect, test } from 'vitest';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { connectClient, minerScriptHash } from './support/electrum-client.ts';
import { dispose, heights, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

describeWith({ releases: releases() }, 'real ElectrumX servers on a stand-in bitcoind', () => {
  let bitcoind: Bitcoind | undefined;
  let electrumx: ElectrumX | undefined;

  afterEach(async () => {
    await dispose(electrumx);
    await bitcoind?.close();
    electrumx = bitcoind = undefined;
  });

  test.each(releases())('$name follows blocks and a reorganisation, and knows its coinbases', async (release) => {
    const daemon = (bitcoind = await startBitcoind(110));
    const server = (electrumx = await startElectrumX(release, daemon));
    expect(heights(await server.ask('getinfo'))).toEqual({ daemon: 110, db: 110 });

    const client = await connectClient(server.tcpPort, { name: 'watcher' });
    expect(await client.call('blockchain.headers.subscribe')).toMatchObject({ height: 110 });
    expect(await client.call('blockchain.scripthash.get_history', [minerScriptHash()])).toHaveLength(110);

    const inStep = (height: number) =>
      waitFor(`db height ${height}`, async () => {
        const { db } = heights(await server.ask('getinfo'));
        if (db !== height) throw new Error(`it is ${db}`);
        return (await client.call('blockchain.block.header', [height])) as string;
      });
    daemon.chain.grow(2);
    expect(await inStep(112)).toBe(daemon.chain.at(112)?.header.toString('hex'));

    daemon.chain.reorganise(3);
    await inStep(113);
    expect(await client.call('blockchain.block.header', [110])).toBe(daemon.chain.at(110)?.header.toString('hex'));

    client.close();
    await server.stop();
    expect(await server.process.end).toBe(0);
  });
});
