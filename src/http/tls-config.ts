// The section tls_server_config of the web config file: which files TLS is spoken with, and how.
import { DEFAULT_CIPHERS, type SecureContextOptions } from 'node:tls';
import { CIPHERS, CLIENT_AUTH, CURVES, TLS13_CIPHERS, VERSIONS, type ClientAuth } from './tls-names.ts';
import { boolean, isNothing, join, list, scalar, type Complain, type Section } from './yaml.ts';

export interface TlsSettings {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string | undefined;
  readonly clientAuth: ClientAuth;
  /** versions, cipher suites and curves, as Node takes them */
  readonly options: Readonly<SecureContextOptions>;
}

/** `undefined` if nothing is set: TLS is off. `inFolder` makes a path of the file one that can be opened. */
export function readTlsSection(
  from: Section,
  inFolder: (path: string) => string,
  complain: Complain,
): TlsSettings | undefined {
  if ([...from.entries.values()].every(isNothing)) return undefined;
  const path = (key: string) => {
    const given = scalar(from, key, complain);
    return given === undefined ? undefined : inFolder(given);
  };
  const needed = (key: string) => {
    if (isNothing(from.entries.get(key)))
      complain(join(from.at, key), undefined, 'missing; expected the path of a file');
    return path(key) ?? '';
  };
  const certFile = needed('cert_file');
  const keyFile = needed('key_file');
  const clientCaFile = path('client_ca_file');
  const clientAuth = readClientAuth(from, clientCaFile, complain);
  return { certFile, keyFile, clientCaFile, clientAuth, options: readOptions(from, complain) };
}

function readClientAuth(from: Section, caFile: string | undefined, complain: Complain): ClientAuth {
  const at = join(from.at, 'client_auth_type');
  const given = scalar(from, 'client_auth_type', complain);
  const type = given === undefined ? 'NoClientCert' : named(CLIENT_AUTH, given, at, complain);
  if (type === undefined) return 'RequireAndVerifyClientCert';
  const verifies = type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
  // Without a CA of its own, Go and Node would trust whoever has a certificate from any public authority.
  if (verifies && caFile === undefined) complain(at, type, 'expected client_ca_file with it');
  if (type === 'NoClientCert' && caFile !== undefined) {
    complain(join(from.at, 'client_ca_file'), caFile, 'expected a client_auth_type that asks for certificates with it');
  }
  return type;
}

function readOptions(from: Section, complain: Complain): SecureContextOptions {
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
