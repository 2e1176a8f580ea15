// The web pages: formats, compression, methods, and the landing page.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { deadPort, electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';

/** A request without fetch's decompression, and with any method. */
function rawRequest(
  url: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ statusCode: number | undefined; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ statusCode: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end();
  });
}

describe('/metrics', () => {
  test.each(['text/plain', 'application/openmetrics-text'])(
    'compresses %s for clients that accept gzip, and for no others',
    async (accept) => {
      const { url } = await exporterFor((await electrumx()).port);
      const zipped = await rawRequest(`${url}/metrics`, { headers: { accept, 'accept-encoding': 'gzip' } });
      expect(zipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(zipped.body).toString()).toContain('electrumx_up 1\n');
      for (const encodings of [{}, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip;q=0' }]) {
        const plain = await rawRequest(`${url}/metrics`, { headers: { accept, ...encodings } });
        expect(plain.headers).toMatchObject({ vary: 'accept-encoding', 'content-length': String(plain.body.length) });
        expect(plain.headers['content-encoding']).toBeUndefined();
        expect(plain.body.toString()).toContain('electrumx_up 1\n');
      }
    },
  );

  test('moves with --web.telemetry-path, and the landing page links to it', async () => {
    const { get } = await exporterFor((await electrumx()).port, { flags: ['--web.telemetry-path=/electrumx/metrics'] });
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/electrumx/metrics')).status).toBe(200);
    expect(await (await get('/')).text()).toContain('href="./electrumx/metrics"');
  });
});

describe('The landing page', () => {
  test('shows the last scrape, and does not contact ElectrumX itself', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port, { flags: ['--collector.sessions.max-pairs=0'] });
    expect(await (await exporter.get('/')).text()).toContain('Not scraped yet');
    expect(simulator.connections).toBe(0);
    simulator.fail('peers', 'error');
    await exporter.scrape();
    const page = await (await exporter.get('/')).text();
    expect(page).toMatch(/ElectrumX is up, with problems<.*The collector peers failed\./);
    expect(page).toMatch(/<td>groups<\/td><td><b class="ok">ok<\/b><\/td><td>\d+\.\d{3} s/);
    expect(page).toMatch(/<td>sessions<\/td><td><b class="skipped">skipped<\/b> groups are so large/);
    expect(page).toMatch(
      /<td>peers<\/td><td><b class="failed">failed<\/b> the server answered with error .* \(remote\)/,
    );
    expect(simulator.connections).toBe(1);
  });

  test('shows an error of ElectrumX by its code, since the message is untrusted and can contain addresses', async () => {
    const error = { code: -102, message: '<script>alert("203.0.113.7:4444")</script>' };
    const { port } = await electrumx({ replies: { getinfo: JSON.stringify({ jsonrpc: '2.0', error, id: 0 }) } });
    const exporter = await exporterFor(port);
    await exporter.scrape();
    const page = await (await exporter.get('/')).text();
    expect(page).toContain('the server answered with error -102 (remote)');
    expect(page).not.toMatch(/script|203\.0\.113/);
    expect(JSON.stringify(exporter.logged)).not.toMatch(/script|203\.0\.113/);
  });
});

describe('Methods', () => {
  const paths = ['/', '/metrics', '/-/healthy', '/-/ready', '/metrics?a=b', '/%6detrics'];

  test.each(
    paths.flatMap((path) => ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'].map((method) => [method, path])),
  )('%s %s is answered with 405 and the allowed methods', async (method = '', path = '') => {
    const { url } = await exporterFor(await deadPort());
    const { statusCode, headers, body } = await rawRequest(url + path, { method });
    expect([statusCode, headers['allow'], body.toString()]).toEqual([
      405,
      'GET, HEAD',
      'Method not allowed. Allowed: GET, HEAD.\n',
    ]);
  });

  test.each(paths)('OPTIONS %s is answered with the allowed methods', async (path) => {
    const { url } = await exporterFor(await deadPort());
    const { statusCode, headers, body } = await rawRequest(url + path, { method: 'OPTIONS' });
    expect([statusCode, headers['allow'], body.length]).toEqual([204, 'GET, HEAD', 0]);
  });

  test('HEAD is answered like GET without the body', async () => {
    const { url } = await exporterFor(await deadPort());
    const { statusCode, headers, body } = await rawRequest(`${url}/-/ready`, { method: 'HEAD' });
    expect([statusCode, headers['content-length'], body.length]).toEqual([200, '23', 0]);
  });

  test('a body is ignored', async () => {
    const { url } = await exporterFor(await deadPort());
    expect((await fetch(`${url}/metrics`, { method: 'POST', body: '{}' })).status).toBe(405);
  });

  test.each(['GET', 'POST', 'OPTIONS', 'PROPFIND'])('%s of an unknown path is answered with 404', async (method) => {
    const { url } = await exporterFor(await deadPort());
    for (const path of ['/nope', '/metrics/', '//metrics', '/METRICS']) {
      const { statusCode, headers } = await rawRequest(url + path, { method });
      expect([path, statusCode, headers['allow']]).toEqual([path, 404, undefined]);
    }
  });
});

test('a path that cannot be decoded is answered with 400', async () => {
  const { url } = await exporterFor(await deadPort());
  const { statusCode, headers } = await rawRequest(`${url}/%zz`);
  expect([statusCode, headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
});
