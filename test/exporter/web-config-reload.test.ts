// Changes of the web configuration file, and of the files that it names, while the exporter runs.
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { basic, getSecurely, identity, outcome, shakeHands, webConfigOf, webFixture } from '../support/web.ts';

const TLS = 'tls_server_config: {cert_file: server.pem, key_file: server.key';
const WITH_CA = `${TLS}, client_ca_file: ca.pem, client_auth_type: VerifyClientCertIfGiven}`;
const HASH = '$2b$04$0aVRRlx6KIdF8MwWl25/UegADuA3teDfPK2w3LhjinsaqbFmJ3OV2'; // of `correct horse`
const OTHER_HASH = '$2b$04$F3Xg6.Xwoo0TneXUswYqAugg5d/XwIXom.elyo0az7H0fYemxnuoO'; // of `päss:wörd`

const fingerprintOf = (name: string) => new X509Certificate(readFileSync(webFixture(name))).fingerprint256;

/** An exporter whose web configuration file is in a temporary folder with a certificate, its key and a CA for clients. */
async function exporterInFolder(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // All of one size, and written in place: neither size nor inode shows that a file has changed.
  const put = (from: string, to: string) =>
    writeFileSync(join(folder, to), readFileSync(webFixture(from), 'utf8').padEnd(2000, '\n'));
  for (const name of ['server.pem', 'server.key', 'ca.pem']) put(name, name);
  const file = join(folder, 'web-config.yml');
  const write = (now: string) => {
    writeFileSync(file, now);
    settle();
  };
  /** As if the file had been written a while ago. */
  const settle = () => utimesSync(file, new Date(2020, 1), new Date(2020, 1));
  write(source);
  const exporter = await exporterFor(await deadPort(), { web: webConfigOf(file) });
  const served = async (options: ConnectionOptions = {}) =>
    (await getSecurely(`${exporter.url}/-/healthy`, options)).fingerprint;
  /** of warnings (40) and errors (50) */
  const lines = (level: number) => exporter.logged.filter((line) => line['level'] === level);
  return { ...exporter, folder, file, put, write, settle, served, lines };
}

