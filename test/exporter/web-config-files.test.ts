// Valid and invalid web configuration files with every key that exporter-toolkit documents.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CIPHER_SUITES } from '../../src/http/web-config/tls-names.ts';
import { readWebConfig } from '../../src/http/web-config/read.ts';
import { run } from '../support/process.ts';
import { remarks, webConfigOf, webFixture } from '../support/web.ts';

test.each(readdirSync(webFixture('valid')))('valid/%s is accepted', (name) => {
  expect(() => webConfigOf(webFixture(`valid/${name}`))).not.toThrow();
});

test.each(readdirSync(webFixture('invalid')))('invalid/%s is refused with each error and its key', (name) => {
  const path = webFixture(`invalid/${name}`);
  const read = readWebConfig(path);
  const expected = remarks(path, 'error').map((error) =>
    error
      .replace('{here}', webFixture('invalid'))
      .replace('{folder}', webFixture('.').replace(/\/$/, ''))
      .replace('{ciphers}', Object.keys(CIPHER_SUITES).join(', ')),
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(read.ok ? [] : read.errors).toEqual(expected.map((error) => `${path}: ${error}`));
});

test('a certificate in DER format is refused', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'DER'), new X509Certificate(readFileSync(webFixture('server.pem'))).raw);
  writeFileSync(join(folder, 'w.yml'), `tls_server_config: {cert_file: DER, key_file: ${webFixture('server.key')}}`);
  expect(readWebConfig(join(folder, 'w.yml'))).toMatchObject({
    errors: [`${folder}/w.yml: tls_server_config.cert_file=${folder}/DER: rejected by OpenSSL: no start line`],
  });
});

describe('The process', () => {
  const flag = (file: string) => `--web.config.file=${file}`;

  test('exits with code 2 and all errors before it listens, with --config.check as well', async () => {
    const file = webFixture('invalid/cert-and-key-empty.yml');
    for (const more of [[], ['--config.check']]) {
      const { code, stdout, stderr } = await run([flag(file), ...more]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.split('\n')).toEqual([
        expect.stringMatching(/^electrumx-exporter: 2 \w+ in the configuration:$/),
        ...remarks(file, 'error').map((error) => `  ${file}: ${error}`),
        '',
      ]);
    }
  });

  test.each([
    [
      'the file itself',
      'nowhere.yml',
      "cannot be read: ENOENT; expected a file in exporter-toolkit's web configuration format",
    ],
    ['the certificate', 'cert-unreadable.yml', undefined],
    ['the CA of clients', 'client-ca-unreadable.yml', undefined],
  ])('exits with code 1 and one line when it cannot read %s', async (_, name, problem) => {
    const file = webFixture(`invalid/${name}`);
    const { code, stdout, stderr } = await run([flag(file)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const read = readWebConfig(file);
    expect(stderr).toBe(
      `electrumx-exporter: ${problem ? `${file}: ${problem}` : read.ok ? '' : read.errors.join('; ')}\n`,
    );
    expect(stderr).toMatch(/cannot be read: (ENOENT|EISDIR)/);
  });

  test('accepts a valid file, by flag or environment variable', async () => {
    const file = webFixture('valid/everything.yml');
    expect(await run(['--config.check', flag(file)])).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await run(['--config.check'], { ELECTRUMX_EXPORTER_WEB_CONFIG_FILE: file });
    expect(stdout).toContain(file);
    expect(stdout).not.toContain('$2b$');
  });

  test('refuses the option in the demo', async () => {
    expect(await run(['demo', flag(webFixture('valid/tls.yml'))])).toMatchObject({ code: 2 });
  });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
