// The text of --help, from the commands and the options themselves.
import { COMMANDS, type Argument, type Command } from './commands.ts';
import { OPTIONS, type Option } from './parse.ts';

const ABOUT = 'Asks a running ElectrumX over LocalRPC, and prints what its own electrumx_rpc prints.';

/** Help for one command, or for all. */
export function helpText(command: Command | undefined): string {
  if (command) return page(synopsis(command), command.help, rows(command.takes.map(describe)));
  const commands = COMMANDS.map((one) => [synopsis(one), one.help] as const);
  return page('COMMAND [arguments]', ABOUT, ['commands:', ...rows(commands)]);
}

function page(usage: string, about: string, details: readonly string[]): string {
  return [
    `usage: electrumx-rpc [options] ${usage}`,
    '',
    about,
    '',
    ...details,
    ...(details.length === 0 ? [] : ['']),
    'options, before or after the command:',
    ...rows(Object.entries<Option>(OPTIONS).map(([name, option]) => [flags(name, option), option.help])),
    '',
    'exit codes: 0 done; 1 not reached, or answered with an error; 2 wrong usage',
  ].join('\n');
}

function synopsis({ name, takes }: Command): string {
  return [name, ...takes.map(placeholder)].join(' ');
}

function placeholder({ name, fallback, many, option }: Argument): string {
  const word = option ? `--${option} N` : name.toUpperCase() + (many ? '...' : '');
  return fallback === undefined ? word : `[${word}]`;
}

function describe(argument: Argument): [string, string] {
  const { help, fallback } = argument;
  return [placeholder(argument), fallback ? `${help} [${fallback}]` : help];
}

function flags(name: string, { short, value }: Option): string {
  return `${short ? `-${short}, ` : ''}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const WIDTH = 34;
  return pairs.map(([left, right]) =>
    left.length < WIDTH - 2 ? `  ${left.padEnd(WIDTH - 2)}${right}` : `  ${left}\n${' '.repeat(WIDTH)}${right}`,
  );
}
