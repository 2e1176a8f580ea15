// Parses exporter-toolkit's web configuration file: its contents to settings, or to all errors at once.
import { validateHeaderValue } from 'node:http';
import { dirname, isAbsolute, join as joinPath } from 'node:path';
import { readRateLimit, type RateLimit } from './rate-limit.ts';
import { readTlsSection, type TlsSettings } from './tls-section.ts';
import { boolean, join, readYaml, redacted, scalar, section, type Report, type Section } from './yaml.ts';

/** The settings in the file. `Tls` is what is known of TLS; without it the server speaks plain HTTP. */
export interface WebSettings<Tls = TlsSettings> {
  readonly tls: Tls | undefined;
  /** offer HTTP/2; has no effect without TLS */
  readonly http2: boolean;
  /** headers of every response */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hash by user; without users no authentication is required */
  readonly users: ReadonlyMap<string, string>;
  /** `undefined`: requests are not limited */
  readonly rateLimit: RateLimit | undefined;
}

export type ParsedWebConfig =
  { readonly ok: true; readonly settings: WebSettings } | { readonly ok: false; readonly errors: readonly string[] };

/** The keys of each section. */
const KEYS = {
  '': ['tls_server_config', 'http_server_config', 'basic_auth_users', 'rate_limit'],
  tls_server_config: [
    ...['cert', 'key', 'client_ca', 'cert_file', 'key_file', 'client_auth_type', 'client_ca_file'],
    ...['client_allowed_sans', 'min_version', 'max_version', 'cipher_suites', 'prefer_server_cipher_suites'],
    'curve_preferences',
  ],
  http_server_config: ['http2', 'headers'],
  rate_limit: ['interval', 'burst'],
} as const;

/** The headers that exporter-toolkit lets users set, with the allowed values of those that have some. */
const HEADERS: Readonly<Record<string, readonly string[] | undefined>> = {
  'Content-Security-Policy': undefined,
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-Content-Type-Options': ['nosniff'],
  'X-XSS-Protection': undefined,
  'Strict-Transport-Security': undefined,
};

/** `source` is the contents of `file`: paths in it are relative to the folder of `file`, and errors name it. Opens no file. */
export function parseWebConfig(source: string, file: string): ParsedWebConfig {
  const errors: string[] = [];
  const report = reportTo(errors, file);
  const top = readYaml(source, report);
  if (top === undefined) return { ok: false, errors };
  const sectionOf = (name: keyof typeof KEYS) => {
    const found = name === '' ? top : section(name, top.entries.get(name), report);
    checkKeys(found, KEYS[name], report);
    return found;
  };
  sectionOf('');
  const resolve = (path: string) => (isAbsolute(path) ? path : joinPath(dirname(file), path));
  const http = sectionOf('http_server_config');
  const http2 = boolean(http, 'http2', report);
  const settings = {
    tls: readTlsSection(sectionOf('tls_server_config'), { resolve, http2 }, report),
    http2,
    headers: readHeaders(section('http_server_config.headers', http.entries.get('headers'), report), report),
    users: readUsers(section('basic_auth_users', top.entries.get('basic_auth_users'), report), report),
    rateLimit: readRateLimit(sectionOf('rate_limit'), report),
  };
  return errors.length === 0 ? { ok: true, settings } : { ok: false, errors };
}

/** A reporter that adds each error to `errors` as one line that names `file`. */
export function reportTo(errors: string[], file: string): Report {
  return (key, value, problem) => {
    const at = value === undefined ? key : `${key}=${redacted(value)}`;
    errors.push([file, at, problem].filter((part) => part !== '').join(': '));
  };
}

function checkKeys({ at, entries }: Section, known: readonly string[], report: Report): void {
  for (const key of entries.keys()) {
    if (!known.includes(key)) report(join(at, key), undefined, `unknown key; expected one of ${known.join(', ')}`);
  }
}

function readHeaders(from: Section, report: Report): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of from.entries.keys()) {
    const at = join(from.at, name);
    if (!Object.hasOwn(HEADERS, name)) {
      report(at, undefined, `unknown key; expected one of ${Object.keys(HEADERS).join(', ')}`);
      continue;
    }
    const value = scalar(from, name, report);
    if (value === undefined) continue;
    const allowed = HEADERS[name];
    if (allowed && !allowed.includes(value)) report(at, value, `expected ${allowed.join(' or ')}`);
    else if (!isHeaderValue(name, value)) report(at, value, 'expected one line without control characters');
    else headers[name] = value;
  }
  return headers;
}

function isHeaderValue(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** A bcrypt hash: a cost from 4 to 31, then 53 characters of salt and hash. */
const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function readUsers(from: Section, report: Report): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [user, hash] of from.entries) {
    const at = join(from.at, user);
    if (typeof hash === 'string' && BCRYPT.test(hash)) users.set(user, hash);
    else report(at, '<hidden>', 'expected a bcrypt hash of the password: $2y$, $2b$ or $2a$, then 56 characters');
    if (user.includes(':')) report(at, undefined, 'expected a user name without a colon');
  }
  return users;
}
