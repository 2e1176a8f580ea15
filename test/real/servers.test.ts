// Acceptance by real servers: what the exporter shows equals what each ElectrumX itself answers on a second connection.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBadPeer } from './support/bad-peer.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient, minerScriptHash, type ElectrumClient } from './support/electrum-client.ts';
import { dispose, heights, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { valueOf, type Exposition } from '../support/exposition.ts';
import { openLine, type Line } from './support/json-lines.ts';
import { expectedSeries, readAnswers, type Answers, type Row } from './support/answers.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

// Its peer manager ends the whole server when a peer is added on Python 3.11: a matter of that release, not of a scrape.
const WITHOUT_PEERS = ['electrumx-1.16.0'];

describeWith({ releases: releases() }, 'the exporter beside a real ElectrumX', () => {
  describe.each(releases())('$name', (release) => {
    let bitcoind: Bitcoind;
    let electrumx: ElectrumX;
    let exporter: Exporter;
    /** The second connection: open all the time, so that the server counts it in every answer, the exporter's included. */
    let observer: Line;
    const clients: ElectrumClient[] = [];
    const closers = makeClosers();

    beforeAll(async () => {
      bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      const badPeer = closers.add(await startBadPeer(), (it) => it.close());
      electrumx = closers.add(await startElectrumX(release, bitcoind), dispose);
      for (const [name, protocol, from, subscriptions] of [
        ['electrum/4.5.5', '1.4', '127.0.1.1', 3],
        ['4.0.9', '1.4.2', '127.0.2.1', 0],
        ['Sparrow/1.9.1', '1.4', '127.0.2.2', 1],
        ['ev\u001bil\n"x\\', '1.4.2', '127.0.3.1', 0],
      ] as const) {
        const client = await connectClient(electrumx.tcpPort, { name, protocol, from });
        closers.add(client, (it) => it.close());
        await client.subscribe(subscriptions);
        clients.push(client);
      }
      await clients[0]?.call('blockchain.headers.subscribe');
      await clients[1]?.call('blockchain.scripthash.get_history', [minerScriptHash()]);
      await clients[1]?.call('blockchain.scripthash.get_history', [minerScriptHash()]);
      await clients[2]?.call('no.such.method').catch(() => undefined);
      if (!WITHOUT_PEERS.includes(release.name)) {
        await electrumx.ask('add_peer', { real_name: badPeer.realName });
        await waitFor('the bad peer to be found out', async () => {
          const { peers } = (await electrumx.ask('getinfo')) as { peers: { bad: number } };
          return peers.bad === 1 ? true : undefined;
        });
      }
      observer = closers.add(await openLine(electrumx.rpcPort), (it) => it.close());
      exporter = closers.add(await startExporter(electrumx.rpcPort), (it) => it.stop());
      await quiet(observer, clients.length);
    });

    afterAll(() => closers.closeAll());

    test('every number of the server is in the scrape, in text and in OpenMetrics', async () => {
      for (const format of ['text', 'openmetrics'] as const) {
        await quiet(observer, clients.length);
        const before = await readAnswers(observer);
        const scraped = await exporter.scrape(format);
        const expected = expectedSeries(before);
        expect(seriesNamedIn(expected, scraped)).toEqual(expected);
      }
    });

    test('every collector has data', async () => {
      const { getinfo, sessions, peers } = await readAnswers(observer);
      expect(heights(getinfo)).toEqual({ daemon: 110, db: 110 });
      expect(sessions).toHaveLength(clients.length + 1);
      expect(getinfo['request counts']).toMatchObject({ 'invalid method': 1, 'blockchain.scripthash.subscribe': 4 });
      expect(peers).toHaveLength(WITHOUT_PEERS.includes(release.name) ? 0 : 1);
    });

    test('each scrape opens one session', async () => {
      const opened = async () => valueOf(await exporter.scrape(), 'electrumx_sessions_opened_total') ?? 0;
      const ids = (await readAnswers(observer)).sessions.map(([id]) => Number(id));
      const first = await opened();
      expect(first).toBeGreaterThan(Math.max(...ids) + 1);
      expect(await opened()).toBe(first + 1);
    });

    test('the start time is that of the process', async () => {
      const scraped = await exporter.scrape();
      const { uptime } = (await observer.call('getinfo')) as { uptime: string };
      const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m )?(\d+)s$/.exec(uptime) ?? [];
      const started = Date.now() / 1000 - Number(minutes) * 60 - Number(seconds);
      expect(Math.abs((valueOf(scraped, 'electrumx_start_time_seconds') ?? 0) - started)).toBeLessThan(2.5);
    });

    test('a client that connects, subscribes and sends bytes is in the next scrape', async () => {
      await quiet(observer, clients.length);
      const before = await exporter.scrape();
      const client = await connectClient(electrumx.tcpPort, { name: 'BlueWallet 7.1.2', from: '127.0.4.1' });
      await client.subscribe(5);
      await client.call('server.ping');
      clients.push(client);
      const [, recvSize, sendSize] = await trafficOf(observer, client);
      await quiet(observer, clients.length);

      const after = await exporter.scrape();
      const rise = (name: string, labels: Record<string, string> = {}) =>
        (valueOf(after, name, labels) ?? 0) - (valueOf(before, name, labels) ?? 0);
      expect(rise('electrumx_sessions')).toBe(1);
      expect(rise('electrumx_subs', { kind: 'scripthash' })).toBe(5);
      expect(rise('electrumx_sessions_by_transport', { transport: 'tcp' })).toBe(1);
      expect(rise('electrumx_sessions_by_client', { client: 'bluewallet', version: '7.1.2' })).toBe(1);
      expect(rise('electrumx_requests_total', { method: 'blockchain.scripthash.subscribe' })).toBe(5);
      expect(rise('electrumx_requests_total', { method: 'server.ping' })).toBe(1);
      expect(recvSize).toBeGreaterThan(client.bytesSent - 10);
      expect(rise('electrumx_session_received_bytes_total')).toBe(recvSize);
      expect(rise('electrumx_session_sent_bytes_total')).toBe(sendSize);
    });

    test('a client that disconnects is gone, and its traffic stays counted', async () => {
      await quiet(observer, clients.length);
      const before = await exporter.scrape();
      const leaver = clients.pop();
      leaver?.close();
      await quiet(observer, clients.length);
      const after = await exporter.scrape();
      const bluewallet = { client: 'bluewallet', version: '7.1.2' };
      expect(valueOf(before, 'electrumx_sessions_by_client', bluewallet)).toBe(1);
      expect(valueOf(after, 'electrumx_sessions_by_client', bluewallet)).toBeUndefined();
      expect(valueOf(after, 'electrumx_sessions')).toBe((valueOf(before, 'electrumx_sessions') ?? 0) - 1);
      for (const name of ['electrumx_session_received_bytes_total', 'electrumx_session_sent_bytes_total']) {
        expect(valueOf(after, name)).toBe(valueOf(before, name));
      }
    });

    test('a block is in the next scrape after the server has it', async () => {
      const moved = (scraped: Exposition) => valueOf(scraped, 'electrumx_db_height_change_timestamp_seconds') ?? 0;
      const before = await exporter.scrape();
      bitcoind.chain.grow(1);
      await waitFor('the block', async () => (heights(await observer.call('getinfo')).db === 111 ? true : undefined));
      const after = await exporter.scrape();
      expect(valueOf(after, 'electrumx_daemon_height')).toBe(111);
      expect(valueOf(after, 'electrumx_db_height')).toBe(111);
      expect(moved(after)).toBeGreaterThan(moved(before));
    });

    test('no address of a client is in the reply or in the log', async () => {
      expect(await exporter.fetch()).not.toContain('127.0.');
      const addresses = (await readAnswers(observer)).sessions.map((row) => String(row[2]));
      for (const address of addresses) expect(exporter.process.output()).not.toContain(address);
    });
  });
});

