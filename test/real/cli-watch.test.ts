// electrumx-rpc --watch in a real terminal (tmux): readable at 80 and at 200 columns, and clean after Ctrl-C.
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BIN } from '../cli/support/bin.ts';
import { recorded } from '../support/fixtures.ts';
import { startReplay, type Replay } from '../cli/support/replay.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';

const busy = recorded('spesmilo-1.20.0', 'busy');
/** Each test has a tmux server of its own: one that ends is in the way of the next for a moment. */
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

  /** A shell in a terminal of that width, with a line on it that must come back. */
  async function openShell(columns: number): Promise<void> {
    const size = ['-x', String(columns), '-y', '24'];
    tmux('new-session', '-d', ...size, `env PS1='ready> ' COLUMNS= NO_COLOR= PORT=${replay.port} sh`);
    await shown('ready>');
    type(`echo be''fore`, 'Enter');
    await shown(/^before$/);
  }

  it.each([
    { columns: 80, command: 'sessions', has: ['ID', 'Flags', 'Client', 'Cost', 'Peer'], rows: /^\d+ +T10 / },
    { columns: 200, command: 'sessions', has: ['Proto', 'XCost', 'Recv KB', 'Sent KB', 'Time'], rows: /^\d+ +T10 / },
    {
      columns: 80,
      command: 'groups',
      has: ['Name', 'Over', 'Sessions', 'Cost', 'Retained'],
      rows: /^127\.0\.0\.0\/24 /,
    },
    { columns: 200, command: 'groups', has: ['Txs', 'Recv KB', 'Sent KB'], rows: /^127\.0\.0\.0\/24 / },
    { columns: 80, command: 'peers', has: ['Host', 'Status', 'Last Good', 'Last Try'], rows: /^(ecdsa|bch)\./ },
    { columns: 200, command: 'peers', has: ['Pruning', 'Source', 'IP Address'], rows: /^(ecdsa|bch)\./ },
  ])(
    '$command is readable at $columns columns, and Ctrl-C leaves nothing behind',
    async ({ columns, command, has, rows }) => {
      await openShell(columns);
      type(`${process.execPath} ${BIN} ${command} --watch 0.5 -p $PORT`, 'Enter');
      const [title, , , header, ...body] = await shown(/^\d+ of \d+/);
      expect(title).toMatch(new RegExp(`^${command} of localhost:${replay.port}, every 0.5 s +\\d\\d:\\d\\d:\\d\\d$`));
      for (const name of has) expect(header).toContain(name);
      // a line that wrapped would leave one that begins with something else
      expect(body.length).toBeGreaterThan(0);
      for (const line of body) expect(line).toMatch(rows);
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

  it('says so while the server is away, and leaves nothing behind when it is killed', async () => {
    await openShell(80);
    await replay.close();
    type(`${process.execPath} ${BIN} sessions --watch 0.5 -p $PORT & PID=$!; wait $PID`, 'Enter');
    await shown('ECONNREFUSED');
    const pid = Number(tmux('display-message', '-p', '#{pane_pid}'));
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    process.kill(Number(children.trim()), 'SIGTERM');
    await shown('before');
    expect(tmux('display-message', '-p', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim()).toBe('0 1 1');
  });
});
