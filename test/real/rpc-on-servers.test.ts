// Acceptance of electrumx-rpc by real servers: every command, and the effect of each as the server and its clients see it.
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/args/commands.ts';
import type { Row } from './support/answers.ts';
import { startBitcoind, type Bitcoind } from './support/bitcoind.ts';
import { MINER_SCRIPT } from './support/chain.ts';
import { makeClosers } from './support/closers.ts';
import { connectClient, type ElectrumClient } from './support/electrum-client.ts';
import { dispose, heights, startElectrumX, type ElectrumX } from './support/electrumx.ts';
import { runToEnd } from './support/process.ts';
import { describeWith, releases } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/cli/main.js');
const SERVERS = releases('e-x-1.20.0', 'e-x-2.0.0', 'electrumx-1.20.2');
/** Commands that not each of them has. */
const ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  inspect_session: ['e-x-2.0.0'],
  debug_memusage_list_all_objects: ['e-x-1.20.0', 'e-x-2.0.0'],
  debug_memusage_get_random_backref_chain: ['e-x-1.20.0', 'e-x-2.0.0'],
};
/** Kyuupichan's last releases end the asker's session too, before they answer. */
const HANGS_UP = ['electrumx-1.20.2'];

describeWith({ releases: SERVERS }, 'electrumx-rpc on a real ElectrumX', () => {
  // The tests of one server go through its life in this order; `stop` is its end.
  describe.each(SERVERS)('$name', (release) => {
    const closers = makeClosers();
    const used = new Set<string>();
    let bitcoind: Bitcoind;
    let electrumx: ElectrumX;
    let alice: ElectrumClient;
    let bob: ElectrumClient;

    beforeAll(async () => {
      bitcoind = closers.add(await startBitcoind(110), (it) => it.close());
      electrumx = closers.add(await startElectrumX(release, bitcoind), dispose);
      const join = async (name: string, from: string) =>
        closers.add(await connectClient(electrumx.tcpPort, { name, from }), (it) => it.close());
      alice = await join('electrum/4.5.5', '127.0.1.1');
      bob = await join('Sparrow/1.9.1', '127.0.2.1');
      await alice.subscribe(2);
    });
    afterAll(() => closers.closeAll());

    const attempt = (command: string, ...args: string[]) => {
      used.add(command);
      return runToEnd(process.execPath, [MAIN, '-p', String(electrumx.rpcPort), command, ...args]);
    };
    const rpc = async (command: string, ...args: string[]): Promise<string> => {
      const { code, stdout, output } = await attempt(command, ...args);
      expect(code, `electrumx-rpc ${command} ${args.join(' ')}: ${output}`).toBe(0);
      return stdout;
    };
    const json = async (command: string, ...args: string[]) => JSON.parse(await rpc(command, ...args)) as unknown;
    const server = {
      sessions: async () => (await electrumx.ask('sessions')) as Row[],
      getinfo: async () => (await electrumx.ask('getinfo')) as Record<string, unknown>,
      peers: async () => (await electrumx.ask('peers')) as { host: string }[],
    };
    const rowOf = async (client: ElectrumClient) =>
      (await server.sessions()).find(([, , peer]) => peer === client.localAddress);
    const idOf = async (client: ElectrumClient) => String((await rowOf(client))?.[0]);

    test('getinfo prints the reply of the server', async () => {
      const reported = await server.getinfo();
      const printed = (await json('getinfo')) as Record<string, unknown>;
      expect(Object.keys(printed).sort()).toEqual(Object.keys(reported).sort());
      expect(printed).toMatchObject({
        'daemon height': 110,
        'db height': 110,
        version: reported['version'],
        pid: reported['pid'],
      });
    });

    test('sessions, groups and peers print tables', async () => {
      const sessions = (await rpc('sessions')).split('\n');
      expect(sessions[0]).toMatch(/^ID +Flags +Client +Proto +Cost/);
      expect(sessions.filter((line) => line.includes(alice.localAddress))).toHaveLength(1);
      const groups = (await electrumx.ask('groups')) as Row[];
      expect((await rpc('groups')).trimEnd().split('\n')).toHaveLength(groups.length + 1);
      expect(await rpc('peers')).toMatch(/^Host +Status/);
    });

    test('add_peer adds a peer', async () => {
      const name = 'LOCALHOST v1.4 t1';
      expect(await json('add_peer', name)).toBe(`peer '${name}' added`);
      expect((await server.peers()).map(({ host }) => host)).toEqual(['LOCALHOST']);
      expect(await rpc('peers')).toMatch(/^LOCALHOST +never/m);
    });

    test('log switches the flag L', async () => {
      const flags = async (client: ElectrumClient) => String((await rowOf(client))?.[1]);
      const id = await idOf(alice);
      expect(await json('log', id)).toEqual([`logging session ${id}`]);
      expect(await flags(alice)).toMatch(/^TL\d+$/);
      expect(await flags(bob)).toMatch(/^T\d+$/);
      expect(await json('log', id, '99999')).toEqual([`not logging session ${id}`, 'unknown: 99999']);
      expect(await flags(alice)).toMatch(/^T\d+$/);
      await rpc('log', 'all');
      expect(await flags(bob)).toMatch(/^TL\d+$/);
      await rpc('log', 'none');
      expect(await flags(bob)).toMatch(/^T\d+$/);
    });

    test('disconnect ends a session', async () => {
      const id = await idOf(bob);
      expect(await json('disconnect', id)).toEqual([`disconnecting session ${id}`]);
      await bob.closed;
      await waitFor('the session to be gone', async () => ((await rowOf(bob)) === undefined ? true : undefined));
      expect(alice.isClosed).toBe(false);
    });

    test('daemon_url switches to another daemon, and back', async () => {
      const home = (await server.getinfo())['daemon'];
      const other = closers.add(await startBitcoind(110), (it) => it.close());
      expect(await json('daemon_url', other.url)).toBe(`now using daemon at 127.0.0.1:${other.port}/`);
      expect((await server.getinfo())['daemon']).toBe(`127.0.0.1:${other.port}/`);
      other.chain.grow(1);
      await waitFor('the block of the other daemon', async () =>
        heights(await server.getinfo()).db === 111 ? true : undefined,
      );
      bitcoind.chain.grow(1);
      expect(await json('daemon_url')).toBe(`now using daemon at ${String(home)}`);
      expect((await server.getinfo())['daemon']).toBe(home);
    });

    test('reorg takes the height back, and it recovers', async () => {
      const { db } = heights(await server.getinfo());
      // With no hash of a block to be had, the server cannot go forward again at once.
      bitcoind.hold('getblockhash');
      expect(await json('reorg', '3')).toBe('scheduled a reorg of 3 blocks');
      const heightIs = (height: number) =>
        waitFor(`db height ${height}`, async () => {
          const now = heights(await server.getinfo()).db;
          if (now !== height) throw new Error(`it is ${now}`);
          return true;
        });
      await heightIs(db - 3);
      bitcoind.release();
      await heightIs(db);
    });

    test('query finds the coinbases', async () => {
      const lines = (await rpc('query', '--limit', '5', MINER_SCRIPT)).trimEnd().split('\n');
      expect(lines[0]).toBe(`Script: ${MINER_SCRIPT}`);
      expect(lines.filter((line) => line.startsWith('History #'))).toHaveLength(5);
      expect(lines.at(-1)).toMatch(/^Balance: 5,?550(\.0+)? /);
    });

    for (const [command, args, expected] of [
      ['debug_memusage_list_all_objects', ['--limit', '3'], /^(\S+ +\d+\n){3}\n?$/],
      ['debug_memusage_get_random_backref_chain', ['_asyncio.Task'], /^digraph ObjectGraph/],
    ] as const) {
      if (!ONLY_IN[command]?.includes(release.name)) continue;
      test(`${command} prints what the server finds in its memory`, async () => {
        expect(await rpc(command, ...args)).toMatch(expected);
      });
    }

    if (ONLY_IN['inspect_session']?.includes(release.name)) {
      test('inspect_session prints a session', async () => {
        const reported = await json('inspect_session', await idOf(alice));
        expect(reported).toMatchObject({ client_name: 'electrum/4.5.5', subs_sh: 2, is_logged: false });
      });
    } else {
      test('a command that this server does not have ends with 1 and an error', async () => {
        const { code, output } = await attempt('inspect_session', '0');
        expect(code).toBe(1);
        expect(output).toMatch(/inspect_session/);
      });
    }

    test('disconnect all ends every session', async () => {
      const { code, output } = await attempt('disconnect', 'all');
      if (HANGS_UP.includes(release.name)) {
        expect(code).toBe(1);
        expect(output).toContain('closed the connection before it replied');
      } else expect(code, output).toBe(0);
      await alice.closed;
      await waitFor('no session but the asker', async () =>
        (await server.sessions()).length === 1 ? true : undefined,
      );
    });

    test('stop ends the process', async () => {
      expect(await json('stop')).toBe('stopping');
      expect(await electrumx.process.end).toBe(0);
      const { code, output } = await attempt('getinfo');
      expect(code).toBe(1);
      expect(output).toContain(String(electrumx.rpcPort));
    });

    test('every command was tested', () => {
      const expected = COMMANDS.map(({ name }) => name).filter((name) => {
        const only = ONLY_IN[name];
        return only === undefined || only.includes(release.name) || name === 'inspect_session';
      });
      expect([...used].sort()).toEqual(expected.sort());
    });
  });
});
