// Calls a command as a server does: looks it up, fits the params to it, and makes errors of what does not fit.
import { type Era, since } from '../eras.ts';
import type { World } from '../world/world.ts';
import { type Arguments, type Command, RpcFault } from './command.ts';
import { COMMANDS } from './commands.ts';
import { type Json, shown } from './json.ts';

/** The command of that name, if the era has it. */
export function commandOf(method: unknown, era: Era): Command | undefined {
  if (typeof method !== 'string' || !Object.hasOwn(COMMANDS, method)) return undefined;
  const command = COMMANDS[method];
  return command && since(era, command.since) ? command : undefined;
}

/** Throws RpcFault for a method that is not there, for params that do not fit, and where the command refuses. */
export function invoke(world: World, era: Era, method: unknown, params: unknown): Json {
  const name = shown(method);
  const command = commandOf(method, era);
  if (!command) throw new RpcFault(-32601, era === 'B1' ? `unknown method: '${name}'` : `unknown method "${name}"`);
  const required = command.required && !since(era, command.required) ? 0 : command.params.length;
  const args = Array.isArray(params)
    ? byPosition(name, params, command, required)
    : byName(name, params as Arguments, command, required);
  return command.run(world, era, args);
}

function byPosition(name: string, params: readonly unknown[], command: Command, required: number): Arguments {
  const passed = `${params.length} argument${params.length === 1 ? '' : 's'} passed to method`;
  if (params.length < required) throw new RpcFault(-32602, `${passed} "${name}" but it requires ${required}`);
  const most = command.params.length;
  if (params.length > most) throw new RpcFault(-32602, `${passed} ${name} taking at most ${most}`);
  return Object.fromEntries(command.params.slice(0, params.length).map((param, n) => [param, params[n]]));
}

function byName(name: string, params: Arguments, command: Command, required: number): Arguments {
  const list = (names: readonly string[]) =>
    `parameter${names.length === 1 ? '' : 's'} ${names
      .toSorted()
      .map((param) => `"${param}"`)
      .join(', ')}`;
  const missing = command.params.slice(0, required).filter((param) => !Object.hasOwn(params, param));
  if (missing.length) throw new RpcFault(-32602, `method "${name}" requires ${list(missing)}`);
  const excess = Object.keys(params).filter((param) => !command.params.includes(param));
  if (excess.length) throw new RpcFault(-32602, `method "${name}" does not take ${list(excess)}`);
  return params;
}
