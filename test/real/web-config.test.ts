// Prometheus' own check of web config files: what this exporter takes, it takes too.
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runToEnd } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const VALID = resolve(import.meta.dirname, '../fixtures/web-config/valid');

describeWith({ commands: ['promtool'] }, 'promtool check web-config', () => {
  test.each(readdirSync(VALID))('accepts %s', async (name) => {
    const { code, output } = await runToEnd('promtool', ['check', 'web-config', join(VALID, name)]);
    expect({ code, output }).toEqual({ code: 0, output: `${join(VALID, name)} SUCCESS\n` });
  });
});
