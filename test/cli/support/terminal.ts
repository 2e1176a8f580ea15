// A terminal that remembers what is written to it, for running electrumx-rpc within the test.
import { EventEmitter } from 'node:events';
import { run } from '../../../src/cli/run.ts';
import type { Output, Surroundings } from '../../../src/cli/io.ts';
import { CLOCK } from './bin.ts';

export interface FakeTerminal {
  readonly stdout: Output;
  /** Everything written so far. */
  readonly text: () => string;
  /** The lines of the last screen that --watch drew, without colours. */
  readonly screen: () => string[];
  /** Resolves once `condition` holds after some write. */
  readonly until: (condition: () => boolean) => Promise<void>;
  readonly resize: (columns: number, rows: number) => void;
}

export function fakeTerminal(columns = 80, rows = 24, isTTY = true): FakeTerminal {
  const events = new EventEmitter();
  const size = { columns, rows };
  let text = '';
  const stdout = {
    isTTY,
    get columns() {
      return size.columns;
    },
    get rows() {
      return size.rows;
    },
    write: (chunk: string) => {
      text += chunk;
      events.emit('written');
      return true;
    },
    on: events.on.bind(events),
    off: events.off.bind(events),
  } as unknown as Output;
  return {
    stdout,
    text: () => text,
    screen: () => plain(text.split('\x1b[H').at(-1) ?? '').split('\r\n'),
    until: (condition) =>
      new Promise((resolve) => {
        const check = () => {
          if (!condition()) return;
          events.off('written', check);
          resolve();
        };
        events.on('written', check);
        check();
      }),
    resize: (nextColumns, nextRows) => {
      Object.assign(size, { columns: nextColumns, rows: nextRows });
      events.emit('resize');
    },
  };
}

/** Text without the sequences that colour it, or move and hide the cursor. */
export function plain(text: string): string {
  return text.replace(/\x1b\[[?\d;]*[A-Za-z]/g, '');
}

/** Runs it within the test, its clock standing still. `interrupt` is Ctrl-C. */
export function runHere(args: readonly string[], terminal: FakeTerminal, env: Surroundings['env'] = {}) {
  const errors = fakeTerminal(80, 24, false);
  const controller = new AbortController();
  const code = run({
    argv: args,
    env,
    stdout: terminal.stdout,
    stderr: errors.stdout,
    now: () => CLOCK,
    untilInterrupted: () => controller.signal,
  });
  return { code, stderr: errors.text, interrupt: () => controller.abort() };
}
