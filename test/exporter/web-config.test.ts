// TLS and basic authentication of the web endpoint, as the web config file asks for them.
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import type { ConnectionOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { basic, getSecurely, identity, outcome, shakeHands, webConfigOf, webFixture } from '../support/web.ts';

/** An exporter with one of the web config files of test/fixtures/web-config/valid, without an ElectrumX. */
async function exporterWith(name: string): Promise<TestExporter> {
  return exporterFor(await deadPort(), { web: webConfigOf(webFixture(`valid/${name}.yml`)) });
}

test('an empty web config file changes nothing', async () => {
  const { get } = await exporterWith('empty');
  expect((await get('/-/healthy')).status).toBe(200);
});

describe('TLS', () => {
  test('serves metrics of ElectrumX with the certificate, and nothing without TLS', async () => {
    const simulator = await startSimulator({ era: 'F', sessions: 5, seed: 1 });
    onTestFinished(() => simulator.stop());
    const exporter = await exporterFor(simulator.port, { web: webConfigOf(webFixture('valid/tls.yml')) });
    const { status, body } = await getSecurely(`${exporter.url}/metrics`);
    expect(status).toBe(200);
    expect(parseExposition(body).samples.get('electrumx_up')).toBe(1);
    await expect(fetch(exporter.url.replace('https', 'http'))).rejects.toThrow('fetch failed');
  });

  test('is what the log tells the address with', async () => {
    const { logged, url } = await exporterWith('tls');
    expect(logged.map(({ msg }) => msg)).toContain(`Server listening at ${url}`);
  });

  test('lets go of its clients when it stops: of HTTP/2 sessions and of idle HTTP/1.1 connections', async () => {
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
  ])('%s: a client that speaks HTTP/2 and HTTP/1.1 is offered %s', async (name, protocol) => {
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
  ])('$name: the versions spoken are $accepted', async ({ name, accepted }) => {
    const { url } = await exporterWith(name);
    for (const version of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
      expect([version, await outcome(url, only(version))]).toEqual([
        version,
        accepted.includes(version) ? 'ok' : 'refused',
      ]);
    }
  });

  test('speaks the cipher suites and curves of the file, and those of TLS 1.3, and no others', async () => {
    const { url } = await exporterWith('everything');
    const spoken = async (options: ConnectionOptions) => {
      const socket = await shakeHands(url, { ...identity('client'), ...options });
      const { name } = socket.getCipher();
      socket.destroy();
      return name;
    };
    expect(await spoken({ maxVersion: 'TLSv1.2' })).toBe('ECDHE-ECDSA-AES128-GCM-SHA256');
    expect(await spoken({ ciphers: 'TLS_AES_256_GCM_SHA384' })).toBe('TLS_AES_256_GCM_SHA384');
    expect(await spoken({ ecdhCurve: 'P-521' })).toMatch(/^TLS_/);
    await expect(spoken({ ciphers: 'ECDHE-ECDSA-AES256-SHA', maxVersion: 'TLSv1.2' })).rejects.toThrow('handshake');
    await expect(spoken({ ecdhCurve: 'X448' })).rejects.toThrow('handshake');
  });
});

describe('Client certificates', () => {
  test.each([
    { kind: 'RequestClientCert', none: 'ok', client: 'ok', stranger: 'ok' },
    { kind: 'RequireAnyClientCert', none: 'refused', client: 'ok', stranger: 'ok' },
    { kind: 'VerifyClientCertIfGiven', none: 'ok', client: 'ok', stranger: 'refused' },
    { kind: 'RequireAndVerifyClientCert', none: 'refused', client: 'ok', stranger: 'refused' },
  ])('$kind: none $none, from the authority $client, from another $stranger', async ({ kind, ...expected }) => {
    const { url } = await exporterWith(`client-${kind}`);
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const by = (who: object) => outcome(url, { minVersion: version, maxVersion: version, ...who });
      expect({
        none: await by({}),
        client: await by(identity('client')),
        stranger: await by(identity('stranger')),
      }).toEqual(expected);
    }
  });
});

describe('The names in client certificates', () => {
  test.each(['client-allowed-sans', 'client-allowed-sans-any'])(
    '%s: keep everyone out whose certificate has none of those allowed',
    async (name) => {
      const { url } = await exporterWith(name);
      const by = (who: string) => outcome(url, identity(who));
      expect([await by('client-named'), await by('client'), await by('stranger'), await outcome(url)]).toEqual([
        'ok',
        ...['refused', 'refused', 'refused'],
      ]);
    },
  );
});

describe.each(['inline', 'key-inline', 'file-before-inline'])('Certificates as in %s', (name) => {
  test('serve as those in files do', async () => {
    const { url } = await exporterWith(name);
    expect(await outcome(url, identity('client'))).toBe('ok');
    expect(await outcome(url)).toBe(name === 'inline' ? 'refused' : 'ok');
  });
});

describe('The rate limit', () => {
  test('lets a burst pass and answers 429 after it, before it asks for a password or sets headers', async () => {
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
    'covers %s, says how to log in, and hangs up',
    async (path) => {
      const { get } = await exporterWith('basic-auth');
      const { status, headers } = await get(path);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
      expect(headers.get('connection')).toBe('close');
    },
  );

  test('asks to come again when too many passwords are waiting', async () => {
    const { get } = await exporterWith('basic-auth');
    const guesses = Array.from({ length: 30 }, (_, n) => get('/', basic('operator', `guess ${n}`)));
    const answers = await Promise.all(guesses);
    const busy = answers.find(({ status }) => status === 503);
    expect(Object.fromEntries(busy?.headers ?? [])).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 503]));
    expect((await get('/', basic('operator', 'päss:wörd'))).status).toBe(200);
  });

  test('tells nobody more than that a path is malformed', async () => {
    const { get } = await exporterWith('basic-auth');
    expect((await get('/%zz')).status).toBe(404);
  });

  test.each(['HEAD', 'POST', 'OPTIONS', 'DELETE'])('covers %s', async (method) => {
    const { url } = await exporterWith('basic-auth');
    expect((await fetch(`${url}/metrics`, { method })).status).toBe(401);
  });

  test('works over HTTP/2 with client certificates: every key at once', async () => {
    const { url } = await exporterWith('everything');
    const headers = basic('1234', 'päss:wörd');
    expect((await getSecurely(`${url}/-/healthy`, identity('client'))).status).toBe(401);
    const answer = await getSecurely(`${url}/-/healthy`, { ...identity('client'), headers });
    expect(answer.status).toBe(200);
    expect(answer.headers['x-frame-options']).toBe('sameorigin');
  });
});

test('the headers of the file are those of every answer', async () => {
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
