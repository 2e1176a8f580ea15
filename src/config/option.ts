// What an option is: its flag, its environment variable, its type and its help.
import type { OptionType } from './option-types.ts';
import type { Derived, Environment } from './electrumx-env.ts';

export interface Option<T> {
  /** without the leading `--` */
  readonly flag: string;
  readonly env: string;
  readonly type: OptionType<T>;
  readonly help: string;
  /** as a user would write it; without a default the value is `undefined` unless it is given */
  readonly default?: string;
  /** used if the option is not given and before its default */
  readonly derive?: (env: Environment) => Derived | undefined;
  readonly repeatable?: true;
  /** the value is never printed, not even in an error */
  readonly secret?: true;
}

/** With a default there is always a value. */
export type OptionWithDefault<T> = Option<T> & { readonly default: string };

/** The flag, and its environment variable: `collector.groups.top` is `ELECTRUMX_EXPORTER_COLLECTOR_GROUPS_TOP`. */
export function named(flag: string): { flag: string; env: string } {
  const words = flag.replace(/^electrumx\./, '').replace(/[.-]/g, '_');
  return { flag, env: `ELECTRUMX_EXPORTER_${words.toUpperCase()}` };
}

/** An option of the exporter with a default. */
export function option<T>(
  flag: string,
  rest: Omit<OptionWithDefault<T>, 'flag' | 'env'> & { env?: string },
): OptionWithDefault<T> {
  return { ...named(flag), ...rest };
}

/** A setting of ElectrumX itself, under the name of the variable in ElectrumX's environment. */
export function serverSetting<T>(flag: string, env: string, type: OptionType<T>, help: string): Option<T> {
  return { flag, env, type, help };
}
