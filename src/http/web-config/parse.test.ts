// Parsing the web configuration file, and the errors it reports.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWebConfig } from './parse.ts';

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';

function settings(source: string, file = '/etc/exporter/web-config.yml') {
  const parsed = parseWebConfig(source, file);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  return parsed.settings;
}

/** The errors, without the name of the file. */
function errors(source: string): readonly string[] {
  const parsed = parseWebConfig(source, 'w.yml');
  if (parsed.ok) return [];
  for (const error of parsed.errors) expect(error).toMatch(/^w\.yml: /);
  return parsed.errors.map((error) => error.slice('w.yml: '.length));
}

describe('A valid file', () => {
  test.each([
    '',
    '# nothing\n',
    '---\n',
    'tls_server_config:\nbasic_auth_users: ~\n',
    'tls_server_config: {cert_file: ""}',
  ])('%j sets nothing', (text) => {
    expect(settings(text)).toEqual({
      tls: undefined,
      http2: true,
      headers: {},
      users: new Map(),
      rateLimit: undefined,
    });
  });

  test('can have paths relative to its folder, and absolute ones', () => {
    const { tls } = settings('tls_server_config: {cert_file: tls/a.pem, key_file: /run/a.key}');
    expect(tls).toMatchObject({
      cert: { file: '/etc/exporter/tls/a.pem' },
      key: { file: '/run/a.key' },
      clientCa: undefined,
    });
    expect(settings('tls_server_config: {cert_file: a, key_file: ../b}', 'conf/w.yml').tls).toMatchObject({
      cert: { file: 'conf/a' },
      key: { file: 'b' },
    });
  });

  test('defaults to TLS 1.2 and 1.3 without client certificates', () => {
    const { tls } = settings('tls_server_config: {cert_file: a, key_file: b}');
    expect(tls?.clientAuth).toBe('NoClientCert');
    expect(tls?.options).toMatchObject({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', honorCipherOrder: true });
  });

  test.each(['RequireClientCert', 'RequireAnyClientCert'])('accepts %s as RequireAnyClientCert', (kind) => {
    const { tls } = settings(`tls_server_config: {cert_file: a, key_file: b, client_auth_type: ${kind}}`);
    expect(tls?.clientAuth).toBe('RequireAnyClientCert');
  });

  test.each([
    ['yes', true],
    ['On', true],
    ['TRUE', true],
    ['no', false],
    ['off', false],
    ['False', false],
  ])('accepts %s as a boolean', (word, value) => {
    expect(settings(`http_server_config: {http2: ${word}}`).http2).toBe(value);
  });

  test('can use aliases, and user names that look like numbers or JavaScript properties', () => {
    const { users } = settings(`basic_auth_users:\n  007: &h ${HASH}\n  __proto__: *h\n  null: *h\n`);
    expect([...users]).toEqual(['007', '__proto__', 'null'].map((name) => [name, HASH]));
  });
});

describe('Errors', () => {
  test('are reported all at once', () => {
    const text = 'tls_config: {}\nhttp_server_config: {http2: 2}\nbasic_auth_users: {alice: secret}\nrate_limit: 5\n';
    expect(errors(text).map((error) => error.replace(/[:=].*/, ''))).toEqual([
      'tls_config',
      'http_server_config.http2',
      'basic_auth_users.alice',
      'rate_limit',
    ]);
  });

  test.each([
    ['tls_server_config: on\n', ['tls_server_config: expected a mapping, key: value']],
    ['? [a]\n: b\n', ['expected strings as keys']],
    ['tls_server_config:\n  cert_file: [a]\n  key_file: b\n', ['tls_server_config.cert_file: expected a single value']],
    [
      'tls_server_config:\n  cert_file: a\n  key_file: b\n  max_version: TLS11\n',
      ['tls_server_config.max_version=TLS11: expected min_version (TLS12) or later'],
    ],
  ])('include those of structure: %j', (text, expected) => {
    expect(errors(text)).toEqual(expected);
  });

  test.each([
    `basic_auth_users: {alice: ${HASH}x}`,
    `basic_auth_users: {${HASH}: alice}`,
    `basic_auth_user: {alice: ${HASH}}`,
    `${HASH}: alice`,
    `tls_server_config: {key_file: ${HASH}, min_version: ${HASH}}`,
    `http_server_config: {http2: ${HASH}, headers: {X-Frame-Options: ${HASH}}}`,
    `basic_auth_users: {alice: ${HASH}`,
    `basic_auth_users: *${HASH}`,
    `basic_auth_users:\n alice: "${HASH}\n bob: ${HASH}"`,
  ])('never show a hash: %j', (text) => {
    expect(errors(text).length).toBeGreaterThan(0);
    expect(errors(text).join()).not.toContain('X0h1gDsPszWURQaxFh');
  });

  test('never show a key that was written instead of its path', () => {
    const key = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY6HcS2+/oDODeN23';
    const lines = errors(
      `tls_server_config:\n  min_version: ${key}\n  client_auth_type: |\n    -----BEGIN PRIVATE KEY-----\n    ${key}\n`,
    ).join();
    expect(lines).toContain('min_version=<hidden>');
    expect(lines).not.toContain('MIGHAgEA');
    expect(lines).not.toContain('BEGIN');
  });
});

describe('Any string', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'tls_server_config',
      'cert_file',
      'key_file',
      'client_auth_type',
      'cipher_suites',
      'http_server_config',
    ),
    fc.constantFrom(
      'headers',
      'X-Frame-Options',
      'basic_auth_users',
      'min_version',
      'TLS10',
      '&a',
      '*a',
      '<<',
      '!!set',
      '!!binary',
    ),
    fc.constantFrom(
      '!!omap',
      '!!pairs',
      '!x',
      'null',
      '~',
      '|',
      '>',
      '"',
      "'",
      '%YAML 1.1',
      '---',
      '...',
      '__proto__',
      HASH,
    ),
    fc.string({ maxLength: 5, unit: 'binary' }),
  );
  const separator = fc.constantFrom(': ', ':\n  ', '\n', '\n  ', '\n- ', ', ', ' ', '{', '}', '[', ']', '? ', '\t');
  const almostYaml = fc.array(fc.tuple(word, separator), { maxLength: 20 }).map((parts) => parts.flat().join(''));

  test('gives settings, or errors of one line each without a hash, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(almostYaml, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseWebConfig(text, 'w.yml');
        if (parsed.ok) return;
        expect(parsed.errors.length).toBeGreaterThan(0);
        for (const error of parsed.errors) {
          expect(error).toMatch(/^w\.yml: [^\n\r]+$/);
          expect(error).not.toContain(HASH.slice(7));
        }
      }),
      { numRuns: 3000 },
    );
  });

  const nested = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, word, fc.array(tie('value'), { maxLength: 3 }), tie('mapping')),
    mapping: fc.dictionary(word, tie('value'), { maxKeys: 5 }),
  })).mapping;

  test('never throws for any mapping', () => {
    fc.assert(
      fc.property(nested, (value) => {
        expect(() => parseWebConfig(JSON.stringify(value), 'w.yml')).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});
