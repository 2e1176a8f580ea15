// What the landing page says about the last scrape.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { landingPage, type LandingFacts } from './landing.ts';

const FACTS: LandingFacts = { version: '1.2.3', telemetryPath: '/metrics', target: 'localhost:8000' };

/** The visible text of the page for these facts. */
function textFor(facts: Partial<LandingFacts>): string {
  const [, body = ''] = landingPage({ ...FACTS, ...facts }).split('<body>');
  return body
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ');
}

const UP = { up: true, scrapedAt: Date.UTC(2026, 10, 29, 3, 4, 5) };

describe('The landing page', () => {
  test('says that there was no scrape yet', () => {
    expect(textFor({})).toContain('Not scraped yet');
  });

  test('says that ElectrumX is up, and when it was scraped', () => {
    expect(textFor(UP)).toContain('ElectrumX is up Last scrape: 2026-11-29 03:04:05 UTC.');
  });

  test('says that ElectrumX is down and why, also in the title', () => {
    const down = { ...UP, up: false, downReason: 'connection refused' };
    expect(textFor(down)).toContain('ElectrumX is down Connection refused. Last scrape:');
    expect(landingPage({ ...FACTS, ...down })).toContain('<title>Down: ElectrumX at localhost:8000</title>');
  });

  test('shows version, coin, heights, and sessions of their limit', () => {
    const figures = { electrumxVersion: 'ElectrumX 1.18.0', coin: 'Bitcoin', daemonHeight: 923456, dbHeight: 923456 };
    const text = textFor({ ...UP, ...figures, sessions: 540, sessionsLimit: 1000 });
    expect(text).toContain('Version ElectrumX 1.18.0 Coin Bitcoin Daemon height 923,456 Index height 923,456');
    expect(text).toContain('Sessions 540 of 1,000 (54 %)');
  });

  test.each([
    [{ sessions: 0, sessionsLimit: 1000 }, 'Sessions 0 of 1,000 (0 %)'],
    [{ sessions: 7 }, 'Sessions 7 '],
    [{ sessions: 7, sessionsLimit: 0 }, 'Sessions 7 of 0 '],
  ])('shows sessions %j as "%s"', (sessions, text) => {
    expect(textFor({ ...UP, ...sessions })).toContain(text);
  });

  test.each<[Partial<LandingFacts>, string]>([
    [{ daemonHeight: 1000, dbHeight: 990 }, 'The index is 10 blocks behind the daemon.'],
    [{ daemonHeight: 990, dbHeight: 1000 }, 'The daemon is 10 blocks below the index.'],
    [{ probe: [{ transport: 'ssl', port: 50002, ok: false }] }, 'Wallets cannot use ssl port 50002.'],
    [{ collectors: [{ name: 'peers', state: 'failed', seconds: 1 }] }, 'The collector peers failed.'],
  ])('names the problem of a server that is up: %j', (facts, sentence) => {
    const text = textFor({ ...UP, ...facts });
    expect(text).toContain('ElectrumX is up, with problems');
    expect(text).toContain(sentence);
  });

  test('treats a difference of one block as normal', () => {
    expect(textFor({ ...UP, daemonHeight: 1000, dbHeight: 999 })).not.toContain('problems');
  });

  test('shows the result of each probed service and of each collector', () => {
    const text = textFor({
      ...UP,
      probe: [
        { transport: 'tcp', port: 50001, ok: true },
        { transport: 'wss', port: 50004, ok: false, failedStep: 'handshake' },
      ],
      collectors: [
        { name: 'getinfo', state: 'ok', seconds: 0.0021 },
        { name: 'sessions', state: 'skipped', seconds: 0, reason: 'too many sessions in one group' },
      ],
    });
    expect(text).toContain('tcp port 50001 ok wss port 50004 failed at handshake');
    expect(text).toContain('getinfo ok 0.002 s sessions skipped too many sessions in one group 0.000 s');
  });

  test('has no scripts, no external resources, and no unescaped string', () => {
    const unsafe = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', '/') });
    fc.assert(
      fc.property(unsafe, (text) => {
        const strings = { target: text, downReason: text, electrumxVersion: text, coin: text, version: text };
        const reasons = {
          probe: [{ transport: text, port: 1, ok: false, failedStep: text }],
          collectors: [{ name: text, state: 'failed', seconds: 0, reason: text }] as const,
        };
        const tagsOf = (facts: Partial<LandingFacts>) =>
          [...landingPage({ ...FACTS, up: false, ...facts }).matchAll(/<[^>]*>/g)].join('\n');
        const harmless = { ...strings, ...reasons };
        const plain = JSON.parse(JSON.stringify(harmless).replaceAll(JSON.stringify(text), '"a"')) as LandingFacts;
        expect(tagsOf(harmless)).toBe(tagsOf(plain));
        expect(tagsOf(harmless)).not.toMatch(/<script|<link|<img|\bon\w+=|https?:|\/\//);
      }),
    );
  });
});
