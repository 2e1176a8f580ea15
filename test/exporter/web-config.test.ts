// TLS, client certificates, basic authentication and rate limit, as configured by the web configuration file.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { getCiphers, type ConnectionOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { basic, getSecurely, identity, outcome, shakeHands, webConfigOf, webFixture } from '../support/web.ts';

/** An exporter without ElectrumX, with a file of test/fixtures/web-config/valid. */
async function exporterWith(name: string): Promise<TestExporter> {
  return exporterFor(await deadPort(), { web: webConfigOf(webFixture(`valid/${name}.yml`)) });
}

test('an empty web configuration file changes nothing', async () => {
  const { get } = await exporterWith('empty');
  expect((await get('/-/healthy')).status).toBe(200);
});

describe('TLS', () => {
  test('serves metrics with the configured certificate, and nothing over plain HTTP', async () => {
    const simulator = await startSimulator({ era: 'F', sessions: 5, seed: 1 });
    onTestFinished(() => simulator.stop());
    const exporter = await exporterFor(simulator.port, { web: webConfigOf(webFixture('valid/tls.yml')) });
    const { status, body } = await getSecurely(`${exporter.url}/metrics`);
    expect(status).toBe(200);
    expect(parseExposition(body).samples.get('electrumx_up')).toBe(1);
    await expect(fetch(exporter.url.replace('https', 'http'))).rejects.toThrow('fetch failed');
  });

  test('is shown by the address in the log', async () => {
    const { logged, url } = await exporterWith('tls');
    expect(logged.map(({ msg }) => msg)).toContain(`Server listening at ${url}`);
  });

  test('closes HTTP/2 sessions and idle HTTP/1.1 connections on shutdown', async () => {
    const { url, stop } = await exporterWith('tls');
    const session = http2.connect(url, { ca: readFileSync(webFixture('ca.pem')) });
    const idle = await shakeHands(url, { ALPNProtocols: ['http/1.1'] });
    const reply = session.request({ ':path': '/-/healthy' });
    const status = await new Promise((resolve) => reply.once('response', (headers) => resolve(headers[':status'])));
    expect(status).toBe(200);
    idle.write('GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    const ends = Promise.all([session, idle].map((one) => new Promise((resolve) => one.once('close', resolve))));
    await stop();
    await ends;
  });

  test.each([
    ['tls', 'h2'],
    ['tls-without-http2', 'http/1.1'],
  ])('with %s.yml chooses %s for a client that offers HTTP/2 and HTTP/1.1', async (name, protocol) => {
    const { url } = await exporterWith(name);
    const socket = await shakeHands(url, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe(protocol);
    socket.destroy();
  });

  const only = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => ({
    minVersion: version,
    maxVersion: version,
    ciphers: 'DEFAULT:@SECLEVEL=0',
  });
  test.each([
    { name: 'tls', accepted: ['TLSv1.2', 'TLSv1.3'] },
    { name: 'tls-1.3-only', accepted: ['TLSv1.3'] },
    { name: 'tls-1.0-to-1.1', accepted: ['TLSv1', 'TLSv1.1'] },
  ])('with $name.yml accepts the versions $accepted', async ({ name, accepted }) => {
    const { url } = await exporterWith(name);
    for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
      expect([version, await outcome(url, only(version))]).toEqual([
        version,
        accepted.includes(version) ? 'ok' : 'refused',
      ]);
    }
  });

  test('accepts the cipher suites and curves of the file and the suites of TLS 1.3, and no others', async () => {
    const { url } = await exporterWith('everything');
    const cipherFor = async (options: ConnectionOptions) => {
      const socket = await shakeHands(url, { ...identity('client'), ...options });
      const { name } = socket.getCipher();
      socket.destroy();
      return name;
    };
    expect(await cipherFor({ maxVersion: 'TLSv1.2' })).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
    expect(await cipherFor({ ciphers: 'TLS_AES_256_GCM_SHA384' })).toBe('TLS_AES_256_GCM_SHA384');
    expect(await cipherFor({ ecdhCurve: 'P-521' })).toMatch(/^TLS_/);
    await expect(cipherFor({ ciphers: 'ECDHE-ECDSA-AES256-SHA', maxVersion: 'TLSv1.2' })).rejects.toThrow('handshake');
    await expect(cipherFor({ ecdhCurve: 'X448' })).rejects.toThrow('handshake');
  });
});

describe('TLS 1.2', () => {
  /** Those of the options with which a handshake succeeds. */
  const accepted = async (url: string, options: readonly ConnectionOptions[]) => {
    const results: ConnectionOptions[] = [];
    for (const one of options) {
      const handshake = shakeHands(url, { maxVersion: 'TLSv1.2', rejectUnauthorized: false, ...one });
      const socket = await handshake.catch(() => undefined);
      if (socket) results.push(one);
      socket?.destroy();
    }
    return results;
  };

  const intermediate = (key: string) =>
    ['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'CHACHA20-POLY1305'].map((rest) => `ECDHE-${key}-${rest}`);

  test.each([
    ['tls', intermediate('ECDSA')],
    ['tls-rsa', intermediate('RSA')],
    ['tls-without-http2-cipher', ['ECDHE-ECDSA-AES256-SHA']],
  ])(
    "with %s.yml accepts the suites %j and no others, by default Mozilla's intermediate ones",
    async (name, suites) => {
      const { url } = await exporterWith(name);
      const all = getCiphers().filter((cipher) => !cipher.startsWith('tls_'));
      const found = await accepted(
        url,
        all.map((cipher) => ({ ciphers: `${cipher.toUpperCase()}:@SECLEVEL=0` })),
      );
      expect(found.map(({ ciphers }) => ciphers?.replace(':@SECLEVEL=0', '')).sort()).toEqual(suites);
    },
  );

  test("accepts Mozilla's intermediate curves by default, and no others", async () => {
    const { url } = await exporterWith('tls-rsa');
    const curves = ['X25519', 'P-256', 'P-384', 'P-521', 'X448', 'brainpoolP256r1', 'secp256k1'];
    const found = await accepted(
      url,
      curves.map((ecdhCurve) => ({ ecdhCurve })),
    );
    expect(found.map(({ ecdhCurve }) => ecdhCurve)).toEqual(['X25519', 'P-256', 'P-384']);
  });
});

describe('Client certificates', () => {
  test.each([
    { kind: 'RequestClientCert', none: 'ok', client: 'ok', untrusted: 'ok' },
    { kind: 'RequireAnyClientCert', none: 'refused', client: 'ok', untrusted: 'ok' },
    { kind: 'VerifyClientCertIfGiven', none: 'ok', client: 'ok', untrusted: 'refused' },
    { kind: 'RequireAndVerifyClientCert', none: 'refused', client: 'ok', untrusted: 'refused' },
  ])('with $kind: none is $none, a trusted one $client, an untrusted one $untrusted', async ({ kind, ...expected }) => {
    const { url } = await exporterWith(`client-${kind}`);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const by = (client: object) => outcome(url, { minVersion: version, maxVersion: version, ...client });
      expect({
        none: await by({}),
        client: await by(identity('client')),
        untrusted: await by(identity('untrusted')),
      }).toEqual(expected);
    }
  });
});

describe('The names allowed in client certificates', () => {
  test.each(['client-allowed-sans', 'client-allowed-sans-any'])(
    'with %s.yml refuse certificates with other names',
    async (name) => {
      const { url } = await exporterWith(name);
      const by = (client: string) => outcome(url, identity(client));
      expect([await by('client-named'), await by('client'), await by('untrusted'), await outcome(url)]).toEqual([
        'ok',
        ...['refused', 'refused', 'refused'],
      ]);
    },
  );
});

describe.each(['inline', 'key-inline', 'file-before-inline'])('Certificates of %s.yml', (name) => {
  test('work like those in files', async () => {
    const { url } = await exporterWith(name);
    expect(await outcome(url, identity('client'))).toBe('ok');
    expect(await outcome(url)).toBe(name === 'inline' ? 'refused' : 'ok');
  });
});

describe('The rate limit', () => {
  test('passes a burst and then answers 429, without authentication and without the headers of the file', async () => {
    const { get } = await exporterWith('rate-limit');
    const answers = [];
    for (let time = 0; time < 4; time++) answers.push(await get('/-/healthy'));
    const seen = answers.map(({ status, headers }) => [
      status,
      headers.get('www-authenticate')?.slice(0, 5),
      headers.get('x-frame-options'),
    ]);
    expect(seen).toEqual([...Array<unknown>(3).fill([401, 'Basic', 'deny']), [429, undefined, null]]);
    expect(answers[3]?.headers.get('connection')).toBe('close');
  });

  test('is off with an interval of 0', async () => {
    const { get } = await exporterWith('rate-limit-off');
    for (let time = 0; time < 5; time++) expect((await get('/-/healthy')).status).toBe(200);
  });
});

describe('Basic authentication', () => {
  test.each([
    ['the right password', basic('prometheus', 'correct horse'), 200],
    ['another user with theirs, in UTF-8 and with a colon', basic('operator', 'päss:wörd'), 200],
    ['a wrong password', basic('prometheus', 'wrong horse'), 401],
    ["another user's password", basic('operator', 'correct horse'), 401],
    ['an unknown user', basic('nobody', 'correct horse'), 401],
    ['a property of every object as user', basic('constructor', ''), 401],
    ['no header', {}, 401],
    ['another scheme', { authorization: 'Bearer abc' }, 401],
    ['no base64', { authorization: 'Basic %%%' }, 401],
    ['no colon', { authorization: `Basic ${Buffer.from('prometheus').toString('base64')}` }, 401],
  ])('%s', async (_, headers, status) => {
    const { get } = await exporterWith('basic-auth');
    for (const time of ['first', 'second']) expect([time, (await get('/', headers)).status]).toEqual([time, status]);
  });

  test.each(['/', '/metrics', '/-/healthy', '/-/ready', '/nope', '//metrics', '/metrics/', '/METRICS'])(
    'protects %s, names the scheme, and closes the connection',
    async (path) => {
      const { get } = await exporterWith('basic-auth');
      const { status, headers } = await get(path);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(headers.get('connection')).toBe('close');
    },
  );

  test('answers 503 with Retry-After while too many comparisons are queued', async () => {
    const { get } = await exporterWith('basic-auth');
    const guesses = Array.from({ length: 30 }, (_, n) => get('/', basic('operator', `guess ${n}`)));
    const answers = await Promise.all(guesses);
    const busy = answers.find(({ status }) => status === 503);
    expect(Object.fromEntries(busy?.headers ?? [])).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect((await get('/', basic('operator', 'päss:wörd'))).status).toBe(200);
  });

  test('is not needed to learn that a path is malformed', async () => {
    const { get } = await exporterWith('basic-auth');
    expect((await get('/%zz')).status).toBe(400);
  });

  test.each(['HEAD', 'POST', 'OPTIONS', 'DELETE'])('protects %s', async (method) => {
    const { url } = await exporterWith('basic-auth');
    expect((await fetch(`${url}/metrics`, { method })).status).toBe(401);
  });

  test('works together with client certificates and every other key', async () => {
    const { url } = await exporterWith('everything');
    const headers = basic('1234', 'päss:wörd');
    expect((await getSecurely(`${url}/-/healthy`, identity('client'))).status).toBe(401);
    const answer = await getSecurely(`${url}/-/healthy`, { ...identity('client'), headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-frame-options']).toBe('sameorigin');
  });
});

test('every reply has the headers of the file', async () => {
  const { get } = await exporterWith('headers');
  for (const path of ['/', '/metrics', '/nope']) {
    const headers = Object.fromEntries((await get(path)).headers);
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'self'",
      'x-frame-options': 'deny',
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '0',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
    });
  }
});
