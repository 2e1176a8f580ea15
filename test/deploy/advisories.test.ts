// `npm run audit` fails for serious vulnerabilities only, and reports a registry without advisories. The test runs its own registry.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { advisories, verdict } from '../../scripts/advisories.ts';

describe('a registry with advisories', () => {
  test.each(['high', 'critical'])('fails for one of severity %s in a production dependency', async (severity) => {
    const { ok, text } = await advisories(await registry({ fastify: [advisory(severity)] }));
    expect(text).toContain(`fastify: ${severity}`);
    expect(ok).toBe(false);
  });

  test('reports one of severity moderate, and passes', async () => {
    const { ok, text } = await advisories(await registry({ fastify: [advisory('moderate')] }));
    expect(text).toContain('fastify: moderate');
    expect(ok).toBe(true);
  });

  test('is queried for production dependencies only', async () => {
    const queried: string[] = [];
    expect(await advisories(await registry({}, queried))).toEqual({
      ok: true,
      text: 'No production dependency has a known vulnerability.',
    });
    expect(queried).toContain('prom-client');
    expect(queried).not.toContain('vitest');
  });
});

describe('without advisories, the audit reports that it did not check', () => {
  test('for a registry without the service', async () => {
    const { ok, text } = await advisories(await registry(undefined));
    expect(text).toMatch(/^NOT CHECKED: .*405/);
    expect(ok).toBe(true);
  });

  test('for an unreachable registry', async () => {
    const { ok, text } = await advisories(npmWith('http://127.0.0.1:1/'));
    expect(text).toMatch(/^NOT CHECKED: .*ECONNREFUSED/);
    expect(ok).toBe(true);
  });
});

test.each([
  '',
  'oops',
  '[]',
  '{}',
  '{"vulnerabilities":null}',
  '{"error":{"code":"ENOLOCK"}}',
  '{"message":"x","error":{"code":"ENOLOCK"}}',
])('the audit fails for unknown output of npm: %s', (printed) => {
  expect(verdict(printed).ok).toBe(false);
});

function advisory(severity: string): unknown {
  return {
    id: 1,
    url: 'https://example.org',
    title: 'a vulnerability',
    severity,
    vulnerable_versions: '*',
    cwe: [],
    cvss: {},
  };
}

/** Starts a registry with these advisories by package, or without the service. `queried` receives the names of queried packages. */
async function registry(known: Readonly<Record<string, unknown>> | undefined, queried: string[] = []) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bulk = request.url?.endsWith('/advisories/bulk') === true;
      response.statusCode = bulk ? (known ? 200 : 405) : 404;
      if (bulk && known)
        queried.push(...Object.keys(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as object));
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(bulk && known ? known : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return npmWith(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** An environment in which npm uses this registry and an empty cache. */
function npmWith(address: string): NodeJS.ProcessEnv {
  const cache = mkdtempSync(join(tmpdir(), 'npm-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  return { PATH: process.env['PATH'], npm_config_cache: cache, npm_config_registry: address };
}
