// Errors in the configuration, which are all reported at once and never contain a password, and the actions.
import { describe, expect, test } from 'vitest';
import { config, errors } from '../../test/support/config.ts';
import { describe as inWords, helpText } from './help.ts';
import { ACTIONS } from './options.ts';
import { parseConfig } from './parse.ts';

describe('errors in the configuration', () => {
  test('are reported all at once, those of flags and those of variables', () => {
    const argv = ['--log.level=loud', '--nonsense', 'stray', '--collector.groups.top', '11x', '--collector.peers=no'];
    const env = { ELECTRUMX_EXPORTER_LOG_FORMAT: 'xml', MAX_SESSIONS: 'many', RPC_PORT: '0' };
    const reported = errors(argv, env).map((text) => text.split(':')[0]);
    expect(reported.sort()).toEqual([
      '--collector.groups.top=11x',
      '--collector.peers=no',
      '--log.level=loud',
      '--nonsense',
      'ELECTRUMX_EXPORTER_LOG_FORMAT=xml',
      'MAX_SESSIONS=many',
      'RPC_PORT=0',
      'stray',
    ]);
  });

  test.each([
    '--nonsense',
    '--nonsense=5',
    '--no-nonsense',
    '--no-log.level',
    '--no-no-collector.peers',
    '-v',
    '--LOG.LEVEL=info',
  ])('are options that do not exist: %s', (argument) => {
    expect(errors([argument])).toEqual([`${argument}: no such option; see --help for the list`]);
  });

  test.each(['metrics', '-', 'http://127.0.0.1:8000'])('are words without an option: %s', (word) => {
    expect(errors([word])).toEqual([`${word}: not an option; expected options only, see --help`]);
    expect(errors(['--', word])).toEqual([`${word}: not an option; expected options only, see --help`]);
  });

  test('never contain a password, whatever is wrong with the URL of the daemon', () => {
    const urls = [
      'http://user:s3cret@',
      'user:s3cret@host:port',
      'http://user:s3cret@a b:1',
      's3cret',
      'http://x:s3cret@h:1',
    ];
    for (const url of urls) {
      const places: [string[], Record<string, string>][] = [
        [[`--electrumx.daemon-url=${url}`], {}],
        [['--electrumx.daemon-url', url], {}],
        [[`--electrumx.daemon-url=${url}`, `--electrumx.daemon-url=${url}`], {}],
        [['--nonsense'], { DAEMON_URL: url }],
      ];
      for (const [argv, env] of places) {
        expect(JSON.stringify(errors(argv, env))).not.toContain('s3cret');
      }
    }
  });

  test('never contain a password, even if the URL of the daemon was given to another option or to none', () => {
    const url = 'http://user:s3cret@127.0.0.1:8332/';
    const wrong = [
      ...errors([`--electrumx.rpc-address=${url}`, `--electrumx.daemon=${url}`, `--collector.peers=${url}`, url]),
      ...errors([], { ELECTRUMX_EXPORTER_RPC_ADDRESS: url }),
    ];
    expect(wrong).toHaveLength(5);
    for (const text of wrong) {
      expect(text).not.toContain('s3cret');
      expect(text).toMatch(/<hidden>/);
    }
  });
});

describe('the configuration in words', () => {
  test('is without the password of the daemon', () => {
    const made = config([], { DAEMON_URL: 'https://user:s3cret@node:8332/,http://other:s3cret@two' });
    expect(made.daemons).toEqual(['node:8332/', 'two:']);
    expect(inWords(made)).not.toMatch(/s3cret|user/);
    expect(JSON.parse(inWords(made))).toHaveProperty('telemetryPath', '/metrics');
  });
});

describe('actions', () => {
  test.each(Object.keys(ACTIONS))('--%s is returned along with the configuration or its errors', (action) => {
    expect([...parseConfig([`--${action}`], {}).actions]).toEqual([action]);
    expect([...parseConfig([`--${action}`, '--nonsense'], {}).actions]).toEqual([action]);
    expect(parseConfig([], {}).actions.size).toBe(0);
    expect(helpText()).toContain(`--${action}`);
  });

  test('are not looked up in prototypes: --constructor and --__proto__ do not exist', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(errors([`--${name}`])).toHaveLength(1);
      expect(errors([`--${name}=5`])).toHaveLength(1);
    }
  });
});
