// The parts of the process that electrumx-rpc uses. Only command.ts accesses the process itself; tests pass their own.

/** What process.stdin has: `isTTY` and `setRawMode` only if it is a terminal. */
export type Input = NodeJS.ReadableStream & Partial<Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode'>>;
/** What process.stdout and process.stderr have. */
export type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns' | 'rows' | 'on' | 'off'>;

export interface Io {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Epoch seconds. */
  readonly now: () => number;
  /** From this call on, signals that end a process abort the returned signal instead. */
  readonly catchSignals: () => AbortSignal;
  /** Stops the process as Ctrl-Z does. Resolves when it is continued. */
  readonly suspend: () => Promise<void>;
  /** Registers what has to be done before the process exits, even after an unexpected error. */
  readonly onExit: (callback: () => void) => void;
}

/** Colours are for terminals, and not with NO_COLOR (no-color.org). */
export function wantsColour({ stdout, env }: Io): boolean {
  return stdout.isTTY && !env['NO_COLOR'];
}

/** The size of the terminal in cells. Some terminals, such as those of containers, report 0 columns. */
export function terminalSize({ stdout }: Io): { width: number; height: number } {
  return { width: stdout.columns || 80, height: stdout.rows || 24 };
}
