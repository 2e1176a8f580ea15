// The command line of electrumx-rpc: parses the options and arguments into one checked call.
import { parseArgs } from 'node:util';
import type { Address } from '../../localrpc/client.ts';
import { plainInteger } from '../../electrumx/python-integer.ts';
import type { Params } from '../../localrpc/messages.ts';
import { findTitle, TITLES } from '../output/columns.ts';
import { COMMANDS, type Argument, type Command } from './commands.ts';
import { OPTIONS, TABLE_OPTIONS, type CommandOption, type OptionName } from './options.ts';

/** The column to sort by. */
export interface SortOrder {
  /** The title of the column. */
  readonly column: string;
  readonly reverse: boolean;
}

/** Which rows of a table to show, and in which order. */
export interface RowSelection {
  readonly sort?: SortOrder;
  readonly top?: number;
  readonly filter?: string;
}

/** One call of LocalRPC, and how to show its result. */
export interface RpcCall {
  readonly command: Command;
  readonly params: Params;
  readonly address: Address;
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly selection: RowSelection;
  /** The interval of `--watch`. */
  readonly watchMs?: number;
}

/** What the command line requests: a call, the help of one command or of all, or the version. */
export type ParsedCommand =
  { readonly call: RpcCall } | { readonly help: Command | undefined } | { readonly version: true };

/** A wrong command line. The message says what is allowed. */
export class UsageError extends Error {}

type Env = Readonly<Record<string, string | undefined>>;
type Values = Readonly<Partial<Record<OptionName, string | boolean>>>;

/** Parses the arguments after the program's name. Throws a UsageError. */
export function parseCommandLine(argv: readonly string[], env: Env): ParsedCommand {
  const { values, positionals } = parse(argv);
  const [name, ...words] = positionals;
  const command = COMMANDS.find((one) => one.name === name);
  if (values.version === true) return { version: true };
  if (values.help === true && (name === undefined || command)) return { help: command };
  if (name === undefined) throw new UsageError(`no command given; the commands are ${commandNames()}`);
  if (!command) throw new UsageError(`unknown command '${name}'; the commands are ${commandNames()}`);
  rejectConflicts(command, values);
  const watch = valueOf(values, 'watch');
  return {
    call: {
      command,
      params: paramsOf(command, words, valueOf(values, 'limit')),
      address: { host: valueOf(values, 'host') ?? 'localhost', port: portOf(values, env) },
      timeoutMs: milliseconds(valueOf(values, 'timeout') ?? '30', '--timeout'),
      json: values.json === true,
      selection: selectionOf(command, values),
      ...(watch !== undefined && { watchMs: milliseconds(watch, '--watch') }),
    },
  };
}

