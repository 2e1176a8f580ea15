// electrumx-rpc prints what the official electrumx_rpc of the server's generation prints, byte for byte.
import fc from 'fast-check';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { escapeUnsafe } from '../../src/cli/output/escape.ts';
import { duration, formatInteger, formatKilobytes } from '../../src/cli/output/formats.ts';
import { compactJson, isList, isObject, parseLossless, prettyJson, type Json } from '../../src/cli/output/json.ts';
import { CLOCK, electrumxRpc, eraReplies, GOLDEN, TABLES_AND_GETINFO } from '../cli/support/bin.ts';
import { recordings } from '../support/fixtures.ts';
import { startReplay } from '../cli/support/replay.ts';
import { officialRelease, officialText, python } from './support/official-rpc.ts';
import { describeWith } from './support/tools.ts';

/** The release whose script is compared. 1.5.2 is the oldest on PyPI, and is also used for 1.4.3. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'kyuupichan-1.4.3': 'electrumx==1.5.2',
  'kyuupichan-1.5.2': 'electrumx==1.5.2',
  'kyuupichan-1.8.12': 'electrumx==1.8.12',
  'kyuupichan-1.10.1': 'electrumx==1.10.1',
  'kyuupichan-1.13.0': 'electrumx==1.13.0',
  'spesmilo-1.16.0': 'e-x==1.16.0',
  'spesmilo-1.20.0': 'e-x==1.20.0',
  'spesmilo-2.0b1': 'e-x==2.0.0',
};

/** A release of each era. PyPI has none for A3 and A4, with 12 cells a session. */
const ERA_SCRIPTS: Readonly<Record<string, string>> = {
  B1: 'electrumx==1.5.2',
  B2: 'electrumx==1.5.2',
  C1: 'electrumx==1.7.3',
  C2: 'electrumx==1.10.0',
  D: 'electrumx==1.10.1',
  E1: 'electrumx==1.11.0',
  E2: 'electrumx==1.13.0',
  E3: 'electrumx==1.20.2',
  'E3-spesmilo-1.16.0': 'e-x==1.16.0',
  F: 'e-x==1.20.0',
  G: 'e-x==2.0.0',
};

const hasResult = (line: string) => 'result' in (JSON.parse(line) as object);

describeWith({ commands: ['python3', 'pip'] }, 'the official electrumx_rpc', () => {
  describe.each(recordings())('given replies of $release, $state', ({ release, state, replies }) => {
    const commands = TABLES_AND_GETINFO.filter((command) => hasResult(replies[command]));
    const printings = commands.map((command) => ({ command, line: replies[command] }));

    it('prints what electrumx-rpc prints', async () => {
      const official = officialText(officialRelease(SCRIPTS[release] ?? ''), printings, CLOCK);
      const replay = await startReplay(replies);
      for (const [i, command] of commands.entries()) {
        const ours = await electrumxRpc([command, '-p', String(replay.port)]);
        expect(ours).toEqual({ code: 0, stdout: official[i], stderr: '' });
      }
      await replay.close();
      // `npm test` compares with this file, without Python
      const transcript = commands.map((command, i) => `$ electrumx-rpc ${command}\n${official[i] ?? ''}`).join('');
      await expect(transcript).toMatchFileSnapshot(path.join(GOLDEN, `${release}-${state}.txt`));
    });
  });

  describe.each(Object.entries(ERA_SCRIPTS))('given replies of era %s', (era, requirement) => {
    it('prints what electrumx-rpc prints, except for unsafe characters', async () => {
      const replies = eraReplies(era);
      const printings = Object.entries(replies).map(([command, line]) => ({ command, line: escaped(line) }));
      const official = officialText(officialRelease(requirement), printings, CLOCK);
      const replay = await startReplay(replies);
      for (const [i, command] of TABLES_AND_GETINFO.entries()) {
        const ours = await electrumxRpc([command, '-p', String(replay.port)]);
        expect(ours.stdout).toBe(official[i]);
      }
      await replay.close();
    });
  });

  describe('in its formats', () => {
    const number = fc.oneof(
      fc.bigInt().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.integer({ min: -30, max: 30 })).map(([digits, power]) => `${digits}e${power}`),
      fc.constantFrom(
        '0',
        '-0',
        '0.0',
        '-0.0',
        '1E400',
        'NaN',
        '-Infinity',
        '1e-7',
        '1e16',
        '123456789012345680.0',
        '0.1',
      ),
    );
    const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));
    const json = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.oneof(number, text, fc.constantFrom('null', 'true', 'false')),
        fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4 }).map((entries) => {
          return `{${Object.entries(entries).map(([key, item]) => `${JSON.stringify(key)} : ${item}`).join(', ')}}`; // prettier-ignore
        }),
      ),
    })).value;

    it('prints every JSON value like electrumx-rpc', () => {
      const documents = fc.sample(json, 2000);
      const code = `
import json, sys
print(json.dumps([json.dumps(json.loads(text), indent=4, sort_keys=True) for text in json.load(sys.stdin)]))`;
      expect(documents.map((document) => prettyJson(parseLossless(document)))).toEqual(python(code, documents));
    });

    it('prints counts, kilobytes and durations like electrumx-rpc', () => {
      const numbers = fc.sample(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), 1000);
      const seconds = fc.sample(fc.double({ min: -1e9, max: 1e9, noNaN: true }), 1000);
      const code = `
import importlib.util, json, sys
numbers, seconds, path = json.load(sys.stdin)
spec = importlib.util.spec_from_file_location('util', path)
util = importlib.util.module_from_spec(spec)
spec.loader.exec_module(util)
print(json.dumps([[f'{n:,d}' for n in map(int, numbers)], [f'{n // 1024:,d}' for n in map(int, numbers)],
                  [util.formatted_time(s, sep='') for s in seconds], [f'{int(s):,d}' for s in seconds]]))`;
      const util = path.join(officialRelease('electrumx==1.20.2'), 'electrumx/lib/util.py');
      expect([
        numbers.map((n) => formatInteger(n)),
        numbers.map((n) => formatKilobytes(n)),
        seconds.map((s) => duration(s, '')),
        seconds.map((s) => formatInteger(s)),
      ]).toEqual(python(code, [numbers.map(String), seconds, util]));
    });
  });
});

/** The reply with all unsafe characters escaped. */
function escaped(line: string): string {
  const inside = (value: Json): Json => {
    if (typeof value === 'string') return escapeUnsafe(value);
    if (isList(value)) return value.map(inside);
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item)]))
      : value;
  };
  return compactJson(inside(parseLossless(line)));
}
