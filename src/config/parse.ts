// Command line and environment to a Config, or to all errors in them at once.
import { parseArgs } from 'node:util';
import { missingLocalRpc, type Derived, type Environment } from './electrumx-env.ts';
import type { Option } from './option.ts';
import type { ListenAddress } from './option-types.ts';
import { ACTIONS, allOptions, COLLECTOR_OPTIONS, OPTIONS, type CollectorOptionsByName } from './options.ts';

type ValueOf<O> = O extends Option<infer T> ? (O extends { readonly default: string } ? T : T | undefined) : never;
type ValuesOf<Options> = { readonly [K in keyof Options]: ValueOf<Options[K]> };

/** The value of every option, frozen. Times in milliseconds, sizes in bytes. */
export type Config = Omit<ValuesOf<typeof OPTIONS>, 'listenAddresses'> & {
  readonly listenAddresses: readonly ListenAddress[];
  readonly collectors: { readonly [Name in keyof CollectorOptionsByName]: ValuesOf<CollectorOptionsByName[Name]> };
};

export type Action = keyof typeof ACTIONS;

export type Parsed =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly actions: ReadonlySet<Action>;
      /** what is allowed, but probably not intended */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly errors: readonly string[]; readonly actions: ReadonlySet<Action> };

/** A flag takes precedence over its environment variable, that over ElectrumX's own environment, and that over the default. */
export function parseConfig(argv: readonly string[], env: Environment): Parsed {
  const errors: string[] = [];
  const { given, actions } = readFlags(argv, errors);
  const read = (option: Option<unknown>) => readOption(option, given.get(option.flag), env, errors);
  const readAll = (options: Readonly<Record<string, Option<unknown>>>) =>
    Object.entries(options).map(([key, option]) => [key, read(option)] as const);
  const collectors = Object.entries(COLLECTOR_OPTIONS).map(([name, options]) => [
    name,
    Object.freeze(Object.fromEntries(readAll(options))),
  ]);
  const config = Object.freeze({
    ...Object.fromEntries(readAll(OPTIONS)),
    collectors: Object.freeze(Object.fromEntries(collectors) as Record<string, unknown>),
  }) as unknown as Config;
  if (errors.length === 0 && !Object.values(config.collectors).some(({ on }) => on)) {
    errors.push('--no-collector.*: all collectors are switched off; expected at least one that is on');
  }
  if (errors.length > 0) return { ok: false, errors, actions };
  const addressIsGiven = given.has(OPTIONS.rpcAddress.flag) || Boolean(env[OPTIONS.rpcAddress.env]);
  return { ok: true, config, actions, warnings: addressIsGiven ? [] : missingLocalRpc(env) };
}

interface Flags {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly actions: ReadonlySet<Action>;
}

function readFlags(argv: readonly string[], errors: string[]): Flags {
  const options = new Map(allOptions().map((option) => [option.flag, option]));
  const withValue = [...options.values()].filter(({ type }) => type.placeholder !== '');
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(withValue.map(({ flag }) => [flag, { type: 'string' as const }])),
  });
  const given = new Map<string, readonly string[]>();
  const actions = new Set<Action>();
  for (const token of tokens) {
    if (token.kind === 'positional')
      errors.push(`${printable(token.value)}: not an option; expected options only, see --help`);
    if (token.kind !== 'option') continue;
    const problem = readFlag(token, options, given, actions);
    const value = token.inlineValue ? `=${printable(token.value, options.get(token.name))}` : '';
    if (problem !== undefined) errors.push(`${token.rawName}${value}: ${problem}`);
  }
  return { given, actions };
}

/** A value for a message. One with an @, whatever option it was meant for, may be a daemon's URL with its password. */
function printable(value: string, option?: Option<unknown>): string {
  return option?.secret || value.includes('@') ? '<hidden>' : value;
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

/** Notes the value of a flag. Returns what is wrong with it, if anything. */
function readFlag(
  { name, rawName, value }: OptionToken,
  options: ReadonlyMap<string, Option<unknown>>,
  given: Map<string, readonly string[]>,
  actions: Set<Action>,
): string | undefined {
  const long = rawName.startsWith('--');
  const negated = options.get(name.replace(/^no-/, ''));
  const option = options.get(name) ?? (negated?.type.placeholder === '' ? negated : undefined);
  if (long && Object.hasOwn(ACTIONS, name)) {
    return value === undefined ? void actions.add(name as Action) : 'takes no value';
  }
  if (!long || !option) return 'no such option; see --help for the list';
  const isToggle = option.type.placeholder === '';
  if (isToggle && value !== undefined) return `takes no value; expected --${option.flag} or --no-${option.flag}`;
  if (!isToggle && value === undefined) return `needs a value; expected ${option.type.expects}`;
  const before = given.get(option.flag) ?? [];
  if (before.length > 0 && !option.repeatable) return 'given twice; expected once';
  given.set(option.flag, [...before, value ?? String(name === option.flag)]);
  return undefined;
}

function readOption(
  option: Option<unknown>,
  flags: readonly string[] | undefined,
  env: Environment,
  errors: string[],
): unknown {
  const values = sources(option, flags, env).map(({ origin, given, text, expects }) => {
    const value = option.type.parse(text);
    if (value === undefined)
      errors.push(`${origin}=${printable(given, option)}: expected ${expects ?? option.type.expects}`);
    return value;
  });
  return option.repeatable ? Object.freeze(values) : values[0];
}

function sources(option: Option<unknown>, flags: readonly string[] | undefined, env: Environment): Derived[] {
  const from = (origin: string, texts: readonly string[]) => texts.map((text) => ({ origin, given: text, text }));
  if (flags) return from(`--${option.flag}`, flags);
  const variable = env[option.env]?.trim(); // lines of env files and secrets can end in CR or LF
  if (variable)
    return from(option.env, option.repeatable ? variable.split(',').map((part) => part.trim()) : [variable]);
  const derived = option.derive?.(env);
  if (derived) return [derived];
  return from(`--${option.flag}`, option.default === undefined ? [] : [option.default]);
}
