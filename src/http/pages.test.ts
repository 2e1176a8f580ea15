// The pages and their links, on a server without ElectrumX.
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LandingFacts } from './landing.ts';
import type { Pages } from './pages.ts';
import { createServer } from './server.ts';

const RUNBOOK = `<!doctype html><title>Runbook</title><h2 id="electrumxdown">ElectrumXDown</h2>${'<p>Text.</p>'.repeat(200)}`;
const FACTS: LandingFacts = { version: '1.2.3', telemetryPath: '/metrics', target: 'localhost:8000' };

function serverWith(pages: Partial<Pages>) {
  const metrics = () => Promise.resolve({ contentType: 'text/plain', body: '' });
  const server = createServer(
    { telemetryPath: FACTS.telemetryPath, timeoutMs: 100, metrics, landing: () => FACTS, ...pages },
    pino({ level: 'silent' }),
  );
  onTestFinished(() => server.close());
  return server;
}

/** The targets of the links on a page. */
function linksOf(html: string): string[] {
  return [...html.matchAll(/\b(?:href|src|action)="([^"]*)"/g)].map(([, target = '']) => target);
}

describe('The runbook', () => {
  test('is served as HTML, compressed, and linked from the landing page', async () => {
    const server = serverWith({ runbook: () => RUNBOOK });
    const { statusCode, headers, body } = await server.inject('/runbook');
    expect([statusCode, headers['content-type'], body]).toEqual([200, 'text/html; charset=utf-8', RUNBOOK]);
    const compressed = await server.inject({ url: '/runbook', headers: { 'accept-encoding': 'gzip' } });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(linksOf((await server.inject('/')).body)).toContain('./runbook');
  });

  test('is neither served nor linked if there is none', async () => {
    const server = serverWith({});
    expect((await server.inject('/runbook')).statusCode).toBe(404);
    expect(linksOf((await server.inject('/')).body)).toEqual(['./metrics', './-/healthy', './-/ready']);
  });
});

test.each(['/metrics', '/electrumx/metrics', '/a:b', '/x//y'])(
  'the links of the landing page work under any path prefix, with the metrics at %s',
  async (telemetryPath) => {
    const landing = () => ({ ...FACTS, telemetryPath });
    const server = serverWith({ telemetryPath, landing, runbook: () => RUNBOOK });
    const links = linksOf((await server.inject('/')).body);
    expect(links).toHaveLength(4);
    for (const prefix of ['/', '/exporters/electrumx/']) {
      const paths = links.map((link) => new URL(link, `https://proxy.example${prefix}`));
      for (const { host, pathname } of paths) {
        expect([host, pathname.slice(0, prefix.length)]).toEqual(['proxy.example', prefix]);
        const { statusCode } = await server.inject(pathname.slice(prefix.length - 1));
        expect([pathname, statusCode]).toEqual([pathname, 200]);
      }
    }
  },
);
