// The certificate that a server presents to its clients, measured and not verified.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TLSSocket } from 'node:tls';

export interface Certificate {
  /** seconds since the epoch after which the certificate is not valid */
  readonly notAfter: number;
  readonly selfSigned: boolean;
  /** whether it is the certificate in the file; absent without a file that can be read */
  readonly current?: boolean;
}

/** The certificate that the server presented. `undefined` if it cannot be read. */
export function servedCertificate(socket: TLSSocket, fileFingerprint: string | undefined): Certificate | undefined {
  try {
    const served = socket.getPeerX509Certificate();
    const notAfter = Date.parse(served?.validTo ?? '') / 1000;
    if (served === undefined || Number.isNaN(notAfter)) return undefined;
    const current = fileFingerprint === undefined ? {} : { current: served.fingerprint256 === fileFingerprint };
    return { notAfter, selfSigned: isSelfSigned(served), ...current };
  } catch {
    return undefined; // a key or a date that OpenSSL does not know
  }
}

/** SHA-256 fingerprint of the first certificate of a PEM file. `undefined` if the file cannot be read or has none. */
export async function certificateFingerprint(file: string): Promise<string | undefined> {
  try {
    return new X509Certificate(await readFile(file)).fingerprint256;
  } catch {
    return undefined;
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}
