// The web pages: formats, compression, and the page for people.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';

/** A GET without fetch's own decompression. */
function rawGet(
  url: string,
  headers: Record<string, string>,
): Promise<{ statusCode: number | undefined; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const get = request(url, { headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ statusCode: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    get.on('error', reject).end();
  });
}

describe('/metrics', () => {
  test.each(['text/plain', 'application/openmetrics-text'])(
    '%s is compressed for those who take gzip, and for nobody else',
    async (accept) => {
      const { url } = await exporterFor((await electrumx()).port);
      const zipped = await rawGet(`${url}/metrics`, { accept, 'accept-encoding': 'gzip' });
      expect(zipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(zipped.body).toString()).toContain('electrumx_up 1\n');
      for (const encodings of [{}, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip;q=0' }]) {
        const plain = await rawGet(`${url}/metrics`, { accept, ...encodings });
        expect(plain.headers).toMatchObject({ vary: 'accept-encoding', 'content-length': String(plain.body.length) });
        expect(plain.headers['content-encoding']).toBeUndefined();
        expect(plain.body.toString()).toContain('electrumx_up 1\n');
      }
    },
  );

  test('stands where --web.telemetry-path puts it, and the landing page leads there', async () => {
    const { get } = await exporterFor((await electrumx()).port, { flags: ['--web.telemetry-path=/electrumx/metrics'] });
    expect((await get('/metrics')).status).toBe(404);
    expect((await get('/electrumx/metrics')).status).toBe(200);
    expect(await (await get('/')).text()).toContain('href="/electrumx/metrics"');
  });
});

describe('The landing page', () => {
  test('says that nobody has asked yet, then how each collector fared; ElectrumX is not asked for it', async () => {
    const simulator = await electrumx();
    const exporter = await exporterFor(simulator.port, { flags: ['--collector.sessions.max-pairs=0'] });
    expect(await (await exporter.get('/')).text()).toContain('None yet');
    expect(simulator.connections).toBe(0);
    simulator.fail('peers', 'error');
    await exporter.scrape();
    const page = await (await exporter.get('/')).text();
    expect(page).toMatch(/ElectrumX <b class="ok">answered/);
    expect(page).toMatch(/<td>groups<\/td><td class="ok">answered, \d+ bytes/);
    expect(page).toMatch(/<td>sessions<\/td><td class="skipped">skipped, to spare the server/);
    expect(page).toMatch(/<td>peers<\/td><td class="failed">failed \(remote\)/);
    expect(simulator.connections).toBe(1);
  });

  test("shows an error of ElectrumX by its code: the words may be a stranger's, or hold an address", async () => {
    const error = { code: -102, message: '<script>alert("203.0.113.7:4444")</script>' };
    const { port } = await electrumx({ replies: { getinfo: JSON.stringify({ jsonrpc: '2.0', error, id: 0 }) } });
    const exporter = await exporterFor(port);
    await exporter.scrape();
    const page = await (await exporter.get('/')).text();
    expect(page).toContain('failed (remote): the server answered with error -102');
    expect(page).not.toMatch(/script|203\.0\.113/);
    expect(JSON.stringify(exporter.logged)).not.toMatch(/script|203\.0\.113/);
  });
});

test('a path that cannot be decoded is not found either', async () => {
  const { port } = new URL((await exporterFor((await electrumx()).port)).url);
  const { statusCode, headers } = await rawGet(`http://127.0.0.1:${port}/%zz`, {});
  expect([statusCode, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
});

test('other methods than GET and HEAD find nothing', async () => {
  const { url } = await exporterFor((await electrumx()).port);
  expect((await fetch(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(`${url}/metrics`, { method: 'POST', body: '{}' })).status).toBe(404);
});
