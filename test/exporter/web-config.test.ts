// TLS and basic authentication of the web endpoint, as the web config file asks for them.
import { X509Certificate } from 'node:crypto';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readWebConfig } from '../../src/http/web-config-file.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor, type TestExporter } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { run } from '../support/process.ts';
import { basic, getSecurely, identity, shakeHands, webConfigOf, webFixture } from '../support/web.ts';

/** An exporter with one of the web config files of test/fixtures/web-config/valid, without an ElectrumX. */
async function exporterWith(name: string): Promise<TestExporter> {
  return exporterFor(await deadPort(), { web: webConfigOf(webFixture(`valid/${name}.yml`)) });
}

/** `ok`, or `refused` when the connection ends without an answer. */
async function outcome(url: string, options: ConnectionOptions = {}): Promise<string> {
  return getSecurely(`${url}/-/healthy`, options).then(
    ({ status }) => (status === 200 ? 'ok' : `status ${status}`),
    () => 'refused',
  );
}

test.each(readdirSync(webFixture('valid')))('valid/%s is taken', (name) => {
  expect(() => webConfigOf(webFixture(`valid/${name}`))).not.toThrow();
});

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

describe('Files that cannot be served with', () => {
  const files = { cert: 'server.pem', key: 'server.key', ca: 'ca.pem' };
  test.each([
    ['a key of another certificate', { key: 'server-2.key' }, 'key_file', 'expected the key that belongs to cert_file'],
    ['a certificate as key', { key: 'server.pem' }, 'key_file', 'expected a private key in PEM, without a passphrase'],
    ['a key as certificate', { cert: 'server.key' }, 'cert_file', 'expected a certificate in PEM'],
    ['no certificate as authority', { ca: 'README.md' }, 'client_ca_file', 'expected certificates in PEM'],
    ['a folder', { ca: 'valid' }, 'client_ca_file', 'cannot be read: EISDIR'],
    ['DER instead of PEM', { cert: 'DER' }, 'cert_file', 'OpenSSL refuses it: no start line'],
  ])('%s', (_, changed, key, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'DER'), new X509Certificate(readFileSync(webFixture('server.pem'))).raw);
    const { cert, key: keyFile, ca } = { ...files, ...changed };
    const path = (name: string) => (name === 'DER' ? join(folder, name) : webFixture(name));
    writeFileSync(
      join(folder, 'w.yml'),
      `tls_server_config: {cert_file: ${path(cert)}, key_file: ${path(keyFile)}, client_ca_file: ${path(ca)}, client_auth_type: RequireAnyClientCert}`,
    );
    const read = readWebConfig(join(folder, 'w.yml'));
    expect(read.ok ? [] : read.mistakes).toEqual([
      expect.stringMatching(new RegExp(`^\\S*w\\.yml: tls_server_config\\.${key}=\\S+: ${problem}$`)),
    ]);
  });
});

