// Command line and environment to a Config, or to every mistake in them at once.
import { parseArgs } from 'node:util';
import type { HostPort } from './option-types.ts';
import { missingLocalRpc, type Derived, type Environment } from './electrumx-env.ts';
import { ACTIONS, allOptions, OPTIONS, type Option } from './options.ts';

type Options = typeof OPTIONS;
type ValueOf<O> =
  O extends Option<infer T>
    ? O extends { readonly default: string }
      ? T
      : T | undefined
    : { readonly [K in keyof O]: ValueOf<O[K]> };

/** The value of every option, frozen. Times in milliseconds, sizes in bytes. */
export type Config = Omit<{ readonly [K in keyof Options]: ValueOf<Options[K]> }, 'listenAddresses'> & {
  readonly listenAddresses: readonly HostPort[];
};

export type Action = keyof typeof ACTIONS;

export type Parsed =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly actions: ReadonlySet<Action>;
      /** what is allowed, but hardly meant */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly mistakes: readonly string[]; readonly actions: ReadonlySet<Action> };

/** A flag beats its environment variable, which beats what ElectrumX's environment says, which beats the default. */
export function parseConfig(argv: readonly string[], env: Environment): Parsed {
  const mistakes: string[] = [];
  const { given, actions } = readFlags(argv, mistakes);
  const read = (option: Option<unknown>) => readOption(option, given.get(option.flag), env, mistakes);
  const entries = Object.entries(OPTIONS).map(([key, entry]) => [
    key,
    'on' in entry ? Object.freeze({ on: read(entry.on), minIntervalMs: read(entry.minIntervalMs) }) : read(entry),
  ]);
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  if (mistakes.length === 0 && ![config.getinfo, config.groups, config.sessions, config.peers].some(({ on }) => on)) {
    mistakes.push('--no-collector.*: all collectors are switched off; at least one has to be on');
  }
  if (mistakes.length > 0) return { ok: false, mistakes, actions };
  const toldWhere = given.has(OPTIONS.rpcAddress.flag) || Boolean(env[OPTIONS.rpcAddress.env]);
  return { ok: true, config, actions, warnings: toldWhere ? [] : missingLocalRpc(env) };
}

interface Flags {
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly actions: ReadonlySet<Action>;
}

function readFlags(argv: readonly string[], mistakes: string[]): Flags {
  const options = new Map(allOptions().map((option) => [option.flag, option]));
  const valued = [...options.values()].filter(({ kind }) => kind.placeholder !== '');
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(valued.map(({ flag }) => [flag, { type: 'string' as const }])),
  });
  const given = new Map<string, readonly string[]>();
  const actions = new Set<Action>();
  for (const token of tokens) {
    if (token.kind === 'positional')
      mistakes.push(`${shown(token.value)}: not an option; expected options only, see --help`);
    if (token.kind !== 'option') continue;
    const problem = readFlag(token, options, given, actions);
    const value = token.inlineValue ? `=${shown(token.value, options.get(token.name))}` : '';
    if (problem !== undefined) mistakes.push(`${token.rawName}${value}: ${problem}`);
  }
  return { given, actions };
}

/** A value as it may stand in a message; one with an @, whatever it was meant for, may be a daemon's URL with its password. */
function shown(value: string, option?: Option<unknown>): string {
  return option?.secret || value.includes('@') ? '<hidden>' : value;
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

/** Notes what the flag says; a text tells what is wrong with it. */
function readFlag(
  { name, rawName, value }: OptionToken,
  options: ReadonlyMap<string, Option<unknown>>,
  given: Map<string, readonly string[]>,
  actions: Set<Action>,
): string | undefined {
  const long = rawName.startsWith('--');
  const negated = options.get(name.replace(/^no-/, ''));
  const option = options.get(name) ?? (negated?.kind.placeholder === '' ? negated : undefined);
  if (long && Object.hasOwn(ACTIONS, name)) {
    return value === undefined ? void actions.add(name as Action) : 'takes no value';
  }
  if (!long || !option) return 'no such option; see --help for the list';
  const isToggle = option.kind.placeholder === '';
  if (isToggle && value !== undefined) return `takes no value; expected --${option.flag} or --no-${option.flag}`;
  if (!isToggle && value === undefined) return `needs a value; expected ${option.kind.expects}`;
  const before = given.get(option.flag) ?? [];
  if (before.length > 0 && !option.repeatable) return 'given twice; expected once';
  given.set(option.flag, [...before, value ?? String(name === option.flag)]);
  return undefined;
}

function readOption(
  option: Option<unknown>,
  flags: readonly string[] | undefined,
  env: Environment,
  mistakes: string[],
): unknown {
  const values = sources(option, flags, env).map(({ origin, given, text, expects }) => {
    const value = option.kind.parse(text);
    if (value === undefined)
      mistakes.push(`${origin}=${shown(given, option)}: expected ${expects ?? option.kind.expects}`);
    return value;
  });
  return option.repeatable ? Object.freeze(values) : values[0];
}

function sources(option: Option<unknown>, flags: readonly string[] | undefined, env: Environment): Derived[] {
  const from = (origin: string, texts: readonly string[]) => texts.map((text) => ({ origin, given: text, text }));
  if (flags) return from(`--${option.flag}`, flags);
  const variable = env[option.env];
  if (variable)
    return from(option.env, option.repeatable ? variable.split(',').map((part) => part.trim()) : [variable]);
  const derived = option.derive?.(env);
  if (derived) return [derived];
  return from(`--${option.flag}`, option.default === undefined ? [] : [option.default]);
}
