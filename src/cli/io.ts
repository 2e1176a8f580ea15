// All that the command line has of the world around it, so that only main.ts needs to know the process.

/** What process.stdout and process.stderr have. */
export type Output = Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns' | 'rows' | 'on' | 'off'>;

export interface Surroundings {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Aborted when the person wants an end; from the call on, a signal does no more than that. */
  readonly untilInterrupted: () => AbortSignal;
}

/** Colour is for terminals, and not for those who set NO_COLOR (no-color.org). */
export function wantsColour({ stdout, env }: Surroundings): boolean {
  return stdout.isTTY && !env['NO_COLOR'];
}

/** The size of the terminal. Some, as a container's may, claim to have no columns. */
export function sizeOf({ stdout }: Surroundings): { width: number; height: number } {
  return { width: stdout.columns || 80, height: stdout.rows || 24 };
}
