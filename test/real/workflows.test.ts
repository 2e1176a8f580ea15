// actionlint checks the workflows of .github/: syntax, expressions, inputs of actions, and shell scripts.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runToEnd } from './support/process.ts';
import { builtTool, describeWith } from './support/tools.ts';

const WORKFLOWS = resolve(import.meta.dirname, '../../.github/workflows');
const actionlint = builtTool('actionlint');

describeWith({ commands: [actionlint] }, 'actionlint', () => {
  test.each(readdirSync(WORKFLOWS))('accepts %s', async (name) => {
    expect(await lint(readFileSync(join(WORKFLOWS, name), 'utf8'))).toEqual({ code: 0, output: '' });
  });

  test('rejects an unknown property, an unknown input of an action and an unknown context', async () => {
    const ci = readFileSync(join(WORKFLOWS, 'ci.yml'), 'utf8');
    const edits = [
      ['timeout-minutes:', 'timeout-minute:'],
      ['path: ~', 'paths: ~'],
      ['github.ref ', 'githup.ref '],
    ] as const;
    for (const [right, wrong] of edits) {
      expect(ci).toContain(right);
      expect((await lint(ci.replace(right, wrong))).output).toContain(wrong.split(/[: .]/)[0]);
    }
  });
});

/** Checks one workflow in a repository that has ci.yml next to it, which other workflows call. */
async function lint(workflow: string): Promise<{ code: number | string; output: string }> {
  const repository = mkdtempSync(join(tmpdir(), 'workflows-'));
  onTestFinished(() => rmSync(repository, { recursive: true, force: true }));
  const folder = join(repository, '.github/workflows');
  mkdirSync(join(repository, '.git'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ci.yml'), readFileSync(join(WORKFLOWS, 'ci.yml'), 'utf8'));
  writeFileSync(join(folder, 'checked.yml'), workflow);
  const { code, output } = await runToEnd(actionlint, ['-no-color', join(folder, 'checked.yml')]);
  return { code, output };
}