/** All series of the metrics that `expected` has any of, so that one too many shows as well. */
function seriesNamedIn(expected: Readonly<Record<string, number>>, { samples }: Exposition): Record<string, number> {
  const nameOf = (key: string) => key.replace(/\{.*$/s, '');
  const names = new Set(Object.keys(expected).map(nameOf));
  return Object.fromEntries([...samples].filter(([key]) => names.has(nameOf(key))));
}

/** Waits until the server has no session but those of `clients` and the observer: a scrape's own takes a moment to go. */
async function quiet(observer: Line, clients: number): Promise<void> {
  await waitFor('sessions of others to be gone', async () => {
    const rows = (await observer.call('sessions')) as unknown[];
    if (rows.length !== clients + 1) throw new Error(`there are ${rows.length}`);
    return true;
  });
}

/** Subscriptions, bytes received and bytes sent of one client, as the server reports them. */
async function trafficOf(observer: Line, client: ElectrumClient): Promise<readonly [number, number, number]> {
  const rows: readonly Row[] = ((await readAnswers(observer)) satisfies Answers).sessions;
  const row = rows.find(([, , peer]) => peer === client.localAddress);
  if (row === undefined) throw new Error('the client is not in sessions');
  return [row[9] as number, row[11] as number, row[13] as number];
}
