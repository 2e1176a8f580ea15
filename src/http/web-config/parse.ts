// The web config file of exporter-toolkit: its text to settings, or to every mistake in it at once.
import { validateHeaderValue } from 'node:http';
import { dirname, isAbsolute, join as joinPath } from 'node:path';
import { readRateLimit, type RateLimit } from './rate-limit.ts';
import { readTlsSection, type TlsSettings } from './tls-section.ts';
import { boolean, join, readYaml, scalar, section, shown, type Complain, type Section } from './yaml.ts';

/** What the file says; `Tls` is what is known of TLS, without it the server speaks plain HTTP. */
export interface WebSettings<Tls = TlsSettings> {
  readonly tls: Tls | undefined;
  /** offer HTTP/2 too; only TLS can */
  readonly http2: boolean;
  /** headers of every reply */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hash by user; empty means that everyone may read */
  readonly users: ReadonlyMap<string, string>;
  /** how many requests are answered; `undefined`: all */
  readonly rateLimit: RateLimit | undefined;
}

export type ParsedWebConfig =
  { readonly ok: true; readonly settings: WebSettings } | { readonly ok: false; readonly mistakes: readonly string[] };

/** What each section may hold. */
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

/** The headers that the toolkit lets people set, with their values where only some make sense. */
const HEADERS: Readonly<Record<string, readonly string[] | undefined>> = {
  'Content-Security-Policy': undefined,
  'X-Frame-Options': ['deny', 'sameorigin'],
  'X-Content-Type-Options': ['nosniff'],
  'X-XSS-Protection': undefined,
  'Strict-Transport-Security': undefined,
};

/** `file` is where the text comes from: paths in it are relative to its folder, and mistakes name it. No file is read. */
export function parseWebConfig(text: string, file: string): ParsedWebConfig {
  const mistakes: string[] = [];
  const complain = complainAbout(file, mistakes);
  const top = readYaml(text, complain);
  if (top === undefined) return { ok: false, mistakes };
  const inside = (name: keyof typeof KEYS) => {
    const found = name === '' ? top : section(name, top.entries.get(name), complain);
    checkKeys(found, KEYS[name], complain);
    return found;
  };
  inside('');
  const inFolder = (path: string) => (isAbsolute(path) ? path : joinPath(dirname(file), path));
  const http = inside('http_server_config');
  const http2 = boolean(http, 'http2', complain);
  const settings = {
    tls: readTlsSection(inside('tls_server_config'), { inFolder, http2 }, complain),
    http2,
    headers: readHeaders(section('http_server_config.headers', http.entries.get('headers'), complain), complain),
    users: readUsers(section('basic_auth_users', top.entries.get('basic_auth_users'), complain), complain),
    rateLimit: readRateLimit(inside('rate_limit'), complain),
  };
  return mistakes.length === 0 ? { ok: true, settings } : { ok: false, mistakes };
}

/** Notes mistakes in `file` as lines. */
export function complainAbout(file: string, mistakes: string[]): Complain {
  return (key, value, problem) => {
    const at = value === undefined ? key : `${key}=${shown(value)}`;
    mistakes.push([file, at, problem].filter((part) => part !== '').join(': '));
  };
}

function checkKeys({ at, entries }: Section, known: readonly string[], complain: Complain): void {
  for (const key of entries.keys()) {
    if (!known.includes(key)) complain(join(at, key), undefined, `unknown key; expected one of ${known.join(', ')}`);
  }
}

function readHeaders(from: Section, complain: Complain): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of from.entries.keys()) {
    const at = join(from.at, name);
    if (!Object.hasOwn(HEADERS, name)) {
      complain(at, undefined, `unknown key; expected one of ${Object.keys(HEADERS).join(', ')}`);
      continue;
    }
    const value = scalar(from, name, complain);
    if (value === undefined) continue;
    const allowed = HEADERS[name];
    if (allowed && !allowed.includes(value)) complain(at, value, `expected ${allowed.join(' or ')}`);
    else if (!isHeaderValue(name, value)) complain(at, value, 'expected one line of text without control characters');
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

/** As many salt and hash characters as bcrypt has, and a cost from 4 to 31. */
const BCRYPT = /^\$2[aby]\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;

function readUsers(from: Section, complain: Complain): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const [user, hash] of from.entries) {
    const at = join(from.at, user);
    if (typeof hash === 'string' && BCRYPT.test(hash)) users.set(user, hash);
    else complain(at, '<hidden>', 'expected a bcrypt hash of the password: $2y$, $2b$ or $2a$ and 56 characters more');
    if (user.includes(':')) complain(at, undefined, 'expected a user name without a colon');
  }
  return users;
}
