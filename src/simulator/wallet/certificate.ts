// A self-signed certificate in DER, written with node:crypto alone, which can sign but not issue.
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';

/** Both in PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

/** What the certificate claims. Dates are milliseconds since the epoch; DER keeps whole seconds. */
export interface Claims {
  readonly commonName: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Makes a P-256 key and a certificate for it, signed by itself, for the name, `localhost` and 127.0.0.1 (RFC 5280). */
export function selfSigned(claims: Claims): KeyAndCertificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(claims, privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, bitString(sign('sha256', body, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: new X509Certificate(der).toString(),
  };
}

function toBeSigned({ commonName, notBefore, notAfter }: Claims, key: KeyObject): Buffer {
  const name = sequence(element(0x31, sequence(COMMON_NAME, element(0x0c, Buffer.from(commonName)))));
  const names = sequence(
    element(0x82, Buffer.from(commonName)),
    element(0x82, Buffer.from('localhost')),
    element(0x87, Buffer.from([127, 0, 0, 1])),
  );
  return sequence(
    element(0xa0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(notBefore), time(notAfter)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    element(0xa3, sequence(sequence(SUBJECT_ALT_NAME, element(0x04, names)))),
  );
}

/** One element of DER: tag, length, content. */
function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(content);
  if (bytes.length < 0x80) return Buffer.concat([Buffer.from([tag, bytes.length]), bytes]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  const significant = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | significant.length]), significant, bytes]);
}

const sequence = (...content: readonly Uint8Array[]): Buffer => element(0x30, ...content);
const bitString = (bytes: Uint8Array): Buffer => element(0x03, Buffer.from([0]), bytes);
const objectId = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

/** A positive integer: its first bit is cleared, and its first byte is never zero. */
function integer(bytes: Buffer): Buffer {
  const positive = Buffer.from(bytes);
  positive[0] = (positive[0] ?? 0) & 0x7f || 1;
  return element(0x02, positive);
}

/** UTCTime until 2049, GeneralizedTime after that. */
function time(moment: number): Buffer {
  const digits = new Date(moment).toISOString().replace(/\.\d+/, '').replace(/[-T:]/g, '');
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

const ECDSA_WITH_SHA256 = sequence(objectId('2a8648ce3d040302'));
const COMMON_NAME = objectId('550403');
const SUBJECT_ALT_NAME = objectId('551d11');
