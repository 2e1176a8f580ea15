// The simulator's own certificates, as OpenSSL reads them.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../src/simulator/wallet/certificate.ts';

const make = (notBefore: string, notAfter: string, commonName = 'electrum.example.org') =>
  selfSigned({ commonName, notBefore: Date.parse(notBefore), notAfter: Date.parse(notAfter) });

describe('a self-signed certificate', () => {
  it.each([
    ['2026-11-29T02:40:08Z', '2027-01-01T00:00:00Z'],
    ['2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z'],
    ['1999-01-02T03:04:05Z', '2000-02-29T23:59:59Z'],
    ['2100-01-01T00:00:00Z', '9999-12-31T23:59:59Z'],
  ])('is valid from %s to %s', (notBefore, notAfter) => {
    const certificate = new X509Certificate(make(notBefore, notAfter).cert);
    expect(Date.parse(certificate.validFrom)).toBe(Date.parse(notBefore));
    expect(Date.parse(certificate.validTo)).toBe(Date.parse(notAfter));
  });

  it('belongs to its key, is signed by it, and is for its name, localhost and 127.0.0.1', () => {
    const { cert, key } = make('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');
    const certificate = new X509Certificate(cert);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=electrum.example.org');
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.checkHost('electrum.example.org')).toBe('electrum.example.org');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  });

  it('takes names of any length, and has a serial number of its own', () => {
    const long = `${'a'.repeat(63)}.`.repeat(4) + 'example';
    const names = ['a', 'a'.repeat(120), long];
    const serials = names.map((name) => {
      const certificate = new X509Certificate(make('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z', name).cert);
      expect(certificate.subject).toBe(`CN=${name}`);
      return certificate.serialNumber;
    });
    expect(new Set(serials)).toHaveProperty('size', 3);
  });
});
