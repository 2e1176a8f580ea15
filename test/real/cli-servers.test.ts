// electrumx-rpc runs every command against real ElectrumX servers, and each server shows the effect.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { electrumxRpc, type Finished } from '../cli/support/bin.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient, type ElectrumClient } from './support/electrum-client.ts';
import { dispose, heights, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const SERVERS = releases('e-x-1.20.0', 'e-x-2.0.0', 'electrumx-1.20.2');

describeWith({ releases: SERVERS }, 'electrumx-rpc with a real ElectrumX', () => {
  describe.each(SERVERS)('$name', (release) => {
    const isSpesmilo = release.name.startsWith('e-x');
    const closers = makeClosers();
    let bitcoind: Bitcoind;
    let electrumx: ElectrumX;
    let client: ElectrumClient;

    beforeAll(async () => {
      bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      electrumx = closers.add(await startElectrumX(release, bitcoind), dispose);
      client = closers.add(await connectClient(electrumx.tcpPort, { name: 'electrum/4.5.5' }), (it) => it.close());
    });
    afterAll(() => closers.closeAll());

    const rpc = (...args: string[]) => electrumxRpc(args, { RPC_PORT: String(electrumx.rpcPort) });
    const done = (stdout: unknown): Finished => ({
      code: 0,
      stdout: expect.stringMatching(stdout as RegExp) as string,
      stderr: '',
    });

    /** The rows of `sessions` that are the client's, by its name. */
    async function clientRows(): Promise<string[]> {
      return (await rpc('sessions')).stdout.split('\n').filter((row) => row.includes('electrum/4.5.5'));
    }
    const clientId = async () => (await clientRows())[0]?.split(' ')[0] ?? '';

    it('getinfo, groups, sessions and peers', async () => {
      expect(await rpc('getinfo')).toEqual(done(/^ {4}"db height": 110,$/m));
      expect(await rpc('groups')).toEqual(done(/^Name +Sessions/));
      expect(await rpc('sessions')).toEqual(done(/^ID +Flags(.|\n)* T10 +electrum\/4\.5\.5 /));
      expect(await rpc('peers')).toEqual(done(/^Host +Status/));
    });

    it('log switches the L flag of a session on and off', async () => {
      const id = await clientId();
      expect(await rpc('log', id)).toEqual(done(new RegExp(`"logging session ${id}"`)));
      expect((await clientRows())[0]).toContain(' TL10 ');
      expect(await rpc('log', id)).toEqual(done(new RegExp(`"not logging session ${id}"`)));
      expect((await clientRows())[0]).toContain(' T10 ');
    });

    it('query looks an address up', async () => {
      expect(await rpc('query', '--limit', '5', '76a914000000000000000000000000000000000000000088ac')).toEqual(
        done(/\n$/),
      );
    });

    it('add_peer makes a peer', async () => {
      expect(await rpc('add_peer', 'electrum.example.org v1.4.2 s51002 t51001')).toEqual(done(/added/));
      await waitFor('the peer', async () =>
        (await rpc('peers')).stdout.includes('electrum.example.org') ? true : undefined,
      );
    });

    it('daemon_url takes another daemon, and without argument the first again', async () => {
      const other = closers.add(await startBitcoind(110), (it) => it.close());
      expect(await rpc('daemon_url', other.url)).toEqual(
        done(new RegExp(`now using daemon at 127.0.0.1:${other.port}/`)),
      );
      expect((await rpc('getinfo')).stdout).toContain(`"daemon": "127.0.0.1:${other.port}/"`);
      expect(await rpc('daemon_url')).toEqual(done(new RegExp(`127.0.0.1:${bitcoind.port}/`)));
      expect((await rpc('getinfo')).stdout).toContain(`"daemon": "127.0.0.1:${bitcoind.port}/"`);
    });

    it('reorg takes the chain back, and the server comes forward again', async () => {
      expect(await rpc('reorg', '5')).toEqual(done(/scheduled a reorg of 5 blocks/));
      await waitFor('the server to back up', () =>
        /backed up to height 105\b/i.test(electrumx.process.output()) ? true : undefined,
      );
      await waitFor('the server to be back', async () =>
        heights(await electrumx.ask('getinfo')).db === 110 ? true : undefined,
      );
    });

    if (isSpesmilo)
      it('the debug commands', async () => {
        expect(await rpc('debug_memusage_list_all_objects', '--limit', '3')).toEqual(done(/^.*dict/m));
        expect(await rpc('debug_memusage_get_random_backref_chain', 'Peer')).toEqual(done(/digraph/));
      });

    if (release.name === 'e-x-2.0.0')
      it('inspect_session', async () => {
        expect(await rpc('inspect_session', await clientId())).toEqual(done(/"client_name": "electrum\/4.5.5"/));
      });

    if (release.name !== 'e-x-2.0.0')
      it('a command that this server does not have', async () => {
        const { code, stderr } = await rpc('inspect_session', '1');
        expect(stderr).toContain('(code -32601); inspect_session is there since 2.0');
        expect(code).toBe(1);
      });

    it('disconnect closes a session', async () => {
      const id = await clientId();
      expect(await rpc('disconnect', id, '9999')).toEqual(
        done(new RegExp(`"disconnecting session ${id}"(.|\n)*"unknown: 9999"`)),
      );
      await client.closed;
      await waitFor('the session to be gone', async () => ((await clientRows()).length === 0 ? true : undefined));
    });

    it('disconnect all cuts this very session too, with or without an answer', async () => {
      const { code, stdout, stderr } = await rpc('disconnect', 'all');
      if (code === 0) expect(stdout).toContain('disconnecting all sessions');
      else expect(stderr).toContain('have obeyed disconnect');
    });

    it('stop ends the process', async () => {
      const { stdout, stderr } = await rpc('stop');
      expect(stdout + stderr).toMatch(/"stopping"|have obeyed stop/);
      expect(await electrumx.process.end).toBe(0);
      const after = await rpc('getinfo');
      expect(after.stderr).toContain(`localhost:${electrumx.rpcPort}: cannot connect`);
      expect(after.code).toBe(1);
    });
  });
});