describe('Certificates that are replaced while it runs', () => {
  const fingerprintOf = (name: string) => new X509Certificate(readFileSync(webFixture(name))).fingerprint256;

  async function exporterInFolder() {
    const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    // All of one size, and written into the file that is there: only its times tell that it has changed.
    const put = (from: string, to: string) =>
      writeFileSync(join(folder, to), readFileSync(webFixture(from), 'utf8').padEnd(2000, '\n'));
    put('server.pem', 'server.pem');
    put('server.key', 'server.key');
    put('ca.pem', 'ca.pem');
    const file = join(folder, 'web-config.yml');
    writeFileSync(
      file,
      'tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem, client_auth_type: VerifyClientCertIfGiven}',
    );
    const exporter = await exporterFor(await deadPort(), { web: webConfigOf(file) });
    const served = async (options: ConnectionOptions = {}) =>
      (await getSecurely(`${exporter.url}/-/healthy`, options)).fingerprint;
    return { ...exporter, put, folder, served };
  }

  test('are served at the next connection, whether it names the server or not', async () => {
    const { put, served, logged } = await exporterInFolder();
    expect(await served()).toBe(fingerprintOf('server.pem'));
    put('server-2.pem', 'server.pem');
    put('server-2.key', 'server.key');
    expect(await served()).toBe(fingerprintOf('server-2.pem'));
    expect(await served({ servername: 'localhost' })).toBe(fingerprintOf('server-2.pem'));
    put('server.pem', 'server.pem');
    put('server.key', 'server.key');
    expect(await served({ servername: 'localhost' })).toBe(fingerprintOf('server.pem'));
    expect(logged.filter(({ msg }) => msg === 'certificate files read again')).toHaveLength(2);
  });

  test('are served once they are whole; until then the old ones are, and the log says so once', async () => {
    const { put, served, logged, folder } = await exporterInFolder();
    const errors = () => logged.filter(({ level }) => level === 50);
    put('server-2.pem', 'server.pem');
    expect(await served()).toBe(fingerprintOf('server.pem'));
    expect(await served()).toBe(fingerprintOf('server.pem'));
    expect(errors()).toHaveLength(1);
    expect(errors()[0]?.['msg']).toContain('serving with the old ones');
    rmSync(join(folder, 'server.key'));
    expect(await served()).toBe(fingerprintOf('server.pem'));
    put('server-2.key', 'server.key');
    expect(await served()).toBe(fingerprintOf('server-2.pem'));
    expect(errors()).toHaveLength(2);
  });

  test('of the authority of clients count as well', async () => {
    const { url, folder } = await exporterInFolder();
    expect(await outcome(url, identity('stranger'))).toBe('refused');
    appendFileSync(join(folder, 'ca.pem'), readFileSync(webFixture('stranger.pem')));
    expect(await outcome(url, identity('client'))).toBe('ok');
    writeFileSync(join(folder, 'ca.pem'), readFileSync(webFixture('server.pem')));
    expect(await outcome(url, identity('client'))).toBe('refused');
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
    'covers %s, and says how to log in',
    async (path) => {
      const { get } = await exporterWith('basic-auth');
      const { status, headers } = await get(path);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    },
  );

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

describe('The process', () => {
  const flag = (file: string) => `--web.config.file=${file}`;

  test('ends with code 2 and every mistake in the file before it listens, and so with --config.check', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'web-config-')), 'web-config.yml');
    onTestFinished(() => rmSync(join(file, '..'), { recursive: true }));
    writeFileSync(file, 'tls_server_config:\n  cert_file: none.pem\n  key_file: web-config.yml\n');
    for (const more of [[], ['--config.check']]) {
      const { code, stdout, stderr } = await run([flag(file), ...more]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.split('\n')).toEqual([
        'electrumx-exporter: 2 mistakes in the configuration:',
        `  ${file}: tls_server_config.cert_file=${join(file, '..', 'none.pem')}: cannot be read: ENOENT`,
        `  ${file}: tls_server_config.key_file=${file}: expected a private key in PEM, without a passphrase`,
        '',
      ]);
    }
  });

  test('ends with code 2 when the file is not there', async () => {
    const { code, stderr } = await run([flag('/nowhere/web-config.yml')]);
    expect(code).toBe(2);
    expect(stderr).toContain('/nowhere/web-config.yml: cannot be read: ENOENT');
  });

  test('takes a good file, by flag or environment', async () => {
    const file = webFixture('valid/everything.yml');
    expect(await run(['--config.check', flag(file)])).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run(['--config.check'], { ELECTRUMX_EXPORTER_WEB_CONFIG_FILE: file });
    expect(stdout).toContain(file);
    expect(stdout).not.toContain('$2b$');
  });

  test('does not run the demo with it', async () => {
    expect(await run(['demo', flag(webFixture('valid/tls.yml'))])).toMatchObject({ code: 2 });
  });
});
