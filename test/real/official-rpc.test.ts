// Acceptance of the simulator by real tools: the official electrumx_rpc scripts run every command against it, and it acts.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Era, type Simulator } from '../../src/simulator/server.ts';
import { askLocalRpc } from './support/electrumx.ts';
import { runToEnd } from './support/process.ts';
import { describeWith, releases, type Release } from './support/tools.ts';
import type { Row } from './support/answers.ts';

/** Each script with the era whose server it came with. */
const ERA_OF: Readonly<Record<string, Era>> = {
  'e-x-1.20.0': 'F',
  'e-x-2.0.0': 'G',
  'electrumx-1.16.0': 'E3',
  'electrumx-1.20.2': 'E3',
};
const SCRIPTS = releases(...Object.keys(ERA_OF));
/** Eras with commands that not every script has. */
const COMMANDS_SINCE: Readonly<Record<'F' | 'G', readonly Era[]>> = { F: ['F', 'G'], G: ['G'] };
/** The commands that the tests below run. */
const COMMANDS =
  'getinfo groups peers sessions stop disconnect log add_peer daemon_url query reorg ' +
  'debug_memusage_list_all_objects debug_memusage_get_random_backref_chain inspect_session';
const START_MS = Date.UTC(2026, 0, 1);

describeWith({ releases: SCRIPTS }, 'official electrumx_rpc scripts against the simulator', () => {
  describe.each(SCRIPTS)('the script of $name', (script) => {
    const era = ERA_OF[script.name] ?? 'F';
    let simulator: Simulator;
    /** The world's clock, which only the tests move. */
    let nowMs: number;

    beforeEach(async () => {
      nowMs = START_MS;
      simulator = await startSimulator({ era, sessions: 12, seed: 7, now: () => nowMs });
    });
    afterEach(() => simulator.stop());

    const official = (...args: string[]) => succeed(script, simulator.port, args);
    const officialJson = async (...args: string[]) => JSON.parse(await official(...args)) as unknown;
    const getinfo = async () => (await officialJson('getinfo')) as Record<string, unknown>;
    const ask = (method: string) => askLocalRpc(simulator.port, method);
    const someClient = () => String([...simulator.world.sessions.keys()][0]);
    const rowOf = async (id: string) => (await tableOf(official('sessions'))).find((cells) => cells[0] === id);

    test('has no command but those that are run here', async () => {
      const [, commands = ''] =
        /\{([\w,]+)\}/.exec((await runToEnd(script.python, [script.rpc, '--help'])).stdout) ?? [];
      expect(commands).toContain('getinfo');
      for (const command of commands.split(',')) expect(COMMANDS.split(' ')).toContain(command);
    });

    test('getinfo prints the state of the world', async () => {
      const { world } = simulator;
      const clients = [...world.sessions.values()].filter(({ transport }) => transport !== 'rpc').length;
      const printed = await getinfo();
      expect(printed).toMatchObject({
        'daemon height': world.daemon.height,
        'db height': world.db.height,
        peers: { total: world.peers.length },
        pid: world.pid,
      });
      expect((printed['sessions'] as { count: number }).count).toBe(clients + 1);
    });

    test('sessions prints a row for each session', async () => {
      const rows = (await ask('sessions')) as Row[];
      const printed = await tableOf(official('sessions'));
      // The last row is in each case the asker's own.
      expect(printed.slice(0, -1).map(([id]) => id)).toEqual(rows.slice(0, -1).map(([id]) => String(id)));
      expect(printed.map((cells) => cells.at(-1)).slice(0, -1)).toEqual(rows.slice(0, -1).map(([, , peer]) => peer));
      expect(printed.at(-1)?.[1]).toMatch(/^R\d+$/);
    });

    test('groups prints a row for each group', async () => {
      const names = ((await ask('groups')) as Row[]).map(([name]) => name);
      expect(names.length).toBeGreaterThan(0);
      expect((await tableOf(official('groups'))).map(([name]) => name)).toEqual(names);
    });

    test('peers prints a row for each peer', async () => {
      const peers = (await ask('peers')) as { host: string; status: string }[];
      expect(peers.length).toBeGreaterThan(0);
      const printed = (await tableOf(official('peers'))).map(([host = '', status]) => [host.slice(0, 30), status]);
      // kyuupichan's script prints 30 characters of a host.
      expect(printed).toEqual(peers.map(({ host, status }) => [host.slice(0, 30), status]));
    });

    test('add_peer adds a peer that was never tried', async () => {
      const name = 'new-peer.example v1.4 s50002 t50001';
      expect(await officialJson('add_peer', name)).toBe(`peer '${name}' added`);
      const added = (await tableOf(official('peers'))).find(([host]) => host === 'new-peer.example');
      expect(added?.slice(0, 4)).toEqual(['new-peer.example', 'never', '50001', '50002']);
    });

    test('daemon_url switches the daemon, and without an argument back to the first one', async () => {
      const before = (await getinfo())['daemon'];
      const url = 'http://user:secret@127.0.0.1:18400/';
      expect(await officialJson('daemon_url', url)).toBe('now using daemon at 127.0.0.1:18400/');
      expect((await getinfo())['daemon']).toBe('127.0.0.1:18400/');
      expect(await officialJson('daemon_url')).toBe(`now using daemon at ${String(before)}`);
      expect((await getinfo())['daemon']).toBe(before);
    });

    test('log switches the flag L of a session, of all, of none', async () => {
      const id = someClient();
      expect(await officialJson('log', id, 'no-such')).toEqual([`logging session ${id}`, 'unknown: no-such']);
      expect((await rowOf(id))?.[1]).toMatch(/^[TSW]L\d+$/);
      expect(await officialJson('log', id)).toEqual([`not logging session ${id}`]);
      expect((await rowOf(id))?.[1]).toMatch(/^[TSW]\d+$/);
      expect(await officialJson('log', 'all')).toEqual(['logging all sessions']);
      const flags = (await tableOf(official('sessions'))).map((cells) => cells[1]);
      for (const flag of flags) expect(flag).toContain('L');
      expect(await officialJson('log', 'none')).toEqual(['logging no sessions']);
      expect(await officialJson('log', 'new')).toEqual(['logging new sessions']);
    });

    test('disconnect closes a session, a group, and all', async () => {
      const id = someClient();
      expect(await officialJson('disconnect', id, '9999')).toEqual([`disconnecting session ${id}`, 'unknown: 9999']);
      expect((await rowOf(id))?.[1]).toMatch(/^[TSW]C/);
      nowMs += 5000;
      expect(await rowOf(id)).toBeUndefined();
      const [group] = ((await ask('groups')) as Row[]).map(([name]) => String(name));
      expect(await officialJson('disconnect', String(group))).toEqual([`disconnecting group ${String(group)}`]);
      expect(await officialJson('disconnect', 'all')).toEqual(['disconnecting all sessions']);
      const flags = (await tableOf(official('sessions'))).map((cells) => cells[1] ?? '');
      for (const flag of flags.filter((text) => !text.startsWith('R'))) expect(flag).toContain('C');
    });

    test('reorg takes the index back, and it recovers', async () => {
      const { db, daemon } = simulator.world;
      const height = daemon.height;
      expect(await officialJson('reorg', '4')).toBe('scheduled a reorg of 4 blocks');
      expect(db.height).toBe(height - 4);
      expect((await getinfo())['db height']).toBe(height - 4);
      nowMs += 60_000;
      expect(Number((await getinfo())['db height'])).toBeGreaterThanOrEqual(height);
    });

    test('query prints the history of scripts and addresses', async () => {
      const mine = '76a91412345678901234567890123456789012345678901288ac';
      const lines = (await official('query', '--limit', '2', mine, '1BoatSLRHtKNngkdXEeobR76b53LETtpyT')).split('\n');
      expect(lines[0]).toBe(`Script: ${mine}`);
      expect(lines).toContain('Address: 1BoatSLRHtKNngkdXEeobR76b53LETtpyT');
      expect(lines.filter((line) => line.startsWith('Balance: '))).toHaveLength(2);
    });

    if (COMMANDS_SINCE.F.includes(era)) {
      test('the debug_memusage commands print text', async () => {
        expect((await official('debug_memusage_list_all_objects', '--limit', '3')).trim().split('\n')).toHaveLength(3);
        expect(await official('debug_memusage_get_random_backref_chain', '_asyncio.Task')).toContain('digraph');
      });
    }

    if (COMMANDS_SINCE.G.includes(era)) {
      test('inspect_session prints one session', async () => {
        const session = simulator.world.sessions.get(Number(someClient()));
        const printed = await officialJson('inspect_session', someClient());
        expect(printed).toMatchObject({ subs_sh: session?.scripthashes, is_logged: false, errors: session?.errors });
      });
    }

    test('stop gets a reply, and ends the server', async () => {
      expect(await officialJson('stop')).toBe('stopping');
      await simulator.ended;
      const after = await run(script, simulator.port, ['getinfo']);
      expect(after).toMatchObject({ code: 1 });
      expect(after.stdout).toContain('cannot connect');
    });
  });
});

function run(script: Release, port: number, args: readonly string[]) {
  return runToEnd(script.python, [script.rpc, '-p', String(port), ...args]);
}

/** What the script printed. It has to end with 0. */
async function succeed(script: Release, port: number, args: readonly string[]): Promise<string> {
  const { code, stdout, output } = await run(script, port, args);
  expect(code, `electrumx_rpc ${args.join(' ')}: ${output}`).toBe(0);
  return stdout;
}

/** The rows of a printed table, as words, without the titles. */
async function tableOf(printed: Promise<string>): Promise<string[][]> {
  const [, ...rows] = (await printed).trimEnd().split('\n');
  return rows.map((row) => row.trim().split(/\s+/));
}
