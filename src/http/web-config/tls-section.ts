// The section tls_server_config of the web configuration file: certificates, client authentication, versions and ciphers.
import type { SecureContextOptions } from 'node:tls';
import {
  CIPHER_SUITES,
  CLIENT_AUTH_TYPES,
  CURVES,
  DEFAULT_CURVES,
  HTTP2_CIPHERS,
  INTERMEDIATE_CIPHERS,
  LEGACY_CIPHERS,
  TLS13_CIPHERS,
  VERSIONS,
  type ClientAuthType,
} from './tls-names.ts';
import { boolean, isUnset, join, list, scalar, type Report, type Section } from './yaml.ts';

/** Certificates or a key, in a file or inline; `at` is the dotted path of the key that has them. */
export type PemSource = { readonly at: string } & ({ readonly file: string } | { readonly inline: string });

export interface TlsSettings {
  readonly cert: PemSource;
  readonly key: PemSource;
  readonly clientCa: PemSource | undefined;
  readonly clientAuth: ClientAuthType;
  /** the client's certificate needs one of these names; `undefined`: any name is accepted */
  readonly allowedSans: readonly string[] | undefined;
  /** versions, cipher suites and curves */
  readonly options: Readonly<SecureContextOptions>;
}

/** `undefined` if nothing is set: TLS is off. `resolve` makes a path in the file one that can be opened. */
export function readTlsSection(
  from: Section,
  { resolve, http2 }: { resolve: (path: string) => string; http2: boolean },
  report: Report,
): TlsSettings | undefined {
  if ([...from.entries.values()].every(isUnset)) return undefined;
  const optional = (key: 'cert' | 'key' | 'client_ca'): PemSource | undefined => {
    // The file wins if both are set, as in exporter-toolkit.
    const file = scalar(from, `${key}_file`, report);
    if (file !== undefined) return { at: join(from.at, `${key}_file`), file: resolve(file) };
    const inline = scalar(from, key, report);
    return inline === undefined ? undefined : { at: join(from.at, key), inline };
  };
  const required = (key: 'cert' | 'key'): PemSource => {
    if ([key, `${key}_file`].every((name) => isUnset(from.entries.get(name))))
      report(
        join(from.at, `${key}_file`),
        undefined,
        `missing; expected the path of a PEM file, or its contents as ${key}`,
      );
    return optional(key) ?? { at: join(from.at, key), inline: '' };
  };
  const [cert, key, clientCa] = [required('cert'), required('key'), optional('client_ca')];
  const clientAuth = readClientAuth(from, clientCa, report);
  const allowedSans = readAllowedSans(from, clientAuth, report);
  return { cert, key, clientCa, clientAuth, allowedSans, options: readOptions(from, { http2 }, report) };
}

function readClientAuth(from: Section, ca: PemSource | undefined, report: Report): ClientAuthType {
  const at = join(from.at, 'client_auth_type');
  const given = scalar(from, 'client_auth_type', report);
  const type = given === undefined ? 'NoClientCert' : lookUp(CLIENT_AUTH_TYPES, given, at, report);
  if (type === undefined) return 'RequireAndVerifyClientCert';
  const verifies = type === 'VerifyClientCertIfGiven' || type === 'RequireAndVerifyClientCert';
  // Go would trust the system's CAs; Node trusts the public web's, which issue certificates to anyone.
  if (verifies && ca === undefined) report(at, type, 'requires client_ca_file or client_ca');
  if (type === 'NoClientCert' && ca !== undefined) {
    report(ca.at, undefined, 'requires a client_auth_type that requests certificates');
  }
  return type;
}

function readAllowedSans(from: Section, type: ClientAuthType, report: Report): readonly string[] | undefined {
  const at = join(from.at, 'client_allowed_sans');
  if (isUnset(from.entries.get('client_allowed_sans'))) return undefined;
  const names = list(from, 'client_allowed_sans', report);
  if (names.length === 0) report(at, undefined, 'expected at least one name');
  if (type !== 'RequireAnyClientCert' && type !== 'RequireAndVerifyClientCert') {
    report(at, undefined, 'requires client_auth_type RequireAnyClientCert or RequireAndVerifyClientCert');
  }
  return names;
}

function readOptions(from: Section, { http2 }: { http2: boolean }, report: Report): SecureContextOptions {
  const version = (key: string, byDefault: string) => {
    const name = scalar(from, key, report) ?? byDefault;
    return { name, value: lookUp(VERSIONS, name, join(from.at, key), report) };
  };
  const min = version('min_version', 'TLS12');
  const max = version('max_version', 'TLS13');
  if (min.value && max.value && min.name > max.name) {
    report(join(from.at, 'max_version'), max.name, `expected min_version (${min.name}) or later`);
  }
  const curves = lookUpAll(CURVES, from, 'curve_preferences', report);
  const ciphers = readCiphers(from, { minVersion: min.name, http2 }, report);
  return {
    minVersion: min.value ?? 'TLSv1.2',
    maxVersion: max.value ?? 'TLSv1.3',
    // OpenSSL counts the signatures of TLS 1.0 and 1.1 as broken, and uses them at its lowest security level only.
    ciphers: min.name < 'TLS12' ? `${ciphers}:@SECLEVEL=0` : ciphers,
    ecdhCurve: (curves.length > 0 ? curves : DEFAULT_CURVES).join(':'),
    honorCipherOrder: boolean(from, 'prefer_server_cipher_suites', report),
  };
}

function readCiphers(
  from: Section,
  { minVersion, http2 }: { minVersion: string; http2: boolean },
  report: Report,
): string {
  const chosen = lookUpAll(CIPHER_SUITES, from, 'cipher_suites', report);
  if (http2 && chosen.length > 0 && minVersion < 'TLS13' && !chosen.some((name) => HTTP2_CIPHERS.includes(name))) {
    const required = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';
    report(join(from.at, 'cipher_suites'), undefined, `requires ${required}, or http_server_config.http2: false`);
  }
  const byDefault = minVersion < 'TLS12' ? [...INTERMEDIATE_CIPHERS, ...LEGACY_CIPHERS] : INTERMEDIATE_CIPHERS;
  return [...new Set([...TLS13_CIPHERS, ...(chosen.length > 0 ? chosen : byDefault)])].join(':');
}

/** Looks up each name of a list; names that do not exist are reported and left out. */
function lookUpAll(names: Readonly<Record<string, string>>, from: Section, key: string, report: Report): string[] {
  return list(from, key, report).flatMap(
    (name, index) => lookUp(names, name, `${join(from.at, key)}[${index}]`, report) ?? [],
  );
}

/** `undefined`, and an error reported, if there is no such name. */
function lookUp<T>(names: Readonly<Record<string, T>>, name: string, at: string, report: Report): T | undefined {
  if (Object.hasOwn(names, name)) return names[name];
  report(at, name, `expected one of ${Object.keys(names).join(', ')}`);
  return undefined;
}
