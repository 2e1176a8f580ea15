// --watch: redraws, goes on through failures of the server, and leaves the terminal as it was; test/real has it in a real terminal.
import { describe, expect, it } from 'vitest';
import { cells } from '../../src/cli/output/escape.ts';
import { recorded } from '../support/fixtures.ts';
import { failure, SILENCE, startReplay } from './support/replay.ts';
import { fakeTerminal, plain, runHere } from './support/terminal.ts';

const busy = recorded('spesmilo-1.20.0', 'busy');
const sessionsIn = ({ sessions = '' }) => (JSON.parse(sessions) as { result: unknown[] }).result.length;
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

describe('--watch', () => {
  it('redraws on the alternate screen over one connection, and puts everything back when interrupted', async () => {
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
  ])('fills no more than $columns columns and $rows rows', async ({ columns, rows }) => {
    const replay = await startReplay(busy);
    for (const command of ['sessions', 'groups', 'peers']) {
      const terminal = fakeTerminal(columns, rows);
      const watching = runHere([command, '--watch', '60', '-p', String(replay.port)], terminal);
      await terminal.until(() => terminal.text().split('\x1b[H').length > 2);
      const screen = terminal.screen();
      watching.interrupt();
      await watching.code;
      expect(screen.length).toBeLessThanOrEqual(rows);
      for (const line of screen) expect(cells(line)).toBeLessThanOrEqual(columns);
    }
    await replay.close();
  });

  it('shows the rows of --sort, --top and --filter, and how many there are', async () => {
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

  it('says that --sort names a column that this server does not have', async () => {
    const replay = await startReplay(recorded('kyuupichan-1.8.12', 'busy'));
    const terminal = fakeTerminal(120);
    const watching = runHere(['sessions', '--watch', '--sort', 'cost', '-p', String(replay.port)], terminal);
    await terminal.until(() => terminal.text().split('\x1b[H').length > 2);
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(terminal.screen()[2]).toContain('; this server has no column cost in sessions: not sorted');
  });

  it('is drawn anew when the terminal changes its size', async () => {
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
    for (const line of screen) expect(cells(line)).toBeLessThanOrEqual(60);
  });

  it('says that the server is away, keeps the last answer, and comes back with the server', async () => {
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

  it('starts while the server is still away', async () => {
    const replay = await startReplay({});
    await replay.close();
    const terminal = fakeTerminal();
    const watching = runHere(['peers', '--watch', '0.1', '-p', String(replay.port)], terminal);
    await terminal.until(() => plain(terminal.text()).includes('ECONNREFUSED'));
    watching.interrupt();
    expect(await watching.code).toBe(0);
  });

  it('connects anew after an error, which servers charge to the connection', async () => {
    const replay = await startReplay({ peers: failure(-102, 'server busy - request timed out') });
    const terminal = fakeTerminal();
    const watching = runHere(['peers', '--watch', '0.1', '-p', String(replay.port)], terminal);
    await terminal.until(() => replay.connections() >= 3);
    watching.interrupt();
    await watching.code;
    await replay.close();
    expect(terminal.screen().join(' ')).toContain('request timed out');
  });

  it('ends at once while it waits for an answer', async () => {
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
