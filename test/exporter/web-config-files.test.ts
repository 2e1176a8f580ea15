// Good and bad web config files of every kind that exporter-toolkit documents: what the exporter says of each.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CIPHERS } from '../../src/http/web-config/tls-names.ts';
import { readWebConfig } from '../../src/http/web-config/read.ts';
import { run } from '../support/process.ts';
import { remarks, webConfigOf, webFixture } from '../support/web.ts';

test.each(readdirSync(webFixture('valid')))('valid/%s is taken', (name) => {
  expect(() => webConfigOf(webFixture(`valid/${name}`))).not.toThrow();
});

test.each(readdirSync(webFixture('invalid')))('invalid/%s is refused, with each mistake and its key', (name) => {
  const path = webFixture(`invalid/${name}`);
  const read = readWebConfig(path);
  const expected = remarks(path, 'mistake').map((mistake) =>
    mistake
      .replace('{here}', webFixture('invalid'))
      .replace('{folder}', webFixture('.').replace(/\/$/, ''))
      .replace('{ciphers}', Object.keys(CIPHERS).join(', ')),
  );
  expect(expected.length).toBeGreaterThan(0);
  expect(read.ok ? [] : read.mistakes).toEqual(expected.map((mistake) => `${path}: ${mistake}`));
});

test('a certificate in DER is none in PEM', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'DER'), new X509Certificate(readFileSync(webFixture('server.pem'))).raw);
  writeFileSync(join(folder, 'w.yml'), `tls_server_config: {cert_file: DER, key_file: ${webFixture('server.key')}}`);
  expect(readWebConfig(join(folder, 'w.yml'))).toMatchObject({
    mistakes: [`${folder}/w.yml: tls_server_config.cert_file=${folder}/DER: OpenSSL refuses it: no start line`],
  });
});

describe('The process', () => {
  const flag = (file: string) => `--web.config.file=${file}`;

  test('ends with code 2 and every mistake in the file before it listens, and so with --config.check', async () => {
    const file = webFixture('invalid/cert-and-key-empty.yml');
    for (const more of [[], ['--config.check']]) {
      const { code, stdout, stderr } = await run([flag(file), ...more]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.split('\n')).toEqual([
        'electrumx-exporter: 2 mistakes in the configuration:',
        ...remarks(file, 'mistake').map((mistake) => `  ${file}: ${mistake}`),
        '',
      ]);
    }
  });

  test.each([
    [
      'the file itself',
      'nowhere.yml',
      "cannot be read: ENOENT; expected a file in exporter-toolkit's web config format",
    ],
    ['the certificate', 'cert-unreadable.yml', undefined],
    ['the authority of clients', 'client-ca-unreadable.yml', undefined],
  ])('ends with code 1 and one line when it cannot read %s', async (_, name, said) => {
    const file = webFixture(`invalid/${name}`);
    const { code, stdout, stderr } = await run([flag(file)]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const read = readWebConfig(file);
    expect(stderr).toBe(`electrumx-exporter: ${said ? `${file}: ${said}` : read.ok ? '' : read.mistakes.join('; ')}\n`);
    expect(stderr).toMatch(/cannot be read: (ENOENT|EISDIR)/);
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

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
