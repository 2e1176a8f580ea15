// The text of --help, derived from the commands and the options.
import { COMMANDS, type Argument, type Command } from './commands.ts';
import { OPTIONS, TABLE_OPTIONS, type CommandOption } from './options.ts';

const ABOUT = 'Calls the LocalRPC interface of a running ElectrumX, with the output of the official electrumx_rpc.';

/** The help of one command, or of all. */
export function helpText(command: Command | undefined): string {
  if (command) return page(synopsis(command), command.help, commandDetails(command));
  const commands = COMMANDS.map((one) => [synopsis(one), one.help] as const);
  return page('COMMAND [ARGUMENTS]', ABOUT, ['commands:', ...rows(commands), '', ...optionList(Object.keys(OPTIONS))]);
}

/** The arguments of a command, and the options that it takes. */
function commandDetails({ args, table }: Command): string[] {
  const takesLimit = args.some(({ option }) => option === 'limit');
  const foreign: readonly string[] = [...(table ? [] : TABLE_OPTIONS), ...(takesLimit ? [] : ['limit'])];
  const options = Object.keys(OPTIONS).filter((name) => !foreign.includes(name));
  return [...rows(args.map(argumentHelp)), ...(args.length === 0 ? [] : ['']), ...optionList(options)];
}

function optionList(names: readonly string[]): string[] {
  const options = Object.entries<CommandOption>(OPTIONS).filter(([name]) => names.includes(name));
  return [
    'options, before or after the command:',
    ...rows(options.map(([name, option]) => [flags(name, option), option.help])),
  ];
}

function page(usage: string, about: string, details: readonly string[]): string {
  return [
    `usage: electrumx-rpc [OPTIONS] ${usage}`,
    '',
    about,
    '',
    ...details,
    '',
    'exit codes: 0 success; 1 no reply, or an error reply; 2 wrong usage',
  ].join('\n');
}

function synopsis({ name, args }: Command): string {
  return [name, ...args.map(placeholder)].join(' ');
}

function placeholder({ name, fallback, repeated, option }: Argument): string {
  const word = option ? `--${option} N` : name.toUpperCase() + (repeated ? '...' : '');
  return fallback === undefined ? word : `[${word}]`;
}

function argumentHelp(argument: Argument): [string, string] {
  const { help, fallback } = argument;
  return [placeholder(argument), fallback ? `${help} [${fallback}]` : help];
}

function flags(name: string, { short, value }: CommandOption): string {
  return `${short ? `-${short}, ` : ''}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** Two columns. A left side that is too wide has its right side on the next line. */
function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const WIDTH = 34;
  return pairs.map(([left, right]) =>
    left.length < WIDTH - 2 ? `  ${left.padEnd(WIDTH - 2)}${right}` : `  ${left}\n${' '.repeat(WIDTH)}${right}`,
  );
}
