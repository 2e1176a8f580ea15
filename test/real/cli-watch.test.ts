// electrumx-rpc --watch in a real terminal (tmux): readable at 80x24 and 200x50, controlled by keys, and the terminal is restored.
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FOOTER } from '../../src/cli/watch/keys.ts';
import { BIN } from '../cli/support/bin.ts';
import { recorded } from '../support/fixtures.ts';
import { startReplay, type Replay } from '../cli/support/replay.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const busy = recorded('spesmilo-1.20.0', 'busy');
/** Each test starts its own tmux server, because one that is ending does not accept sessions. */
let server = 0;

function tmux(...args: string[]): string {
  return execFileSync('tmux', ['-L', `electrumx-rpc-${process.pid}-${server}`, '-f', '/dev/null', ...args], {
    encoding: 'utf8',
  });
}

/** The lines on the screen, without blank ones at the end. */
const screen = () => tmux('capture-pane', '-p').trimEnd().split('\n');
const type = (...keys: string[]) => tmux('send-keys', ...keys);

async function shown(text: string | RegExp): Promise<string[]> {
  return waitFor(`${String(text)} on the screen`, () => {
    const lines = screen();
    if (lines.some((line) => (typeof text === 'string' ? line.includes(text) : text.test(line)))) return lines;
    throw new Error(`the screen shows\n${lines.join('\n')}`);
  });
}

