// The section tls_server_config of the web config file: which files TLS is spoken with, and how.
import { DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import { CIPHERS, CLIENT_AUTH, CURVES, HTTP2_CIPHERS, TLS13_CIPHERS, VERSIONS, type ClientAuth } from './tls-names.ts';
import { boolean, isNothing, join, list, scalar, type Complain, type Section } from './yaml.ts';

/** Certificates or a key: in a file, or written into the web config file. `at` is the key that says so. */
export type Pem = { readonly at: string } & ({ readonly file: string } | { readonly text: string });

export interface TlsSettings {
  readonly cert: Pem;
  readonly key: Pem;
  readonly clientCa: Pem | undefined;
  readonly clientAuth: ClientAuth;
  /** one of these names has to be in the client's certificate; `undefined`: any will do */
  readonly allowedSans: readonly string[] | undefined;
  /** versions, cipher suites and curves, as Node takes them */
  readonly options: Readonly<SecureContextOptions>;
}

/** `undefined` if nothing is set: TLS is off. `inFolder` makes a path of the file one that can be opened. */
export function readTlsSection(
  from: Section,
  { inFolder, http2 }: { inFolder: (path: string) => string; http2: boolean },
  complain: Complain,
): TlsSettings | undefined {
  if ([...from.entries.values()].every(isNothing)) return undefined;
  const given = (key: 'cert' | 'key' | 'client_ca'): Pem | undefined => {
    // As in Go, the file counts if both are given.
    const file = scalar(from, `${key}_file`, complain);
    if (file !== undefined) return { at: join(from.at, `${key}_file`), file: inFolder(file) };
    const text = scalar(from, key, complain);
    return text === undefined ? undefined : { at: join(from.at, key), text };
  };
  const needed = (key: 'cert' | 'key'): Pem => {
    if ([key, `${key}_file`].every((name) => isNothing(from.entries.get(name))))
      complain(
        join(from.at, `${key}_file`),
        undefined,
        `missing; expected the path of a file, or ${key} with its text`,
      );
    return given(key) ?? { at: join(from.at, key), text: '' };
  };
  const [cert, key, clientCa] = [needed('cert'), needed('key'), given('client_ca')];
  const clientAuth = readClientAuth(from, clientCa, complain);
  const allowedSans = readAllowedSans(from, clientAuth, complain);
  return { cert, key, clientCa, clientAuth, allowedSans, options: readOptions(from, http2, complain) };
}

function readClientAuth(from: Section, ca: Pem | undefined, complain: Complain): ClientAuth {
  const at = join(from.at, 'client_auth_type');
  const given = scalar(from, 'client_auth_type', complain);
  const type = given === undefined ? 'NoClientCert' : named(CLIENT_AUTH, given, at, complain);
  if (type === undefined) return 'RequireAndVerifyClientCert';
  const verifies = type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
  // Go would take the authorities of the system; Node trusts those of the web, whose certificates anyone can have.
  if (verifies && ca === undefined) complain(at, type, 'expected client_ca_file, or client_ca, with it');
  if (type === 'NoClientCert' && ca !== undefined) {
    complain(ca.at, undefined, 'expected a client_auth_type that asks for certificates with it');
  }
  return type;
}

function readAllowedSans(from: Section, type: ClientAuth, complain: Complain): readonly string[] | undefined {
  const at = join(from.at, 'client_allowed_sans');
  if (isNothing(from.entries.get('client_allowed_sans'))) return undefined;
  const names = list(from, 'client_allowed_sans', complain);
  if (names.length === 0) complain(at, undefined, 'expected at least one name');
  if (type !== 'RequireAnyClientCert' && type !== 'RequireAndVerifyClientCert') {
    complain(at, undefined, 'expected client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert with it');
  }
  return names;
}

function readOptions(from: Section, http2: boolean, complain: Complain): SecureContextOptions {
  const version = (key: string, standard: string) => {
    const name = scalar(from, key, complain) ?? standard;
    return { name, value: named(VERSIONS, name, join(from.at, key), complain) };
  };
  const all = (names: Readonly<Record<string, string>>, key: string) =>
    list(from, key, complain).flatMap((name, index) => {
      return named(names, name, `${join(from.at, key)}[${index}]`, complain) ?? [];
    });
  const min = version('min_version', 'TLS12');
  const max = version('max_version', 'TLS13');
  if (min.value && max.value && min.name > max.name) {
    complain(join(from.at, 'max_version'), max.name, `expected no less than min_version, ${min.name}`);
  }
  const chosen = all(CIPHERS, 'cipher_suites');
  if (http2 && chosen.length > 0 && min.name < 'TLS13' && !chosen.some((name) => HTTP2_CIPHERS.includes(name))) {
    const expected = 'expected TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 too';
    complain(join(from.at, 'cipher_suites'), undefined, `${expected}, or http_server_config.http2: false`);
  }
  const ciphers = chosen.length > 0 ? [...new Set([...TLS13_CIPHERS, ...chosen])].join(':') : DEFAULT_CIPHERS;
  const curves = all(CURVES, 'curve_preferences');
  return {
    minVersion: min.value ?? 'TLSv1.2',
    maxVersion: max.value ?? 'TLSv1.3',
    // OpenSSL counts the signatures of TLS 1.0 and 1.1 as broken, and speaks them only at its lowest level.
    ciphers: min.name < 'TLS12' ? `${ciphers}:@SECLEVEL=0` : ciphers,
    ...(curves.length > 0 ? { ecdhCurve: curves.join(':') } : {}),
    honorCipherOrder: boolean(from, 'prefer_server_cipher_suites', complain),
  };
}

/** Looks a name up; `undefined` and a mistake if there is no such name. */
function named<T>(names: Readonly<Record<string, T>>, name: string, at: string, complain: Complain): T | undefined {
  if (Object.hasOwn(names, name)) return names[name];
  complain(at, name, `expected one of ${Object.keys(names).join(', ')}`);
  return undefined;
}
