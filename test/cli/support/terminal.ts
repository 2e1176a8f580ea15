// A terminal that records what is written to it and can be typed on, for running electrumx-rpc within the test.
import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { run } from '../../../src/cli/run.ts';
import type { Input, Io, Output } from '../../../src/cli/io.ts';
import { CLOCK } from './bin.ts';

export interface FakeTerminal {
  readonly stdin: Input;
  readonly stdout: Output;
  /** Everything written so far. */
  readonly text: () => string;
  /** The lines of the last screen that --watch drew, without colours. */
  readonly screen: () => string[];
  /** How many screens have been drawn. */
  readonly screens: () => number;
  /** Resolves once `condition` holds after some write. */
  readonly until: (condition: () => boolean) => Promise<void>;
  /** Sends the bytes of keys. */
  readonly type: (bytes: string) => void;
  /** Whether keys are delivered one by one and without echo. */
  readonly isRaw: () => boolean;
  readonly resize: (columns: number, rows: number) => void;
}

export function fakeTerminal(columns = 80, rows = 24, isTTY = true): FakeTerminal {
  const events = new EventEmitter();
  const size = { columns, rows };
  let text = '';
  let raw = false;
  const stdin: Input = Object.assign(new PassThrough(), {
    isTTY,
    setRawMode: (mode: boolean) => {
      raw = mode;
      return stdin;
    },
  }) as unknown as Input;
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
    stdin,
    stdout,
    type: (bytes) => void (stdin as unknown as PassThrough).write(bytes),
    isRaw: () => raw,
    text: () => text,
    screen: () => plain(text.split('\x1b[H').at(-1) ?? '').split('\r\n'),
    screens: () => text.split('\x1b[H').length - 1,
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

/** Runs electrumx-rpc within the test, with a clock that is stopped at CLOCK. `interrupt` is a signal that ends a process. */
export function runHere(args: readonly string[], terminal: FakeTerminal, env: Io['env'] = {}) {
  const errors = fakeTerminal(80, 24, false);
  const controller = new AbortController();
  const suspensions = new EventEmitter<{ suspended: []; continued: [] }>();
  let exit: () => void = () => undefined;
  const code = run({
    argv: args,
    env,
    stdin: terminal.stdin,
    stdout: terminal.stdout,
    stderr: errors.stdout,
    now: () => CLOCK,
    catchSignals: () => controller.signal,
    suspend: () => {
      const continued = new Promise<void>((resolve) => suspensions.once('continued', resolve));
      suspensions.emit('suspended');
      return continued;
    },
    onExit: (callback) => (exit = callback),
  });
  return {
    code,
    stderr: errors.text,
    interrupt: () => controller.abort(),
    suspended: once(suspensions, 'suspended'),
    continue: () => void suspensions.emit('continued'),
    /** The process exits without an end of `run`. */
    exit: () => exit(),
  };
}
