// The text of --help, and what --config.check prints.
import type { Option } from './option.ts';
import { ACTIONS, allOptions } from './options.ts';
import type { Config } from './parse.ts';

/** How an option is written: `--log.level=debug|info|warn|error`, `--[no-]collector.peers`. */
export function usage({ flag, type }: Option<unknown>): string {
  return type.placeholder === '' ? `--[no-]${flag}` : `--${flag}=${type.placeholder}`;
}

/** The text of --help. */
export function helpText(): string {
  const options = allOptions().map((option) => {
    const { env, help, default: standard } = option;
    return `  ${usage(option)}\n      ${help}${standard === undefined ? '' : ` Default: ${standard}.`} [${env}]`;
  });
  const actions = Object.entries(ACTIONS).map(([flag, help]) => `  --${flag}\n      ${help}`);
  return [
    'Usage: electrumx-exporter [options]             serve metrics of the ElectrumX on this host',
    '       electrumx-exporter demo                  serve metrics of a simulated ElectrumX',
    '       electrumx-exporter simulate [options]    run a simulated ElectrumX only',
    '',
    'Options, with their environment variables in brackets:',
    ...options,
    ...actions,
    '',
  ].join('\n');
}

/** The configuration as JSON, for --config.check. It holds no secrets. */
export function describe(config: Config): string {
  return JSON.stringify(config, null, 2);
}
