// The units for systemd agree with each other and with docs/deployment.md. test/real/systemd.test.ts has systemd check them.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const document = read('docs/deployment.md');
const single = read('deploy/systemd/electrumx-exporter.service');
const template = read('deploy/systemd/electrumx-exporter@.service');

/** The values of a setting, in the order of the unit. */
const values = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value);

describe.each([
  ['electrumx-exporter.service', single],
  ['electrumx-exporter@.service', template],
])('%s', (_name, unit) => {
  test('starts what npm install --global puts there', () => {
    const prefix = /npm install --global --prefix (\S+)/.exec(document)?.[1];
    expect(values(unit, 'ExecStart')).toEqual([`${prefix}/bin/electrumx-exporter`]);
  });

  test('restarts after a failure, but not with an invalid configuration', () => {
    expect(values(unit, 'Restart')).toEqual(['on-failure']);
    expect(parseConfig(['--no-such-flag'], {}).ok).toBe(false);
    expect(values(unit, 'RestartPreventExitStatus')).toEqual(['2']);
  });

  test('shows the process and the memory limit of ElectrumX, and no other part of /proc', () => {
    expect(values(unit, 'ProtectProc')).toEqual(['default']);
    expect(values(unit, 'ProcSubset')).toEqual(['pid']);
    expect(values(unit, 'ProtectControlGroups')).toEqual(['yes']);
  });

  test('makes all file systems read-only and has no capabilities', () => {
    expect(values(unit, 'ProtectSystem')).toEqual(['strict']);
    expect(values(unit, 'DynamicUser')).toEqual(['yes']);
    expect(values(unit, 'CapabilityBoundingSet')).toEqual(['']);
  });

  test('reads environment files that docs/deployment.md names', () => {
    for (const file of values(unit, 'EnvironmentFile')) {
      expect(document).toContain(`\`${file.replace('-', '').replace('%i', 'NAME')}\``);
    }
  });
});

describe('electrumx-exporter.service', () => {
  test("reads ElectrumX's settings first, so that the exporter's win", () => {
    expect(values(single, 'EnvironmentFile')).toEqual(['-/etc/electrumx.conf', '-/etc/electrumx-exporter.conf']);
  });
});

describe('electrumx-exporter@.service', () => {
  test("reads the options for all exporters first, so that the instance's win", () => {
    expect(values(template, 'EnvironmentFile')).toEqual(['-/etc/electrumx-exporter.conf', '/etc/electrumx/%i.conf']);
  });

  test('has the rights and limits of electrumx-exporter.service', () => {
    const rights = (unit: string) => unit.slice(unit.indexOf('# If memory is short'));
    expect(rights(template)).toContain('DynamicUser=yes');
    expect(rights(template)).toBe(rights(single));
  });

  test('runs with the example of docs/deployment.md, one listen address for each server', () => {
    const files = [...document.matchAll(/# \/etc\/electrumx\/\w+\.conf\n(.*?)```/gs)].map(([, text = '']) => text);
    const parsed = files.map((text) => parseConfig([], Object.fromEntries(text.trim().split('\n').map(variable))));
    expect(parsed).toMatchObject([
      { ok: true, config: { rpcAddress: { port: 8000 }, listenAddresses: [{ host: '127.0.0.1', port: 10061 }] } },
      { ok: true, config: { rpcAddress: { port: 8001 }, listenAddresses: [{ host: '127.0.0.1', port: 10062 }] } },
    ]);
  });
});

function variable(line: string): [string, string] {
  const [name = '', ...value] = line.split('=');
  return [name, value.join('=')];
}
