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
  return command.run(world, era, fitArguments(name, params, command.params, required));
}

/** Params of a call, by name. The first `required` of the names must be given. Throws RpcFault if they do not fit. */
export function fitArguments(name: string, params: unknown, names: readonly string[], required: number): Arguments {
  return Array.isArray(params)
    ? byPosition(name, params, names, required)
    : byName(name, params as Arguments, names, required);
}

function byPosition(name: string, params: readonly unknown[], names: readonly string[], required: number): Arguments {
  const passed = `${params.length} argument${params.length === 1 ? '' : 's'} passed to method`;
  if (params.length < required) throw new RpcFault(-32602, `${passed} "${name}" but it requires ${required}`);
  const most = names.length;
  if (params.length > most) throw new RpcFault(-32602, `${passed} ${name} taking at most ${most}`);
  return Object.fromEntries(names.slice(0, params.length).map((param, n) => [param, params[n]]));
}

function byName(name: string, params: Arguments, names: readonly string[], required: number): Arguments {
  const list = (listed: readonly string[]) =>
    `parameter${listed.length === 1 ? '' : 's'} ${listed
      .toSorted()
      .map((param) => `"${param}"`)
      .join(', ')}`;
  const missing = names.slice(0, required).filter((param) => !Object.hasOwn(params, param));
  if (missing.length) throw new RpcFault(-32602, `method "${name}" requires ${list(missing)}`);
  const excess = Object.keys(params).filter((param) => !names.includes(param));
  if (excess.length) throw new RpcFault(-32602, `method "${name}" does not take ${list(excess)}`);
  return params;
}
