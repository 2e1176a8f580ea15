// The command line: options and arguments in, one checked request out.
import { parseArgs } from 'node:util';
import type { Address } from '../../localrpc/client.ts';
import type { Params } from '../../localrpc/messages.ts';
import { findColumn, TITLES } from '../output/columns.ts';
import { COMMANDS, toParams, type Argument, type Command } from './commands.ts';

/** What to show of a table, and in which order. */
export interface View {
  readonly sort?: string;
  readonly top?: number;
  readonly filter?: string;
}

export interface Request {
  readonly command: Command;
  readonly params: Params;
  readonly address: Address;
  readonly timeoutMs: number;
  readonly json: boolean;
  readonly view: View;
  /** Redraw this often. */
  readonly watchMs?: number;
}

/** What the command line asks for: something to do, or something to read. */
export type Wish = { readonly request: Request } | { readonly help: Command | undefined } | { readonly version: true };

/** A command line that cannot be understood; the message says what is allowed. */
export class UsageError extends Error {}

export interface Option {
  readonly short?: string;
  /** What its value is called; without one it is a switch. */
  readonly value?: string;
  readonly help: string;
}

/** In the order in which `--help` shows them. */
export const OPTIONS = {
  port: { short: 'p', value: 'PORT', help: 'port of LocalRPC [RPC_PORT, else 8000]' },
  host: { value: 'HOST', help: 'host of LocalRPC [localhost]' },
  timeout: { value: 'SECONDS', help: 'how long to wait for the answer [30]' },
  json: { help: 'print the raw result as JSON on one line' },
  limit: { short: 'l', value: 'N', help: 'for query and debug_memusage_list_all_objects' },
  watch: { value: '[SECONDS]', help: 'sessions, groups, peers: redraw every so often [2], until Ctrl-C' },
  sort: { value: 'COLUMN', help: 'sessions, groups, peers: biggest first, or A to Z; --sort=-COLUMN turns it round' },
  top: { value: 'N', help: 'sessions, groups, peers: the first N rows' },
  filter: { value: 'TEXT', help: 'sessions, groups, peers: rows with this text in some column' },
  help: { short: 'h', help: 'show this, or with a command what it takes' },
  version: { help: 'show the version' },
} as const satisfies Record<string, Option>;

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string | boolean>>>;
const TABLE_OPTIONS = ['watch', 'sort', 'top', 'filter'] as const;

/** Reads the arguments after the program's name. Throws a UsageError. */
export function parseCommandLine(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Wish {
  const { values, positionals } = parse(argv);
  const [name, ...words] = positionals;
  const command = COMMANDS.find((one) => one.name === name);
  if (values.version === true) return { version: true };
  if (values.help === true && (name === undefined || command)) return { help: command };
  if (name === undefined) throw new UsageError(`which command? ${commandNames()}`);
  if (!command) throw new UsageError(`no command '${name}': ${commandNames()}`);
  checkTogether(command, values);
  const top = text(values, 'top');
  const sort = text(values, 'sort');
  const filter = text(values, 'filter');
  const watch = text(values, 'watch');
  const request: Request = {
    command,
    params: toParams(argumentsOf(command, words, text(values, 'limit'))),
    address: { host: text(values, 'host') ?? 'localhost', port: port(values, env) },
    timeoutMs: seconds(text(values, 'timeout') ?? '30', '--timeout'),
    json: values.json === true,
    view: {
      ...(top !== undefined && { top: number(top, '--top', 1) }),
      ...(sort !== undefined && { sort: columnOf(command, sort) }),
      ...(filter !== undefined && { filter }),
    },
    ...(watch !== undefined && { watchMs: seconds(watch, '--watch') }),
  };
  return { request };
}

function parse(argv: readonly string[]): { values: Values; positionals: string[] } {
  const options = Object.entries<Option>(OPTIONS).map(([name, { short, value: taken }]) => [
    name,
    { type: taken === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) },
  ]);
  try {
    return parseArgs({
      args: withWatchInterval(argv),
      options: Object.fromEntries(options) as Record<string, { type: 'string' | 'boolean' }>,
      allowPositionals: true,
    });
  } catch (error) {
    const negative = argv.find((word) => /^-\d/.test(word));
    if (negative !== undefined) throw new UsageError(`no number may be negative: '${negative}'`, { cause: error });
    throw new UsageError((error as Error).message.replaceAll('\n', ' '), { cause: error });
  }
}

/** parseArgs knows no option whose value may be left out: joins a number that follows `--watch`, or adds the default. */
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

function checkTogether(command: Command, values: Values): void {
  const forTables = TABLE_OPTIONS.find((option) => values[option] !== undefined);
  if (forTables && !command.table) throw new UsageError(`--${forTables} is for sessions, groups and peers only`);
  if (forTables && values.json === true) throw new UsageError(`--json prints everything as it is: no --${forTables}`);
  if (values.limit !== undefined && !command.takes.some(({ option }) => option === 'limit')) {
    throw new UsageError(`${command.name} takes no --limit`);
  }
}

/** The arguments by their names on the wire. */
function argumentsOf(command: Command, words: readonly string[], limit: string | undefined): Record<string, unknown> {
  const left = [...words];
  const byOption = limit === undefined ? [] : [limit];
  const given: Record<string, unknown> = {};
  for (const argument of command.takes) {
    const { name, help, many, option, fallback } = argument;
    const mine = option ? byOption : left.splice(0, many ? left.length : 1);
    if (mine.length === 0 && fallback === undefined) throw new UsageError(`${command.name} needs ${name}: ${help}`);
    const values = mine.map((word) => argumentValue(argument, word));
    given[name] = many ? values : (values[0] ?? fallback);
  }
  if (left.length > 0) throw new UsageError(`too many arguments for ${command.name}: '${left.join(' ')}'`);
  return given;
}

function argumentValue({ name, kind, option }: Argument, word: string): string | number {
  if (kind === 'text') return word;
  return number(word, option ? `--${option}` : name, 0);
}

function port(values: Values, env: Readonly<Record<string, string | undefined>>): number {
  const given = text(values, 'port');
  if (given !== undefined) return number(given, '--port', 1, 65_535);
  return env['RPC_PORT'] ? number(env['RPC_PORT'], 'RPC_PORT', 1, 65_535) : 8000;
}

function columnOf(command: Command, sort: string): string {
  const titles = command.table ? TITLES[command.table] : [];
  if (!findColumn(titles, sort)) throw new UsageError(`no column '${sort}': ${titles.join(', ')}`);
  return sort;
}

function text(values: Values, name: keyof typeof OPTIONS): string | undefined {
  const given = values[name];
  return typeof given === 'string' ? given : undefined;
}

function number(given: string, what: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const read = /^\d+$/.test(given.trim()) ? Number(given) : NaN;
  if (read >= least && read <= most) return read;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`${what} must be a whole number ${range}, not '${given}'`);
}

/** In milliseconds; a tenth of a second at least, so that nobody floods a server, and a day at most. */
function seconds(given: string, what: string): number {
  const read = /^\d*\.?\d+$/.test(given) ? Number(given) : NaN;
  if (read >= 0.1 && read <= 86_400) return read * 1000;
  throw new UsageError(`${what} must be a number of seconds from 0.1 to 86400, not '${given}'`);
}

function commandNames(): string {
  return COMMANDS.map(({ name }) => name).join(', ');
}