function parse(argv: readonly string[]): { values: Values; positionals: string[] } {
  const options = Object.entries<CommandOption>(OPTIONS).map(([name, { short, value }]) => [
    name,
    { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
  ]);
  try {
    return parseArgs({
      args: withWatchInterval(argv),
      options: Object.fromEntries(options) as Record<string, { type: 'string' | 'boolean' }>,
      allowPositionals: true,
    });
  } catch (error) {
    const negative = argv.find((word) => /^-\d/.test(word));
    if (negative !== undefined)
      throw new UsageError(`negative numbers are not allowed: '${negative}'`, { cause: error });
    throw new UsageError((error as Error).message.replaceAll('\n', ' '), { cause: error });
  }
}

/** parseArgs has no options with an optional value: joins a number that follows `--watch`, or adds the default. */
function withWatchInterval(argv: readonly string[]): string[] {
  const args = [...argv];
  const end = args.indexOf('--');
  const at = args.indexOf('--watch');
  if (at === -1 || (end !== -1 && end < at)) return args;
  const interval = args[at + 1] ?? '';
  const given = /^\d*\.?\d+$/.test(interval);
  args.splice(at, given ? 2 : 1, `--watch=${given ? interval : 2}`);
  return args;
}

function rejectConflicts(command: Command, values: Values): void {
  const tableOption = TABLE_OPTIONS.find((option) => values[option] !== undefined);
  if (tableOption && !command.table) throw new UsageError(`--${tableOption} is for sessions, groups and peers only`);
  if (tableOption && values.json === true) {
    throw new UsageError(`--json prints the whole result: it cannot be combined with --${tableOption}`);
  }
  if (values.limit !== undefined && !command.args.some(({ option }) => option === 'limit')) {
    throw new UsageError(`${command.name} has no option --limit`);
  }
}

/**
 * The arguments as they are sent. Servers since 0.10.17 take them by name and by position. The official script has sent names since
 * 1.8, and no name has ever changed.
 */
function paramsOf(command: Command, words: readonly string[], limit: string | undefined): Params {
  if (command.args.length === 0 && words.length === 0) return [];
  const rest = [...words];
  const named: Record<string, unknown> = {};
  for (const argument of command.args) {
    const { name, help, repeated, option, fallback } = argument;
    const given = option ? [limit].filter((one) => one !== undefined) : rest.splice(0, repeated ? rest.length : 1);
    if (given.length === 0 && fallback === undefined) throw new UsageError(`${command.name} needs ${name}: ${help}`);
    const values = given.map((word) => argumentValue(argument, word));
    named[name] = repeated ? values : (values[0] ?? fallback);
  }
  if (rest.length > 0) throw new UsageError(`too many arguments for ${command.name}: '${rest.join(' ')}'`);
  return named;
}

function argumentValue({ name, kind, option }: Argument, word: string): string | number {
  if (kind === 'string') return word;
  return wholeNumber(word, option ? `--${option}` : name, { min: 0 });
}

function portOf(values: Values, env: Env): number {
  const range = { min: 1, max: 65_535 };
  const given = valueOf(values, 'port');
  if (given !== undefined) return wholeNumber(given, '--port', range);
  const port = plainInteger(env['RPC_PORT'] ?? '');
  return port === '' ? 8000 : wholeNumber(port, 'RPC_PORT', range);
}

function selectionOf(command: Command, values: Values): RowSelection {
  const top = valueOf(values, 'top');
  const sort = valueOf(values, 'sort');
  const filter = valueOf(values, 'filter');
  return {
    ...(top !== undefined && { top: wholeNumber(top, '--top', { min: 1 }) }),
    ...(sort !== undefined && { sort: sortOrder(command, sort) }),
    ...(filter !== undefined && { filter }),
  };
}

function sortOrder(command: Command, given: string): SortOrder {
  const titles = command.table ? TITLES[command.table] : [];
  const column = findTitle(titles, given);
  if (column === undefined) throw new UsageError(`no column '${given}'; the columns are ${titles.join(', ')}`);
  return { column, reverse: given.startsWith('-') };
}

function valueOf(values: Values, name: OptionName): string | undefined {
  const given = values[name];
  return typeof given === 'string' ? given : undefined;
}

function wholeNumber(given: string, name: string, { min, max }: { min: number; max?: number }): number {
  const value = /^\d+$/.test(given.trim()) ? Number(given) : NaN;
  if (value >= min && value <= (max ?? Number.MAX_SAFE_INTEGER)) return value;
  const range = max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
  throw new UsageError(`${name} must be a whole number ${range}, not '${given}'`);
}

/** Seconds as milliseconds: at least a tenth of a second, so as not to flood a server, and at most a day. */
function milliseconds(given: string, name: string): number {
  const value = /^\d*\.?\d+$/.test(given) ? Number(given) : NaN;
  if (value >= 0.1 && value <= 86_400) return value * 1000;
  throw new UsageError(`${name} must be a number of seconds from 0.1 to 86400, not '${given}'`);
}

function commandNames(): string {
  return COMMANDS.map(({ name }) => name).join(', ');
}
