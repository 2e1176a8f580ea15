// Certificates and keys for TLS: what is wrong with them, and all that a TLS server needs if nothing is.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { Pem, TlsSettings } from './tls-section.ts';
import type { Complain } from './yaml.ts';

/** Gives the bytes of a file, or notes why it cannot be read. */
export type ReadPem = (pem: Pem) => Buffer | undefined;

/** `undefined` with a mistake noted if these certificates and this key cannot serve TLS. */
export function loadCredentials(tls: TlsSettings, read: ReadPem, complain: Complain): SecureContextOptions | undefined {
  const tell = (pem: Pem, problem: string) => complain(pem.at, 'file' in pem ? pem.file : undefined, problem);
  const load = <T>(pem: Pem, expected: string, parse: (bytes: Buffer) => T) => {
    const bytes = read(pem);
    if (bytes === undefined) return undefined;
    try {
      return { bytes, parsed: parse(bytes) };
    } catch {
      tell(pem, `expected ${expected}`);
      return undefined;
    }
  };
  const certificate = (bytes: Buffer) => new X509Certificate(bytes);
  const cert = load(tls.cert, 'a certificate in PEM', certificate);
  const key = load(tls.key, 'a private key in PEM, without a passphrase', (bytes) => createPrivateKey(bytes));
  const ca = tls.clientCa && load(tls.clientCa, 'certificates in PEM', certificate);
  if (!cert || !key || (tls.clientCa && !ca)) return undefined;
  if (!cert.parsed.checkPrivateKey(key.parsed)) {
    tell(tls.key, 'expected the key that belongs to the certificate');
    return undefined;
  }
  const context = { ...tls.options, cert: cert.bytes, key: key.bytes, ...(ca ? { ca: ca.bytes } : {}) };
  try {
    createSecureContext(context);
    return context;
  } catch (error) {
    tell(tls.cert, `OpenSSL refuses it: ${(error as { reason?: string }).reason ?? 'unknown reason'}`);
    return undefined;
  }
}
