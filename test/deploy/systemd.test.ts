// The unit for systemd agrees with what docs/deployment.md tells to do. test/real/systemd.test.ts has systemd judge it.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const unit = read('deploy/systemd/electrumx-exporter.service');
const document = read('docs/deployment.md');
const values = (name: string) => [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

test('it starts what npm install --global puts there', () => {
  const prefix = /npm install --global --prefix (\S+)/.exec(document)?.[1];
  expect(values('ExecStart')).toEqual([`${prefix}/bin/electrumx-exporter`]);
});

test('it reads the settings of ElectrumX first, so that its own win', () => {
  expect(values('EnvironmentFile')).toEqual(['-/etc/electrumx.conf', '-/etc/electrumx-exporter.conf']);
  for (const file of values('EnvironmentFile')) expect(document).toContain(`\`${file.replace('-', '')}\``);
});

test('it starts again after a failure, but not with a mistake in the configuration', () => {
  expect(values('Restart')).toEqual(['on-failure']);
  expect(parseConfig(['--no-such-flag'], {}).ok).toBe(false);
  expect(values('RestartPreventExitStatus')).toEqual(['2']);
});
