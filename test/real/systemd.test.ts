// systemd itself judges the unit: that it can be loaded, and what it leaves open.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const UNIT = resolve(import.meta.dirname, '../../deploy/systemd/electrumx-exporter.service');

describeWith({ commands: ['systemd-analyze'] }, 'the unit for systemd', () => {
  test('passes systemd-analyze verify', async () => {
    expect(await runToEnd('systemd-analyze', ['verify', withCommand(process.execPath)])).toMatchObject({
      code: 0,
      output: '',
    });
  });

  test('would not pass with a misspelt setting', async () => {
    const path = withCommand(process.execPath, (unit) => unit.replace('DynamicUser=', 'DynamicUsers='));
    expect((await runToEnd('systemd-analyze', ['verify', path])).output).toContain('DynamicUsers');
  });

  test('leaves little open: an exposure of at most 1.5 of 10', async () => {
    const command = ['security', '--offline=true', '--threshold=15', '--no-pager', UNIT];
    const { code, output } = await runToEnd('systemd-analyze', command);
    expect(output).toContain('Overall exposure level for electrumx-exporter.service');
    expect(code).toBe(0);
  });
});

/** A copy of the unit with a command that exists on this machine, which systemd wants to see. */
function withCommand(command: string, edit = (unit: string) => unit): string {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'electrumx-exporter.service');
  writeFileSync(path, edit(readFileSync(UNIT, 'utf8')).replace(/^ExecStart=.*$/m, `ExecStart=${command}`));
  return path;
}
