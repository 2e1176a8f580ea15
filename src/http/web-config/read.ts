// Reads the web configuration file, and the certificates and keys that it names.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { parseWebConfig, reportTo, type WebSettings } from './parse.ts';
import type { PemSource, TlsSettings } from './tls-section.ts';
import type { Report } from './yaml.ts';

/** TLS as it is served: certificates, key, versions and ciphers for Node, and which clients are admitted. */
export type ServedTls = Pick<TlsSettings, 'clientAuth' | 'allowedSans'> & { readonly context: SecureContextOptions };

/** The settings of a valid web configuration file, with the certificates loaded. */
export type WebConfig = WebSettings<ServedTls>;

/** The contents of each file that was read, by path; for one that cannot be read, the error code. */
export type FileContents = ReadonlyMap<string, Buffer | string>;

/** A valid file, as it was read. */
export interface WebConfigFile {
  readonly ok: true;
  readonly path: string;
  readonly contents: FileContents;
  readonly web: WebConfig;
}

interface InvalidWebConfigFile {
  readonly ok: false;
  readonly contents: FileContents;
  /** the only errors are files that cannot be read */
  readonly unreadable: boolean;
  readonly errors: readonly string[];
}

/** Reads the file at `path` with its certificates, or reports all errors in them. Never throws. */
export function readWebConfig(path: string): WebConfigFile | InvalidWebConfigFile {
  const contents = new Map<string, Buffer | string>();
  const errors: string[] = [];
  const report = reportTo(errors, path);
  const invalid = { ok: false, contents, errors } as const;
  const source = readInto(contents, path);
  if (typeof source === 'string') {
    report('', undefined, `cannot be read: ${source}; expected a file in exporter-toolkit's web configuration format`);
    return { ...invalid, unreadable: true };
  }
  const parsed = parseWebConfig(source.toString('utf8'), path);
  if (!parsed.ok) return { ...invalid, unreadable: false, errors: parsed.errors };
  const { tls } = parsed.settings;
  if (tls === undefined) return { ok: true, path, contents, web: { ...parsed.settings, tls } };
  const reader = createPemReader(contents, report);
  const context = loadTls(tls, reader.read, report);
  if (context === undefined) return { ...invalid, unreadable: errors.length === reader.unreadable() };
  const { clientAuth, allowedSans } = tls;
  return { ok: true, path, contents, web: { ...parsed.settings, tls: { clientAuth, allowedSans, context } } };
}

/** Whether the contents of any of the files are different now. */
export function haveChanged(contents: FileContents): boolean {
  return [...contents].some(([path, before]) => {
    const now = contentsOf(path);
    return typeof now === 'string' || typeof before === 'string' ? now !== before : !now.equals(before);
  });
}

/** Gives the bytes of a certificate or key; `undefined`, and an error reported, if its file cannot be read. */
type ReadPem = (pem: PemSource) => Buffer | undefined;

function createPemReader(contents: Map<string, Buffer | string>, report: Report) {
  let unreadable = 0;
  const read: ReadPem = (pem) => {
    if ('inline' in pem) return Buffer.from(pem.inline);
    const found = readInto(contents, pem.file);
    if (typeof found !== 'string') return found;
    unreadable += 1;
    report(pem.at, pem.file, `cannot be read: ${found}`);
    return undefined;
  };
  return { read, unreadable: () => unreadable };
}

/** The options of a TLS server; `undefined`, and an error reported, if it cannot use these certificates and this key. */
function loadTls(tls: TlsSettings, read: ReadPem, report: Report): SecureContextOptions | undefined {
  const reportPem = (pem: PemSource, problem: string) => report(pem.at, 'file' in pem ? pem.file : undefined, problem);
  const load = <T>(pem: PemSource, expected: string, parse: (bytes: Buffer) => T) => {
    const bytes = read(pem);
    if (bytes === undefined) return undefined;
    try {
      return { bytes, parsed: parse(bytes) };
    } catch {
      reportPem(pem, `expected ${expected}`);
      return undefined;
    }
  };
  const parseCertificate = (bytes: Buffer) => new X509Certificate(bytes);
  const cert = load(tls.cert, 'a certificate in PEM format', parseCertificate);
  const key = load(tls.key, 'a private key in PEM format, without a passphrase', (bytes) => createPrivateKey(bytes));
  const ca = tls.clientCa && load(tls.clientCa, 'certificates in PEM format', parseCertificate);
  if (!cert || !key || (tls.clientCa && !ca)) return undefined;
  if (!cert.parsed.checkPrivateKey(key.parsed)) {
    reportPem(tls.key, 'does not belong to the certificate');
    return undefined;
  }
  const context = { ...tls.options, cert: cert.bytes, key: key.bytes, ...(ca ? { ca: ca.bytes } : {}) };
  try {
    createSecureContext(context);
    return context;
  } catch (error) {
    reportPem(tls.cert, `rejected by OpenSSL: ${(error as { reason?: string }).reason ?? 'unknown reason'}`);
    return undefined;
  }
}

function readInto(contents: Map<string, Buffer | string>, path: string): Buffer | string {
  const found = contentsOf(path);
  contents.set(path, found);
  return found;
}

function contentsOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
  }
}
