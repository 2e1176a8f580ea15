// The runbook as a page: what the build makes of docs/runbook.md, and what the exporter serves.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { alerts, ruleFile } from '../grafana/src/rules.ts';
import { runbookPage } from '../scripts/runbook-page.ts';
import { CATALOGUE } from '../src/metrics/catalogue.ts';
import { deadPort } from './support/electrumx.ts';
import { addressOf, start } from './support/process.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const all = (pattern: RegExp, text: string) => [...text.matchAll(pattern)].map(([, found = '']) => found);

const ANCHORS = all(/runbook_url: .*#(\S+)/g, ruleFile());

test('dist/runbook.html is docs/runbook.md as it is now (npm run build)', () => {
  expect(read('dist/runbook.html')).toBe(runbookPage(read('docs/runbook.md')));
});

// As server/env.py, session.py, daemon.py, db.py, history.py and storage.py, lib/env_base.py and coins.py of e-x 2.0.0 write them.
test.each([
  'connection problem - check your daemon is running',
  'daemon service refused',
  'starting up checking blocks',
  'RPC server failed to listen',
  'required envvar',
  'cannot convert envvar',
  'remove obsolete environment variables',
  'COST_HARD_LIMIT must be >= COST_SOFT_LIMIT',
  'invalid',
  'unknown coin',
  'bad value for envvar DB_ENGINE',
  'with the [leveldb] pip extra',
  'DB genesis hash',
  'corrupted DB',
  'required envvar DB_ENGINE not set',
  'bitcoind missing required index: txindex',
  'txospenderindex',
  'Bitcoin Core daemon_version',
  'DBTooOldForMigrations',
  'DB shut down uncleanly. Scanning for excess history flushes...',
])('The section on ElectrumXDown has what ElectrumX 2.0 logs when it does not start: %s', (line) => {
  const [, section = ''] = /^## ElectrumXDown$(.*?)^## /ms.exec(read('docs/runbook.md')) ?? [];
  expect(section).toContain(line);
});

test('The padding of replies since 1.18 is in the HELP of sent bytes and in the runbook', () => {
  const sent = CATALOGUE.find(({ name }) => name === 'electrumx_session_sent_bytes_total');
  expect(sent?.help).toContain('padding');
  expect(read('docs/runbook.md')).toContain('padding');
});

describe('The served runbook', () => {
  test('has the anchor of every runbook_url', async () => {
    const html = await served();
    expect(ANCHORS).toHaveLength(alerts().length);
    expect(all(/<h2 id="([^"]+)"/g, html)).toEqual(expect.arrayContaining(ANCHORS));
  });

  test('lists every section in its table of contents', async () => {
    const html = await served();
    expect(all(/<li><a href="#([^"]+)"/g, html)).toEqual(all(/<h2 id="([^"]+)"/g, html));
  });

  test('has no script, loads nothing, and links only to itself', async () => {
    const html = await served();
    expect(html).not.toMatch(/<(script|link|img|iframe|object|form)\b|@import|url\(|\son\w+=/i);
    expect(all(/href="([^"]*)"/g, html).filter((address) => !address.startsWith('#'))).toEqual([]);
  });

  async function served(): Promise<string> {
    const exporter = start([
      '--web.listen-address=127.0.0.1:0',
      `--electrumx.rpc-address=127.0.0.1:${await deadPort()}`,
    ]);
    const response = await fetch(`${await addressOf(exporter)}/runbook`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    return response.text();
  }
});

describe('runbookPage', () => {
  const section = (html: string) => html.slice(html.indexOf('</nav>'));

  test('escapes what is code in Markdown', () => {
    const html = runbookPage('# Runbook\n\n## One\n\n`--collector.<name>.min-interval` & <5\n');
    expect(section(html)).toContain('<code>--collector.&lt;name&gt;.min-interval</code> &amp; &lt;5');
  });

  test('makes the same ids of headings as GitHub', () => {
    const html = runbookPage('# Runbook\n\n## ElectrumXDown\n\n## What no alert covers\n\n## `systemctl`, and co.\n');
    expect(all(/<h2 id="([^"]+)"/g, html)).toEqual(['electrumxdown', 'what-no-alert-covers', 'systemctl-and-co']);
  });

  test('refuses two sections with the same id', () => {
    expect(() => runbookPage('# Runbook\n\n## One\n\n## ONE\n')).toThrow('two sections of the runbook have the id one');
  });
});
