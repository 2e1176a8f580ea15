// The text of --help, from the commands and the options themselves.
import { COMMANDS, type Argument, type Command } from './commands.ts';
import { OPTIONS, type Option } from './options.ts';

/** Help for one command, or for all. */
export function helpText(command: Command | undefined): string {
  const commands = command ? [command] : COMMANDS;
  return [
    `usage: electrumx-rpc [options] ${command ? synopsis(command) : 'COMMAND [arguments]'}`,
    '',
    command ? command.help : 'Asks a running ElectrumX over LocalRPC, and prints what its own electrumx_rpc prints.',
    '',
    ...(command
      ? rows(command.takes.map(describe))
      : ['commands:', ...rows(commands.map((one) => [synopsis(one), one.help]))]),
    ...(command?.takes.length === 0 ? [] : ['']),
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
