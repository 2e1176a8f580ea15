// What a web config file may say, and what is said about one that says something else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWebConfig } from './web-config.ts';

const HASH = '$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG';

function settings(text: string, file = '/etc/exporter/web-config.yml') {
  const parsed = parseWebConfig(text, file);
  if (!parsed.ok) throw new Error(parsed.mistakes.join('\n'));
  return parsed.web;
}

/** The mistakes, without the name of the file. */
function mistakes(text: string): readonly string[] {
  const parsed = parseWebConfig(text, 'w.yml');
  if (parsed.ok) return [];
  for (const mistake of parsed.mistakes) expect(mistake).toMatch(/^w\.yml: /);
  return parsed.mistakes.map((mistake) => mistake.slice('w.yml: '.length));
}

describe('A file without mistakes', () => {
  test.each([
    '',
    '# nothing\n',
    '---\n',
    'tls_server_config:\nbasic_auth_users: ~\n',
    'tls_server_config: {cert_file: ""}',
  ])('%j asks for nothing', (text) => {
    expect(settings(text)).toEqual({ tls: undefined, http2: true, headers: {}, users: new Map() });
  });

  test('has paths relative to its own folder, and absolute ones', () => {
    const { tls } = settings('tls_server_config: {cert_file: tls/a.pem, key_file: /run/a.key}');
    expect(tls).toMatchObject({ certFile: '/etc/exporter/tls/a.pem', keyFile: '/run/a.key', clientCaFile: undefined });
    expect(settings('tls_server_config: {cert_file: a, key_file: ../b}', 'conf/w.yml').tls).toMatchObject({
      certFile: 'conf/a',
      keyFile: 'b',
    });
  });

  test('speaks TLS 1.2 and 1.3, and asks for no certificates, if not told otherwise', () => {
    const { tls } = settings('tls_server_config: {cert_file: a, key_file: b}');
    expect(tls?.clientAuth).toBe('NoClientCert');
    expect(tls?.options).toMatchObject({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', honorCipherOrder: true });
  });

  test.each(['RequireClientCert', 'RequireAnyClientCert'])('%s is one kind under two names', (kind) => {
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
  ])('a switch may say %s', (word, value) => {
    expect(settings(`http_server_config: {http2: ${word}}`).http2).toBe(value);
  });

  test('may use aliases, and names that look like numbers or like something of JavaScript', () => {
    const { users } = settings(`basic_auth_users:\n  007: &h ${HASH}\n  __proto__: *h\n  null: *h\n`);
    expect([...users]).toEqual(['007', '__proto__', 'null'].map((name) => [name, HASH]));
  });
});

describe('Mistakes', () => {
  test('are told all at once, each with key, value and what is allowed', () => {
    const text = `
tls_server_config:
  key_file: server.key
  client_auth_type: Maybe
  client_ca_file: [ca.pem]
  min_version: TLS14
  max_version: SSL3
  cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_RSA_WITH_RC4_128_SHA]
  curve_preferences: P-256
  prefer_server_cipher_suites: perhaps
  client_allowed_sans: [a]
  ciphers: all
http_server_config:
  http2: 2
  headers:
    X-Frame-Options: allow
    X-Content-Type-Options: sniff
    X-XSS-Protection: "1\\n2"
    Server: nginx
basic_auth_users:
  alice: secret
  b:ob: ${HASH}
rate_limit: {interval: 1s}
tls_config: {}
`;
    const versions = 'expected one of TLS10, TLS11, TLS12, TLS13';
    const inTls =
      'expected one of cert_file, key_file, client_auth_type, client_ca_file, min_version, max_version, cipher_suites, ' +
      'curve_preferences, prefer_server_cipher_suites';
    const atTop = 'expected one of tls_server_config, http_server_config, basic_auth_users';
    const hash = 'expected a bcrypt hash of the password: $2y$, $2b$ or $2a$ and 56 characters more';
    const told = mistakes(text);
    expect(
      told.map((line) => line.replace(/(cipher_suites\[1\].*TLS_AES_128_GCM_SHA256, ).*/, '$1...')).sort(),
    ).toEqual(
      [
        `rate_limit: not supported by this exporter; ${atTop}`,
        `tls_config: unknown key; ${atTop}`,
        'tls_server_config.cert_file: missing; expected the path of a file',
        'tls_server_config.client_auth_type=Maybe: expected one of NoClientCert, RequestClientCert, RequireAnyClientCert, ' +
          'RequireClientCert, VerifyClientCertIfGiven, RequireAndVerifyClientCert',
        'tls_server_config.client_ca_file: expected one value',
        `tls_server_config.min_version=TLS14: ${versions}`,
        `tls_server_config.max_version=SSL3: ${versions}`,
        'tls_server_config.cipher_suites[1]=TLS_RSA_WITH_RC4_128_SHA: expected one of TLS_AES_128_GCM_SHA256, ...',
        'tls_server_config.curve_preferences: expected a list of texts',
        'tls_server_config.prefer_server_cipher_suites=perhaps: expected true or false',
        `tls_server_config.client_allowed_sans: not supported by this exporter; ${inTls}`,
        `tls_server_config.ciphers: unknown key; ${inTls}`,
        'http_server_config.http2=2: expected true or false',
        'http_server_config.headers.X-Frame-Options=allow: expected deny or sameorigin',
        'http_server_config.headers.X-Content-Type-Options=sniff: expected nosniff',
        'http_server_config.headers.X-XSS-Protection=<hidden>: expected one line of text without control characters',
        'http_server_config.headers.Server: unknown key; expected one of Content-Security-Policy, X-Frame-Options, ' +
          'X-Content-Type-Options, X-XSS-Protection, Strict-Transport-Security',
        `basic_auth_users.alice=<hidden>: ${hash}`,
        'basic_auth_users.b:ob: expected a user name without a colon',
      ].sort(),
    );
  });

  test.each([
    ['- a\n', ['expected a mapping, key: value']],
    ['tls_server_config: on\n', ['tls_server_config: expected a mapping, key: value']],
    ['a: 1\na: 2\n', ['no YAML at line 2, column 1: duplicate key']],
    ['basic_auth_users: *nobody\n', ['no YAML: an alias (*name) stands for nothing, or for too much']],
    ['a: {\n', ['no YAML at line 2, column 1: bad indent']],
    ['--- \n--- \n', ['no YAML at line 2, column 1: multiple docs']],
    ['? [a]\n: b\n', ['expected texts as keys']],
  ])('of form: %j', (text, expected) => {
    expect(mistakes(text)).toEqual(expected);
  });

  test.each([
    [
      'client_auth_type: VerifyClientCertIfGiven',
      'client_auth_type=VerifyClientCertIfGiven: expected client_ca_file with it',
    ],
    [
      'client_auth_type: RequireAndVerifyClientCert',
      'client_auth_type=RequireAndVerifyClientCert: expected client_ca_file with it',
    ],
    ['client_ca_file: c', 'client_ca_file=c: expected a client_auth_type that asks for certificates with it'],
    ['min_version: TLS13\n  max_version: TLS12', 'max_version=TLS12: expected no less than min_version, TLS13'],
    ['max_version: TLS11', 'max_version=TLS11: expected no less than min_version, TLS12'],
  ])('of settings that contradict each other: %j', (text, expected) => {
    expect(mistakes(`tls_server_config:\n  cert_file: a\n  key_file: b\n  ${text}\n`)).toEqual([
      `tls_server_config.${expected}`,
    ]);
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
  ])('show no hash: %j', (text) => {
    expect(mistakes(text).length).toBeGreaterThan(0);
    expect(mistakes(text).join()).not.toContain('X0h1gDsPszWURQaxFh');
  });

  test('show no key that was put where its path belongs', () => {
    const key = 'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgY6HcS2+/oDODeN23';
    const told = mistakes(
      `tls_server_config:\n  min_version: ${key}\n  client_auth_type: |\n    -----BEGIN PRIVATE KEY-----\n    ${key}\n`,
    ).join();
    expect(told).toContain('min_version=<hidden>');
    expect(told).not.toContain('MIGHAgEA');
    expect(told).not.toContain('BEGIN');
  });
});

describe('Any text', () => {
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

  test('is settings or mistakes of one line each that show no hash, and never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(almostYaml, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parseWebConfig(text, 'w.yml');
        if (parsed.ok) return;
        expect(parsed.mistakes.length).toBeGreaterThan(0);
        for (const mistake of parsed.mistakes) {
          expect(mistake).toMatch(/^w\.yml: [^\n\r]+$/);
          expect(mistake).not.toContain(HASH.slice(7));
        }
      }),
      { numRuns: 3000 },
    );
  });

  const nested = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, word, fc.array(tie('value'), { maxLength: 3 }), tie('mapping')),
    mapping: fc.dictionary(word, tie('value'), { maxKeys: 5 }),
  })).mapping;

  test('that is a mapping of anything likewise', () => {
    fc.assert(
      fc.property(nested, (value) => {
        expect(() => parseWebConfig(JSON.stringify(value), 'w.yml')).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});
