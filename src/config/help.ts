// Every option in words: --help, and what --config.check prints.
import { ACTIONS, allOptions, type Option } from './options.ts';
import type { Config } from './parse.ts';

/** How an option is written: `--log.level=debug|info|warn|error`, `--[no-]collector.peers`. */
export function usage({ flag, kind }: Option<unknown>): string {
  return kind.placeholder === '' ? `--[no-]${flag}` : `--${flag}=${kind.placeholder}`;
}

/** The text of --help. */
export function helpText(): string {
  const options = allOptions().map((option) => {
    const { env, help, default: standard } = option;
    return `  ${usage(option)}\n      ${help}${standard === undefined ? '' : ` Default: ${standard}.`} [${env}]`;
  });
  const actions = Object.entries(ACTIONS).map(([flag, help]) => `  --${flag}\n      ${help}`);
  return [
    'Usage: electrumx-exporter [options]             serve the metrics of the ElectrumX beside',
    '       electrumx-exporter demo                  serve the metrics of a simulated ElectrumX',
    '       electrumx-exporter simulate [options]    run a simulated ElectrumX only',
    '',
    'Options, and the environment variables that say the same:',
    ...options,
    ...actions,
    '',
  ].join('\n');
}

/** The configuration as JSON, for --config.check; it holds no secrets. */
export function describe(config: Config): string {
  return JSON.stringify(config, null, 2);
}