describeWith({ commands: ['tmux'] }, 'electrumx-rpc --watch', () => {
  let replay: Replay;
  beforeEach(async () => {
    server += 1;
    replay = await startReplay(busy);
  });
  afterEach(async () => {
    tmux('kill-server');
    await replay.close();
  });

  /** The process that the shell runs. */
  function childOfShell(): number {
    const shell = tmux('display-message', '-p', '#{pane_pid}').trim();
    return Number(execFileSync('ps', ['-o', 'pid=', '--ppid', shell], { encoding: 'utf8' }).trim());
  }

  /** A shell in a terminal of that size, with a line on it that must be there again afterwards. */
  async function openShell(columns: number, rows = 24): Promise<void> {
    const size = ['-x', String(columns), '-y', String(rows)];
    tmux('new-session', '-d', ...size, `env PS1='ready> ' COLUMNS= NO_COLOR= PORT=${replay.port} sh`);
    await shown('ready>');
    type(`echo be''fore`, 'Enter');
    await shown(/^before$/);
  }

  it.each([
    { columns: 80, rows: 24, command: 'sessions', has: ['ID', 'Flags', 'Client', 'Cost', 'Peer'], row: /^\d+ +T10 / },
    {
      columns: 200,
      rows: 50,
      command: 'sessions',
      has: ['Proto', 'XCost', 'Recv KB', 'Sent KB', 'Time'],
      row: /^\d+ +T10 /,
    },
    {
      columns: 80,
      rows: 24,
      command: 'groups',
      has: ['Name', 'Over', 'Sessions', 'Cost', 'Retained'],
      row: /^127\.0\.0\.0\/24 /,
    },
    { columns: 200, rows: 50, command: 'groups', has: ['Txs', 'Recv KB', 'Sent KB'], row: /^127\.0\.0\.0\/24 / },
    {
      columns: 80,
      rows: 24,
      command: 'peers',
      has: ['Host', 'Status', 'Last Good', 'Last Try'],
      row: /^(ecdsa|bch)\./,
    },
    { columns: 200, rows: 50, command: 'peers', has: ['Pruning', 'Source', 'IP Address'], row: /^(ecdsa|bch)\./ },
  ])(
    'shows $command in $columns columns and $rows rows, and restores the terminal after Ctrl-C',
    async ({ columns, rows, command, has, row }) => {
      await openShell(columns, rows);
      type(`${process.execPath} ${BIN} ${command} --watch 0.5 -p $PORT`, 'Enter');
      const [title, , , header, ...body] = await shown(/^\d+ of \d+/);
      expect(title).toMatch(new RegExp(`^${command} of localhost:${replay.port}, every 0.5 s +\\d\\d:\\d\\d:\\d\\d$`));
      for (const name of has) expect(header).toContain(name);
      expect(body.pop()).toBe(FOOTER);
      // the rest of a wrapped line would begin with something else
      const tableLines = body.filter((line) => line !== '');
      expect(tableLines.length).toBeGreaterThan(0);
      for (const line of tableLines) expect(line).toMatch(row);
      expect(screen()).toHaveLength(rows);
      expect(tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}').trim()).toBe('1 0');

      type('C-c');
      await shown('before');
      await shown(/^ready>$/);
      expect(tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim()).toBe('0 1 1');
      expect(screen().join('\n')).not.toContain(title);
      type('echo code=$? after', 'Enter');
      await shown(/^code=0 after$/);
    },
  );

  it('restores the terminal after SIGTERM while the server is down', async () => {
    await openShell(80);
    await replay.close();
    type(`${process.execPath} ${BIN} sessions --watch 0.5 -p $PORT`, 'Enter');
    await shown('ECONNREFUSED');
    process.kill(childOfShell(), 'SIGTERM');
    await shown('before');
    expect(tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim()).toBe('0 1 1');
  });

  const terminalState = () => tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();

  it('quits after q, which is not echoed, and the shell echoes again', async () => {
    await openShell(80);
    type(`${process.execPath} ${BIN} sessions --watch 60 -p $PORT`, 'Enter');
    const shownBefore = await shown(/^\d+ of \d+/);
    type('x', 'y');
    type('?');
    await shown('reverse the sort order');
    type('?');
    expect((await shown(/^\d+ of \d+/)).slice(1)).toEqual(shownBefore.slice(1));
    type('q');
    await shown(/^ready>$/);
    expect(terminalState()).toBe('0 1 1');
    type('echo code=$? after', 'Enter');
    await shown(/^code=0 after$/);
    await shown('ready> echo code=');
  });

  it('sorts by another column after a key, and fits a terminal that has been resized', async () => {
    await openShell(200, 50);
    type(`${process.execPath} ${BIN} sessions --watch 60 --sort id -p $PORT`, 'Enter');
    await shown(/^\d+ of \d+; sorted by ID/);
    type('Left');
    type('<');
    await shown(/^\d+ of \d+; sorted by Peer/);
    type('>');
    await shown(/^\d+ of \d+$/);
    tmux('resize-window', '-x', '80', '-y', '24');
    await shown(/no room for/);
    expect(screen()).toHaveLength(24);
    expect(screen().at(-1)).toBe(FOOTER);
    type('C-c');
    await shown(/^ready>$/);
  });

  it('restores the terminal while it is suspended, and redraws when it is continued', async () => {
    await openShell(80);
    type(`${process.execPath} ${BIN} groups --watch 0.5 -p $PORT`, 'Enter');
    await shown(/^\d+ of \d+/);
    type('C-z');
    await shown(/Stopped|Suspended/);
    expect(terminalState()).toBe('0 1 1');
    type('fg', 'Enter');
    await shown(/^\d+ of \d+/);
    expect(terminalState()).toBe('1 0 0');
    type('q');
    await shown(/^ready>$/);
    expect(terminalState()).toBe('0 1 1');
  });

  it('refreshes until SIGTERM if the standard input is not a terminal', async () => {
    await openShell(80);
    type(`${process.execPath} ${BIN} sessions --watch 0.5 -p $PORT </dev/null & PID=$!; wait $PID`, 'Enter');
    const lines = await shown(/^\d+ of \d+/);
    expect(lines).not.toContain(FOOTER);
    process.kill(childOfShell(), 'SIGTERM');
    await shown('before');
    expect(terminalState()).toBe('0 1 1');
  });
});
