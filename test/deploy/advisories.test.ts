// `npm run audit` fails for serious vulnerabilities only, and says so when nobody could tell. The registry is one of this test's own.
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

  test('tells of one of severity moderate', async () => {
    const { ok, text } = await advisories(await registry({ fastify: [advisory('moderate')] }));
    expect(text).toContain('fastify: moderate');
    expect(ok).toBe(true);
  });

  test('is asked about production dependencies, and not about those of development', async () => {
    const asked: string[] = [];
    expect(await advisories(await registry({}, asked))).toEqual({
      ok: true,
      text: 'No production dependency has a known vulnerability.',
    });
    expect(asked).toContain('prom-client');
    expect(asked).not.toContain('vitest');
  });
});

describe('nobody who could tell', () => {
  test('a registry without the service', async () => {
    const { ok, text } = await advisories(await registry(undefined));
    expect(text).toMatch(/^NOT CHECKED: .*405/);
    expect(ok).toBe(true);
  });

  test('no registry', async () => {
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
])('whatever else npm prints is a failure: %s', (printed) => {
  expect(verdict(printed).ok).toBe(false);
});

function advisory(severity: string): unknown {
  return { id: 1, url: 'https://example.org', title: 'a hole', severity, vulnerable_versions: '*', cwe: [], cvss: {} };
}

/** Starts a registry that knows advisories by package, or has no such service; `asked` gets the packages that it is asked about. */
async function registry(known: Readonly<Record<string, unknown>> | undefined, asked: string[] = []) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bulk = request.url?.endsWith('/advisories/bulk') === true;
      response.statusCode = bulk ? (known ? 200 : 405) : 404;
      if (bulk && known) asked.push(...Object.keys(JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()) as object));
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(bulk && known ? known : {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return npmWith(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** An environment in which npm asks this registry, and remembers nothing. */
function npmWith(address: string): NodeJS.ProcessEnv {
  const cache = mkdtempSync(join(tmpdir(), 'npm-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  return { PATH: process.env['PATH'], npm_config_cache: cache, npm_config_registry: address };
}
