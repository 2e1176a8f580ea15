// electrumx-rpc with every era of ElectrumX that the simulator has: every command of the era works, and hostile names are escaped.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/args/commands.ts';
import { ERAS } from '../../src/simulator/eras.ts';
import { startSimulator, type Era, type Simulator } from '../../src/simulator/server.ts';
import { fakeTerminal, runHere } from './support/terminal.ts';

/** The first era that has a command, where that is not the first of all. */
const FIRST_ERA: Readonly<Record<string, Era>> = {
  query: 'C2',
  debug_memusage_list_all_objects: 'F',
  debug_memusage_get_random_backref_chain: 'F',
  inspect_session: 'G',
};

let simulator: Simulator;
const atPort = (args: readonly string[]) => [...args, '-p', String(simulator.port)];

async function print(args: readonly string[]) {
  const terminal = fakeTerminal(80, 24, false);
  const { code, stderr } = runHere(atPort(args), terminal);
  return { code: await code, stdout: terminal.text(), stderr: stderr() };
}

describe.each(ERAS)('era %s', (era) => {
  beforeEach(async () => {
    simulator = await startSimulator({ era, sessions: 20, seed: 3 });
  });
  afterEach(() => simulator.stop());

  /** A client's row in `sessions`, as words: id, flags, ... */
  const someClient = async () => {
    const { stdout } = await print(['sessions', '--filter', 'electrum']);
    return (stdout.split('\n')[1] ?? '').split(/ +/);
  };

  it.each(COMMANDS.map(({ name }) => name))('executes %s, or replies that it is unknown', async (command) => {
    const [id = ''] = await someClient();
    const values: Readonly<Record<string, string[]>> = {
      add_peer: ['electrum.example.org v1.4 s50002 t50001'],
      disconnect: [id],
      log: [id],
      query: ['76a914000000000000000000000000000000000000000088ac'],
      inspect_session: [id],
      debug_memusage_get_random_backref_chain: ['Peer'],
    };
    const { code, stdout, stderr } = await print([command, ...(values[command] ?? [])]);
    if (ERAS.indexOf(era) < ERAS.indexOf(FIRST_ERA[command] ?? 'B1')) {
      expect(stderr).toContain(`(code -32601); ${command} needs ElectrumX`);
      expect(code).toBe(1);
    } else {
      expect(stderr).toBe('');
      expect(stdout).not.toBe('');
      expect(code).toBe(0);
    }
  });

  it('logs and disconnects the session that is given', async () => {
    const [id = '', flags = ''] = await someClient();
    expect((await print(['log', id])).code).toBe(0);
    expect((await print(['sessions'])).stdout).toMatch(new RegExp(`^${id} +${flags.charAt(0)}L\\d+ `, 'm'));
    expect((await print(['disconnect', id])).code).toBe(0);
    expect((await print(['sessions'])).stdout).not.toMatch(new RegExp(`^${id} +[TS]L?\\d+ `, 'm'));
  });
});

describe('a world of hostile names', () => {
  beforeEach(async () => {
    simulator = await startSimulator({ era: 'G', sessions: 200, seed: 3, scenario: 'hostile-names' });
  });
  afterEach(() => simulator.stop());

  it.each(['sessions', 'groups', 'peers', 'getinfo'])('adds no control character to %s', async (command) => {
    for (const isTTY of [false, true]) {
      const terminal = fakeTerminal(200, 24, isTTY);
      expect(await runHere(atPort([command]), terminal, { NO_COLOR: '1' }).code).toBe(0);
      expect(terminal.text().replaceAll('\n', '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}]/u);
    }
  });
});
