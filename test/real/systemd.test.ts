// systemd checks the units: that it can load them, and how much they leave open. The drop-ins of docs/deployment.md are checked, too.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const UNITS = ['electrumx-exporter.service', 'electrumx-exporter@.service'] as const;
/** As `--threshold` takes it: tenths. The unit of 1.0.0 had 1.0, without a view of ElectrumX's process. */
const MAX_EXPOSURE = 11;

const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const dropIns = [...read('docs/deployment.md').matchAll(/```ini\n(.*?)```/gs)].map(([, text = '']) => ({ text }));

describeWith({ commands: ['systemd-analyze'] }, 'systemd', () => {
  describe.each(UNITS)('%s', (name) => {
    test('passes systemd-analyze verify', async () => {
      expect(await verify(unitFile(name))).toEqual({ code: 0, output: '' });
    });

    test('fails it with a misspelt setting', async () => {
      const path = unitFile(name, (unit) => unit.replace('DynamicUser=', 'DynamicUsers='));
      expect((await verify(path)).output).toContain('DynamicUsers');
    });

    test('has an exposure of at most 1.1 of 10', async () => {
      expect(await exposure(join(REPOSITORY, 'deploy/systemd', name), MAX_EXPOSURE)).toBe(0);
    });

    test('exceeds that exposure with one right more', async () => {
      const path = unitFile(name, (unit) => unit.replace('ProtectKernelModules=yes', ''));
      expect(await exposure(path, MAX_EXPOSURE)).not.toBe(0);
    });
  });

  test('finds drop-ins in docs/deployment.md', () => {
    expect(dropIns.length).toBeGreaterThan(1);
  });

  test.each(dropIns)('accepts the drop-in $text', async ({ text }) => {
    const path = unitFile('electrumx-exporter.service');
    mkdirSync(`${path}.d`);
    writeFileSync(join(`${path}.d`, 'override.conf'), text);
    expect(await verify(path)).toEqual({ code: 0, output: '' });
  });
});

async function verify(path: string): Promise<{ code: number | string; output: string }> {
  const { code, output } = await runToEnd('systemd-analyze', ['verify', path]);
  return { code, output };
}

/** The exit code of `systemd-analyze security`: 0 if the exposure is at most `threshold`. */
async function exposure(path: string, threshold: number): Promise<number | string> {
  const options = ['--offline=true', `--threshold=${threshold}`, '--no-pager'];
  const { code, output } = await runToEnd('systemd-analyze', ['security', ...options, path]);
  expect(output).toContain('Overall exposure level');
  return code;
}

/** A copy of the unit with a command that exists on this machine, which systemd checks. */
function unitFile(name: (typeof UNITS)[number], edit = (unit: string) => unit): string {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  const unit = edit(read(`deploy/systemd/${name}`));
  writeFileSync(path, unit.replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath}`));
  return path;
}