describe('Certificates that are replaced', () => {
  test('are used from the next connection on, with and without a server name', async () => {
    const { put, served, logged } = await exporterInFolder(WITH_CA);
    expect(await served()).toBe(fingerprintOf('server.pem'));
    put('server-2.pem', 'server.pem');
    put('server-2.key', 'server.key');
    expect(await served()).toBe(fingerprintOf('server-2.pem'));
    expect(await served({ servername: 'localhost' })).toBe(fingerprintOf('server-2.pem'));
    put('server.pem', 'server.pem');
    put('server.key', 'server.key');
    expect(await served({ servername: 'localhost' })).toBe(fingerprintOf('server.pem'));
    expect(logged.filter(({ msg }) => msg === 'web configuration and certificates reloaded')).toHaveLength(2);
  });

  test('are used once certificate and key match; until then the previous ones are, and one line is logged', async () => {
    const { put, served, lines, folder } = await exporterInFolder(WITH_CA);
    put('server-2.pem', 'server.pem');
    expect(await served()).toBe(fingerprintOf('server.pem'));
    expect(await served()).toBe(fingerprintOf('server.pem'));
    expect(lines(50)).toHaveLength(1);
    expect(JSON.stringify(lines(50)[0])).toMatch(/tls_server_config\.key_file=.*the previous one stays in force/);
    rmSync(join(folder, 'server.key'));
    expect(await served()).toBe(fingerprintOf('server.pem'));
    put('server-2.key', 'server.key');
    expect(await served()).toBe(fingerprintOf('server-2.pem'));
    expect(lines(50)).toHaveLength(2);
  });

  test('include the CA of clients', async () => {
    const { url, folder } = await exporterInFolder(WITH_CA);
    expect(await outcome(url, identity('untrusted'))).toBe('refused');
    appendFileSync(join(folder, 'ca.pem'), readFileSync(webFixture('untrusted.pem')));
    expect(await outcome(url, identity('client'))).toBe('ok');
    writeFileSync(join(folder, 'ca.pem'), readFileSync(webFixture('server.pem')));
    expect(await outcome(url, identity('client'))).toBe('refused');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('invalidate sessions of %s', async (version) => {
    const { url, folder } = await exporterInFolder(WITH_CA);
    const options = { ...identity('client'), maxVersion: version };
    const first = await shakeHands(url, options);
    const session = await sessionOf(first);
    const again = await shakeHands(url, { ...options, session });
    expect(again.isSessionReused()).toBe(true);
    for (const socket of [first, again]) socket.destroy();
    writeFileSync(join(folder, 'ca.pem'), readFileSync(webFixture('server.pem')));
    expect(await outcome(url, { ...options, session })).toBe('refused');
  });
});

describe('A changed file', () => {
  test('applies from the next request on to users, passwords, headers and the rate limit', async () => {
    const { get, write } = await exporterInFolder('');
    const status = async (user = '', password = '') => (await get('/', user ? basic(user, password) : {})).status;
    expect(await status()).toBe(200);
    write(`basic_auth_users: {alice: ${HASH}}`);
    expect([await status(), await status('alice', 'correct horse')]).toEqual([401, 200]);
    write(`basic_auth_users: {alice: ${OTHER_HASH}}`);
    expect([await status('alice', 'correct horse'), await status('alice', 'päss:wörd')]).toEqual([401, 200]);
    write(`basic_auth_users: {bob: ${OTHER_HASH}}`);
    expect([await status('alice', 'päss:wörd'), await status('bob', 'päss:wörd')]).toEqual([401, 200]);
    write('http_server_config: {headers: {X-Frame-Options: deny}}');
    expect((await get('/')).headers.get('x-frame-options')).toBe('deny');
    write('rate_limit: {interval: 1h, burst: 2}');
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    write('# nothing');
    expect(await status()).toBe(200);
  });

  test('applies from the next connection on to certificates, versions and client authentication', async () => {
    const { url, write } = await exporterInFolder(`${TLS}}`);
    expect(await outcome(url, { maxVersion: 'TLSv1.2' })).toBe('ok');
    write(`${TLS}, min_version: TLS13}`);
    expect([await outcome(url, { maxVersion: 'TLSv1.2' }), await outcome(url)]).toEqual(['refused', 'ok']);
    write(`${TLS}, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert}`);
    const three = async () => [
      await outcome(url),
      await outcome(url, identity('client')),
      await outcome(url, identity('untrusted')),
    ];
    expect(await three()).toEqual(['refused', 'ok', 'refused']);
    write(`${TLS}, client_auth_type: RequireAnyClientCert}`);
    expect(await three()).toEqual(['refused', 'ok', 'ok']);
    write(`${TLS}}`);
    expect(await three()).toEqual(['ok', 'ok', 'ok']);
  });

  test('can be replaced by a rename, as Kubernetes does', async () => {
    const { get, file, folder } = await exporterInFolder('');
    writeFileSync(join(folder, 'next.yml'), `basic_auth_users: {alice: ${HASH}}`);
    renameSync(join(folder, 'next.yml'), file);
    expect((await get('/')).status).toBe(401);
  });

  test('admits no client without a password while it may be incomplete', async () => {
    const { get, file, settle, lines } = await exporterInFolder(`basic_auth_users: {alice: ${HASH}}`);
    writeFileSync(file, 'http_server_config: {http2: true}\n');
    expect((await get('/')).status).toBe(401);
    expect((await get('/', basic('alice', 'correct horse'))).status).toBe(200);
    settle();
    expect((await get('/')).status).toBe(200);
    expect(lines(50)).toEqual([]);
  });

  test.each([
    ['an error', 'basic_auth_users: {alice: secret}', 'basic_auth_users.alice=<hidden>: expected a bcrypt hash'],
    ['no contents, as when an editor begins to write it,', '', 'is empty'],
    ['a syntax error', 'basic_auth_users: {', 'invalid YAML at line 1'],
    [
      'a certificate that does not exist',
      'tls_server_config: {cert_file: a, key_file: b}',
      'tls_server_config.cert_file=',
    ],
  ])('with %s leaves the previous one in force, and its key is logged once', async (_, source, logged) => {
    const { get, write, lines } = await exporterInFolder(`basic_auth_users: {alice: ${HASH}}`);
    write(source);
    for (let time = 0; time < 3; time++) {
      expect((await get('/')).status).toBe(401);
      expect((await get('/', basic('alice', 'correct horse'))).status).toBe(200);
    }
    expect(lines(50)).toHaveLength(1);
    expect(JSON.stringify(lines(50))).toContain(logged);
    write('# nothing');
    expect((await get('/')).status).toBe(200);
  });

  test('that is deleted leaves the previous one in force', async () => {
    const { get, file, lines } = await exporterInFolder(`basic_auth_users: {alice: ${HASH}}`);
    rmSync(file);
    expect((await get('/')).status).toBe(401);
    expect(JSON.stringify(lines(50))).toContain('cannot be read: ENOENT');
  });

  test.each([
    ['on', 'http', '', `${TLS}}\nbasic_auth_users: {alice: ${HASH}}`],
    ['off', 'https', `${TLS}}`, `basic_auth_users: {alice: ${HASH}}`],
  ])('cannot turn TLS %s without a restart, which is logged; its other keys apply', async (_, scheme, old, now) => {
    const { url, get, write, lines } = await exporterInFolder(old);
    write(now);
    const status = async () => (scheme === 'https' ? (await getSecurely(`${url}/`)).status : (await get('/')).status);
    expect([await status(), await status()]).toEqual([401, 401]);
    expect(lines(40)).toHaveLength(1);
    expect(lines(40)[0]).toMatchObject({ keys: ['tls_server_config'] });
    expect(lines(40)[0]?.['msg']).toContain('need a restart');
    write(`${now}\n# and another change`);
    await status();
    expect(lines(40)).toHaveLength(2);
    write(old);
    await status();
    expect(lines(40)).toHaveLength(2);
  });

  test('cannot turn HTTP/2 off without a restart, as in exporter-toolkit', async () => {
    const { url, write, lines } = await exporterInFolder(`${TLS}}`);
    write(`${TLS}}\nhttp_server_config: {http2: false}`);
    const socket = await shakeHands(url, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('h2');
    socket.destroy();
    expect(lines(40)[0]).toMatchObject({ keys: ['http_server_config.http2'] });
  });
});

/** The ticket to resume the session; in TLS 1.3 the server sends it after the handshake. */
async function sessionOf(socket: TLSSocket): Promise<Buffer | undefined> {
  socket.write('GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  return socket.getSession();
}
