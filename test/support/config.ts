// A configuration, or its errors, for tests.
import { parseConfig, type Config } from '../../src/config/parse.ts';

/** The configuration. Throws if it has errors. */
export function config(argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Config {
  const parsed = parseConfig(argv, env);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.config;
}

/** The errors of a configuration; none if it is valid. */
export function errors(argv: readonly string[], env: Readonly<Record<string, string>> = {}): readonly string[] {
  const parsed = parseConfig(argv, env);
  return parsed.ok ? [] : parsed.errors;
}
