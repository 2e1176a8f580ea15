// The certificate and key files of TLS: reading them, telling what is wrong with them, and telling when they have changed.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsSettings } from './tls-config.ts';
import type { Complain } from './yaml.ts';

/** All that a TLS server needs to greet its clients. Throws if a file cannot be read. */
export function readCredentials({ certFile, keyFile, clientCaFile, options }: TlsSettings): SecureContextOptions {
  return {
    ...options,
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    ...(clientCaFile === undefined ? {} : { ca: readFileSync(clientCaFile) }),
  };
}

/** A text that is another one as soon as one of the files is replaced or written to. */
export function stateOfFiles({ certFile, keyFile, clientCaFile }: TlsSettings): string {
  return [certFile, keyFile, clientCaFile ?? '']
    .map((file) => {
      const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
      // The time of change, not of modification: it moves even when an old file is copied over with its times kept.
      return stat ? `${stat.ino} ${stat.size} ${stat.ctimeNs}` : 'none';
    })
    .join();
}

/** Notes what keeps these files from serving TLS. */
export function checkCredentials(tls: TlsSettings, complain: Complain): void {
  const read = <T>(key: string, file: string, expected: string, parse: (bytes: Buffer) => T): T | undefined => {
    const at = `tls_server_config.${key}`;
    try {
      const bytes = readFileSync(file);
      try {
        return parse(bytes);
      } catch {
        complain(at, file, `expected ${expected}`);
      }
    } catch (error) {
      complain(at, file, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`);
    }
    return undefined;
  };
  const certificate = (bytes: Buffer) => new X509Certificate(bytes);
  const cert = read('cert_file', tls.certFile, 'a certificate in PEM', certificate);
  const key = read('key_file', tls.keyFile, 'a private key in PEM, without a passphrase', (pem) =>
    createPrivateKey(pem),
  );
  const { clientCaFile } = tls;
  const ca = clientCaFile === undefined || read('client_ca_file', clientCaFile, 'certificates in PEM', certificate);
  if (cert && key && ca) checkTogether(tls, cert, key, complain);
}

function checkTogether(tls: TlsSettings, cert: X509Certificate, key: KeyObject, complain: Complain): void {
  if (!cert.checkPrivateKey(key)) {
    complain('tls_server_config.key_file', tls.keyFile, 'expected the key that belongs to cert_file');
    return;
  }
  try {
    createSecureContext(readCredentials(tls));
  } catch (error) {
    const reason = (error as { reason?: string }).reason ?? 'unknown reason';
    complain('tls_server_config.cert_file', tls.certFile, `OpenSSL refuses it: ${reason}`);
  }
}
