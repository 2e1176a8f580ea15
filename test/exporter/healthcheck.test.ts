// `--healthcheck`: whether the exporter with the same configuration runs, for container engines.
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { deadPort } from '../support/electrumx.ts';
import { addressOf, run, start } from '../support/process.ts';
import { webFixture } from '../support/web.ts';

test('is 0 while the exporter with the same configuration answers, and 1 when there is none', async () => {
  const env = { ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: `127.0.0.1:${await deadPort()}` };
  expect((await run(['--healthcheck'], env)).code).toBe(1);
  const exporter = start([], env);
  await addressOf(exporter);
  expect((await run(['--healthcheck'], env)).code).toBe(0);
});

test.each(['basic-auth', 'everything', 'client-RequireAndVerifyClientCert', 'tls-1.0-to-1.1', 'rate-limit'])(
  'counts the response without credentials with %s as healthy: a 401, a handshake, an alert',
  async (name) => {
    const env = {
      ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: `127.0.0.1:${await deadPort()}`,
      ELECTRUMX_EXPORTER_WEB_CONFIG_FILE: webFixture(`valid/${name}.yml`),
    };
    const exporter = start([], env);
    await expect.poll(exporter.stderr, { timeout: 10_000 }).toContain('"msg":"started"');
    for (let time = 0; time < 5; time++) expect((await run(['--healthcheck'], env)).code).toBe(0);
  },
);

test.each([
  ['a mail server', '220 mail.example.org\r\n'],
  ['another web server', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'],
])('is 1 where %s listens', async (_, text) => {
  const other = createServer((socket) => void socket.on('error', () => undefined).end(text));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  expect((await run(['--healthcheck', `--web.listen-address=127.0.0.1:${port}`])).code).toBe(1);
});

test('does not read a web configuration file that has become invalid', async () => {
  const place = `--web.listen-address=127.0.0.1:${await deadPort()}`;
  const exporter = start([place]);
  await addressOf(exporter);
  const wrong = `--web.config.file=${webFixture('invalid/unknown-key.yml')}`;
  expect((await run(['--healthcheck', place, wrong])).code).toBe(0);
});
