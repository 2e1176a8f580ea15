// What a command is, and the error that a server answers with.
import type { Era } from '../eras.ts';
import type { World } from '../world/world.ts';
import type { Json } from './json.ts';

/** By name, as sent: nothing is checked. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Command {
  readonly since: Era;
  /** Names, in the order of the positions. */
  readonly params: readonly string[];
  /** The first era in which the params are required; all eras if not given. */
  readonly required?: Era;
  /** Throws RpcFault. */
  readonly run: (world: World, era: Era, args: Arguments) => Json;
}

export class RpcFault extends Error {
  override readonly name = 'RpcFault';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}
