// --watch: refreshes, continues after failed calls, and restores the terminal. test/real/cli-watch.test.ts tests it in a real terminal.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/cli/output/escape.ts';
import { KEY_HELP } from '../../src/cli/watch/keys.ts';
import { recorded } from '../support/fixtures.ts';
import { failure, SILENCE, startReplay, type Replay } from './support/replay.ts';
import { fakeTerminal, plain, runHere } from './support/terminal.ts';

const busy = recorded('spesmilo-1.20.0', 'busy');
const sessionsIn = ({ sessions = '' }) => (JSON.parse(sessions) as { result: unknown[] }).result.length;
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

describe('--watch', () => {
  it('redraws on the alternate screen over one connection, and restores the terminal after a signal', async () => {
    const replay = await startReplay(busy);
    const terminal = fakeTerminal();
    const watching = runHere(['sessions', '--watch', '0.1', '-p', String(replay.port)], terminal);
    await terminal.until(() => replay.calls.length >= 3);
    watching.interrupt();
    expect(await watching.code).toBe(0);
    await replay.close();
    expect(terminal.text().startsWith(ENTER)).toBe(true);
    expect(terminal.text().endsWith(LEAVE)).toBe(true);
    expect(replay.connections()).toBe(1);
    expect(watching.stderr()).toBe('');
  });

  it.each([
    { columns: 80, rows: 24 },
    { columns: 200, rows: 50 },
    { columns: 20, rows: 5 },
    { columns: 80, rows: 1 },
  ])('fits into $columns columns and $rows rows', async ({ columns, rows }) => {
    const replay = await startReplay(busy);
    for (const command of ['sessions', 'groups', 'peers']) {
      const terminal = fakeTerminal(columns, rows);
      const watching = runHere([command, '--watch', '60', '-p', String(replay.port)], terminal);
      await terminal.until(() => terminal.text().split('\x1b[H').length > 2);
      const screen = terminal.screen();
      watching.interrupt();
      await watching.code;
      expect(screen.length).toBeLessThanOrEqual(rows);
      for (const line of screen) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
    await replay.close();
  });

  it('shows the rows of --sort, --top and --filter, and their number', async () => {
    const replay = await startReplay(busy);
    const terminal = fakeTerminal(120);
    const args = ['sessions', '--watch', '--sort', 'cost', '--filter', 'bluewallet', '--top', '2'];
    const watching = runHere([...args, '-p', String(replay.port)], terminal);
    await terminal.until(() => terminal.text().includes('BlueWallet'));
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(terminal.screen()[0]).toMatch(/^sessions of localhost:\d+, every 2 s/);
    expect(terminal.screen()[2]).toMatch(new RegExp(`^2 of ${sessionsIn(busy)}(;|$)`));
  });

  it('reports a --sort column that this server does not have', async () => {
    const replay = await startReplay(recorded('kyuupichan-1.8.12', 'busy'));
    const terminal = fakeTerminal(120);
    const watching = runHere(['sessions', '--watch', '--sort', 'cost', '-p', String(replay.port)], terminal);
    await terminal.until(() => terminal.text().split('\x1b[H').length > 2);
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(terminal.screen()[2]).toContain('; not sorted: sessions of this server have no column Cost');
  });

  it('redraws when the size of the terminal changes', async () => {
    const replay = await startReplay(busy);
    const terminal = fakeTerminal(200, 40);
    const watching = runHere(['sessions', '--watch', '60', '-p', String(replay.port)], terminal);
    await terminal.until(() => terminal.text().includes('XCost'));
    terminal.resize(60, 10);
    const screen = terminal.screen();
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(screen).toHaveLength(10);
    for (const line of screen) expect(displayWidth(line)).toBeLessThanOrEqual(60);
  });

  it('shows an error and the last reply while the server is down, and recovers', async () => {
    const replay = await startReplay(busy);
    const { port } = replay;
    const terminal = fakeTerminal(120);
    const watching = runHere(['groups', '--watch', '0.1', '-p', String(port)], terminal);
    const shows = (text: string) => terminal.until(() => terminal.screen().join('\n').includes(text));
    await shows('127.0.0.0/24');
    await replay.close();
    await shows('ECONNREFUSED');
    expect(terminal.screen().join('\n')).toMatch(/\(-p, RPC_PORT\)\? +Trying again\./);
    expect(terminal.screen().join('\n')).toContain('127.0.0.0/24');
    const again = await startReplay(busy, port);
    await terminal.until(() => !terminal.screen().join('\n').includes('ECONNREFUSED'));
    expect(terminal.screen().join('\n')).toContain('127.0.0.0/24');
    watching.interrupt();
    expect(await watching.code).toBe(0);
    await again.close();
  });

  it('starts while the server is down', async () => {
    const replay = await startReplay({});
    await replay.close();
    const terminal = fakeTerminal();
    const watching = runHere(['peers', '--watch', '0.1', '-p', String(replay.port)], terminal);
    await terminal.until(() => plain(terminal.text()).includes('ECONNREFUSED'));
    watching.interrupt();
    expect(await watching.code).toBe(0);
  });

  it('opens a new connection after an error reply', async () => {
    const replay = await startReplay({ peers: failure(-102, 'server busy - request timed out') });
    const terminal = fakeTerminal();
    const watching = runHere(['peers', '--watch', '0.1', '-p', String(replay.port)], terminal);
    await terminal.until(() => replay.connections() >= 3);
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(terminal.screen().join(' ')).toContain('request timed out');
  });

  it('ends at once while it waits for a reply', async () => {
    const replay = await startReplay({ sessions: SILENCE });
    const terminal = fakeTerminal();
    const watching = runHere(['sessions', '--watch', '-p', String(replay.port)], terminal);
    await expect.poll(() => replay.calls.length).toBe(1);
    watching.interrupt();
    expect(await watching.code).toBe(0);
    await replay.close();
    expect(terminal.text().endsWith(LEAVE)).toBe(true);
  });
});

describe('the keys of --watch', () => {
  const RIGHT = '\x1b[C';
  const LEFT = '\x1b[D';
  let replay: Replay;
  beforeEach(async () => {
    replay = await startReplay(busy);
  });
  afterEach(() => replay.close());

  /** --watch after its first reply, refreshed by keys only. */
  async function watching(args: readonly string[], size: readonly [number, number] = [80, 24], env = {}) {
    const terminal = fakeTerminal(...size);
    const process = runHere([...args, '--watch', '600', '-p', String(replay.port)], terminal, env);
    await terminal.until(() => /^\d+ of \d+/m.test(terminal.screen().join('\n')));
    const press = async (bytes: string) => {
      const screens = terminal.screens();
      terminal.type(bytes);
      await terminal.until(() => terminal.screens() > screens);
      return terminal.screen();
    };
    return { terminal, process, press };
  }

  it.each([
    { key: 'q', bytes: 'q' },
    { key: 'Ctrl-C', bytes: '\x03' },
  ])('include $key, which quits and restores the terminal', async ({ bytes }) => {
    const { terminal, process } = await watching(['sessions']);
    expect(terminal.isRaw()).toBe(true);
    terminal.type(bytes);
    expect(await process.code).toBe(0);
    expect(terminal.isRaw()).toBe(false);
    expect(terminal.text().endsWith(LEAVE)).toBe(true);
    expect(terminal.text().split(LEAVE)).toHaveLength(2);
  });

  it('include q, which quits while the server does not reply', async () => {
    const silent = await startReplay({ sessions: SILENCE });
    const terminal = fakeTerminal();
    const { code } = runHere(['sessions', '--watch', '-p', String(silent.port)], terminal);
    await expect.poll(() => silent.calls.length).toBe(1);
    terminal.type('q');
    expect(await code).toBe(0);
    await silent.close();
  });

  it('are listed on the last line, and by ? in full', async () => {
    const { terminal, press } = await watching(['sessions']);
    expect(terminal.screen()).toHaveLength(24);
    expect(terminal.screen()[23]).toBe('q quit  < sort left  > sort right  r reverse  ? help');
    const help = (await press('?')).join('\n');
    for (const line of KEY_HELP) expect(help).toContain(line);
    expect(help).not.toContain('Flags');
    expect((await press('?')).join('\n')).toContain('Flags');
  });

  it('are documented', () => {
    const documentation = readFileSync(new URL('../../docs/electrumx-rpc.md', import.meta.url), 'utf8');
    const labels = KEY_HELP.map((line) => line.trim().split(' ')[0] ?? '');
    expect(labels).toHaveLength(7);
    for (const label of labels)
      expect(documentation).toMatch(new RegExp(`^\\| .*${label.replace('?', '\\?')}.* \\|`, 'm'));
  });

  it.each([
    { keys: '> and <', next: '>', previous: '<' },
    { keys: 'Right and Left', next: RIGHT, previous: LEFT },
  ])('include $keys, which move the sort column', async ({ next, previous }) => {
    const { terminal, press } = await watching(['sessions', '--sort', 'client']);
    expect(terminal.screen()[2]).toContain('; sorted by Client;');
    expect((await press(next))[2]).toContain('; sorted by Proto;');
    const byCost = await press(next);
    expect(byCost[2]).toContain('; sorted by Cost;');
    const costs = cellsUnder('Cost', byCost).map(Number);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
    expect(costs[0]).toBeGreaterThan(costs.at(-1) ?? Infinity);
    await press(previous);
    expect((await press(previous))[2]).toContain('; sorted by Client;');
  });

  it('include r, which reverses the order', async () => {
    const { press } = await watching(['sessions', '--sort', 'cost']);
    const reversed = await press('r');
    expect(reversed[2]).toContain('; sorted by Cost, reversed;');
    const costs = cellsUnder('Cost', reversed).map(Number);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    expect((await press('r'))[2]).toContain('; sorted by Cost;');
  });

  it("include < at the first column, which restores the server's order, and < again, which sorts by the last", async () => {
    const { press } = await watching(['groups', '--sort', 'name'], [120, 24]);
    expect((await press('<'))[2]).not.toContain('sorted by');
    expect((await press('<'))[2]).toContain('sorted by Over');
  });

  it('include Space, which refreshes the table', async () => {
    const { press } = await watching(['sessions']);
    expect(replay.calls).toHaveLength(1);
    await press(' ');
    expect(replay.calls).toHaveLength(2);
  });

  it('do nothing else', async () => {
    const { terminal, press } = await watching(['sessions']);
    const before = terminal.screen();
    terminal.type('xyz123\x1b[A\x1b[200~paste\r\n\0');
    await press('?');
    expect(await press('?')).toEqual(before);
  });

  it('include Ctrl-Z, which restores the terminal until the process is continued', async () => {
    const { terminal, process } = await watching(['sessions']);
    terminal.type('\x1a');
    await process.suspended;
    expect(terminal.text().endsWith(LEAVE)).toBe(true);
    expect(terminal.isRaw()).toBe(false);
    const screens = terminal.screens();
    terminal.resize(100, 30);
    expect(terminal.screens()).toBe(screens);
    process.continue();
    await terminal.until(() => terminal.screens() > screens);
    expect(terminal.isRaw()).toBe(true);
    expect(terminal.screen()).toHaveLength(30);
    terminal.type('q');
    expect(await process.code).toBe(0);
  });

  it('are not read, nor listed, if the standard input is not a terminal', async () => {
    const terminal = fakeTerminal();
    terminal.stdin.isTTY = false;
    const { code, interrupt } = runHere(['sessions', '--watch', '600', '-p', String(replay.port)], terminal);
    await terminal.until(() => terminal.screen().join('\n').includes('Flags'));
    expect(terminal.isRaw()).toBe(false);
    expect(terminal.screen().join('\n')).not.toContain('q quit');
    interrupt();
    expect(await code).toBe(0);
  });

  it('are restored with the screen when the process exits unexpectedly', async () => {
    const { terminal, process } = await watching(['sessions']);
    process.exit();
    expect(terminal.isRaw()).toBe(false);
    expect(terminal.text().endsWith(LEAVE)).toBe(true);
    process.interrupt();
    await process.code;
    expect(terminal.text().split(LEAVE)).toHaveLength(2);
  });
});

/** The cells under a right-aligned title on the screen of a table. */
function cellsUnder(title: string, [, , , header = '', ...lines]: readonly string[]): string[] {
  const end = header.indexOf(` ${title}`) + title.length + 1;
  const rows = lines.slice(0, -1).filter((line) => line !== '');
  return rows.map((row) => row.slice(0, end).split(' ').at(-1) ?? '');
}
