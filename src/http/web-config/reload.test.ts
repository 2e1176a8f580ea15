// Reloading the web configuration on request, as SIGHUP does.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readWebConfig } from './read.ts';
import { createLiveWebConfig } from './reload.ts';

const HASH = '$2b$04$0aVRRlx6KIdF8MwWl25/UegADuA3teDfPK2w3LhjinsaqbFmJ3OV2';
const USERS = `basic_auth_users: {alice: ${HASH}}`;

function liveWith(source: string) {
  const folder = mkdtempSync(join(tmpdir(), 'web-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'web-config.yml');
  writeFileSync(file, source);
  const read = readWebConfig(file);
  if (!read.ok) throw new Error(read.errors.join('\n'));
  const logged: string[] = [];
  const log = pino({ base: null }, { write: (line) => void logged.push((JSON.parse(line) as { msg: string }).msg) });
  return { ...createLiveWebConfig(read, log), logged, write: (now: string) => writeFileSync(file, now) };
}

describe('reload()', () => {
  test('applies a change and logs one line', () => {
    const { current, reload, logged, write } = liveWith('');
    write(USERS);
    reload();
    expect(logged).toEqual(['web configuration and certificates reloaded']);
    expect([...current().users.keys()]).toEqual(['alice']);
    expect(logged).toHaveLength(1);
  });

  test('logs that nothing has changed', () => {
    const { current, reload, logged } = liveWith(USERS);
    const before = current();
    reload();
    expect(logged).toEqual(['web configuration and certificates are unchanged']);
    expect(current()).toBe(before);
  });

  test('applies a file without users at once, since the signal says that it is complete', () => {
    const { current, reload, logged, write } = liveWith(USERS);
    write('# no users');
    expect(current().users.size).toBe(1);
    reload();
    expect(current().users.size).toBe(0);
    expect(logged).toEqual(['web configuration and certificates reloaded']);
  });

  test.each(['basic_auth_users: {alice: secret}', ''])(
    'logs each time that %j is invalid, which changes nothing',
    (source) => {
      const { current, reload, logged, write } = liveWith(USERS);
      write(source);
      for (let time = 0; time < 2; time++) reload();
      const invalid = 'web configuration is invalid; the previous one stays in force';
      expect(logged).toEqual([invalid, invalid]);
      expect(current().users.get('alice')).toBe(HASH);
      write(USERS);
      reload();
      expect(logged.at(-1)).toBe('web configuration and certificates reloaded');
    },
  );
});
