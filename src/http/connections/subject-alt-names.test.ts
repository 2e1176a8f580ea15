// The names in a client certificate, parsed from the string that Node gives.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSubjectAltNames } from './subject-alt-names.ts';

test('parseSubjectAltNames parses a real certificate, with IP addresses in their shortest form', () => {
  const pem = readFileSync(new URL('../../../test/fixtures/web-config/client-named.pem', import.meta.url));
  expect(parseSubjectAltNames(new X509Certificate(pem).subjectAltName)).toEqual([
    'prometheus.example.org',
    'ops@example.org',
    '2001:db8::1',
    'spiffe://example.org/prometheus',
  ]);
});

test.each([
  [undefined, []],
  ['', []],
  ['IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1', ['127.0.0.1', '::1']],
  ['DNS:"a, DNS:b", DNS:c', ['a, DNS:b', 'c']],
  ['DNS:"a\\", DNS:b", DNS:c', ['a", DNS:b', 'c']],
  ['DirName:"CN=x, O=y", Registered ID:1.2.3, othername:<unsupported>, DNS:c', ['c']],
  ['URI:http://[::1]:80/a', ['http://[::1]:80/a']],
  ['DNS:a, b', []],
  ['DNS:a"b, DNS:c', []],
  ['DNS:"\\x", DNS:c', []],
])('%j: %j', (text, names) => {
  expect(parseSubjectAltNames(text)).toEqual(names);
});

test('parseSubjectAltNames gives back any list of names that was written', () => {
  const name = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', '\\', ',', ' ', ':', 'D', 'N', 'S') }));
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const written = names.map((text) => (/^[\w.-]+$/.test(text) ? `DNS:${text}` : `DNS:${JSON.stringify(text)}`));
      expect(parseSubjectAltNames(written.join(', '))).toEqual(names);
    }),
  );
});

test('parseSubjectAltNames never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => parseSubjectAltNames(`IP Address:${text}, DNS:${text}`)).not.toThrow();
    }),
  );
});
