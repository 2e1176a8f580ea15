// The exporter as a process: what it prints, how it exits, and that it starts, serves and stops.
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { deadPort, electrumx } from '../support/electrumx.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { addressOf, run, start } from '../support/process.ts';
import { webFixture } from '../support/web.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('Errors in the configuration', () => {
  test('are reported all at once, with option, value and what is allowed, before anything listens; exit code 2', async () => {
    const flags = [
      '--electrumx.timeout=soon',
      '--collector.groups.top=-1',
      '--web.telemetry-path=metrics',
      '--nonsense',
      'extra',
    ];
    const { code, stdout, stderr } = await run(flags, { ELECTRUMX_EXPORTER_LOG_LEVEL: 'loud', RPC_PORT: '99999' });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n').slice(0, -1).sort()).toEqual(
      [
        'electrumx-exporter: 7 errors in the configuration:',
        '  --electrumx.timeout=soon: expected a duration from 100ms to 10m, such as 500ms, 8s or 5m',
        '  --collector.groups.top=-1: expected a whole number from 0 to 100',
        '  --web.telemetry-path=metrics: expected a path of letters, digits and ._-/ that begins with / and is none of /, /runbook and those under /-/',
        '  --nonsense: no such option; see --help for the list',
        '  extra: not an option; expected options only, see --help',
        '  ELECTRUMX_EXPORTER_LOG_LEVEL=loud: expected one of debug, info, warn, error',
        '  RPC_PORT=99999: expected a port from 1 to 65535',
      ].sort(),
    );
  });

  test('are found by --config.check too; a good configuration is shown, without the password of the daemon', async () => {
    expect(await run(['--config.check', '--log.format=xml'])).toMatchObject({ code: 2, stdout: '' });
    const good = await run(['--config.check'], {
      DAEMON_URL: 'http://user:hunter2@10.1.2.3:8332/',
      MAX_SESSIONS: '1000',
    });
    expect(good).toMatchObject({ code: 0, stderr: '' });
    expect(good.stdout).toContain('"maxSessions": 1000');
    expect(good.stdout).not.toContain('hunter2');
  });
});

test('--version prints the version of the package, --help every option with its variable', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, stdout: `electrumx-exporter ${version}\n`, stderr: '' });
  const { code, stdout } = await run(['--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('--electrumx.rpc-address=HOST:PORT');
  expect(stdout).toContain('[ELECTRUMX_EXPORTER_RPC_ADDRESS]');
});

test('SERVICES without rpc:// is a warning, in --config.check and in the log', async () => {
  const env = { SERVICES: 'tcp://:50001,ssl://:50002' };
  expect((await run(['--config.check'], env)).stdout).toMatch(/^Warning: SERVICES has no rpc:\/\/ entry/m);
  const explicit = await run(['--config.check', '--electrumx.rpc-address=127.0.0.1:8000'], env);
  expect(explicit.stdout).not.toContain('Warning');
});

test('a reader of stdout that closes early is not a failure', async () => {
  const { ended, hangUp } = start(['--help']);
  hangUp();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

describe('Serving', () => {
  test('starts without ElectrumX, listens at every given address, and stops at SIGTERM with exit code 0', async () => {
    const places = ['--web.listen-address=127.0.0.1:0', '--web.listen-address=127.0.0.2:0'];
    const exporter = start([...places, `--electrumx.rpc-address=127.0.0.1:${await deadPort()}`]);
    await expect.poll(exporter.stderr, { timeout: 10_000 }).toContain('"msg":"started"');
    const urls = [...exporter.stderr().matchAll(/listening at (http:\/\/[^"]+)/gi)].map(([, url = '']) => url);
    expect(urls.map((url) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.2']);
    for (const url of urls) {
      const response = await fetch(`${url}/metrics`);
      expect(response.status).toBe(200);
      expect(series(parseExposition(await response.text()), 'electrumx_up')).toEqual({ '': 0 });
    }
    exporter.kill('SIGTERM');
    expect(await exporter.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test('finishes the scrape in progress before it stops', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    const exporter = start(['--web.listen-address=127.0.0.1:0', `--electrumx.rpc-address=127.0.0.1:${simulator.port}`]);
    const scrape = fetch(`${await addressOf(exporter)}/metrics`);
    await expect.poll(() => simulator.requests).toContain('getinfo');
    exporter.kill('SIGTERM');
    simulator.recover();
    expect(series(parseExposition(await (await scrape).text()), 'electrumx_up')).toEqual({ '': 1 });
    expect((await exporter.ended).code).toBe(0);
  });

  test('waits for a server that hangs until the deadline of the scrape, and closes the connection with the reply', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    simulator.fail('groups', 'hang');
    const exporter = start([
      '--web.listen-address=127.0.0.1:0',
      `--electrumx.rpc-address=127.0.0.1:${simulator.port}`,
      '--electrumx.timeout=1s',
    ]);
    const scrape = fetch(`${await addressOf(exporter)}/metrics`);
    await expect.poll(() => simulator.requests).toContain('getinfo');
    exporter.kill('SIGTERM');
    const answer = await scrape;
    expect(series(parseExposition(await answer.text()), 'electrumx_up')).toEqual({ '': 0 });
    expect(answer.headers.get('connection')).toBe('close');
    expect(await exporter.ended).toMatchObject({ code: 0, stdout: '' });
  });

  test.each([
    ['half a request', [], 'GET /metrics HTTP/1.1\r\nHost: x\r\n'],
    ['a connection without a word', [], ''],
    ['a TLS handshake that never begins', [`--web.config.file=${webFixture('valid/tls.yml')}`], ''],
    ['half a TLS handshake', [`--web.config.file=${webFixture('valid/tls.yml')}`], '\x16\x03\x01'],
  ])(
    'stops although a client has sent %s',
    async (_, flags, text) => {
      const port = await deadPort();
      const exporter = start([`--web.listen-address=127.0.0.1:${port}`, '--electrumx.timeout=200ms', ...flags]);
      await expect.poll(exporter.stderr, { timeout: 10_000 }).toContain('"msg":"started"');
      const client = connect(port, '127.0.0.1');
      client.on('error', () => undefined);
      await once(client, 'connect');
      await new Promise((resolve) => client.write(text, resolve));
      // A reply to a later client shows that this connection has been accepted.
      expect((await run(['--healthcheck', `--web.listen-address=127.0.0.1:${port}`])).code).toBe(0);
      exporter.kill('SIGTERM');
      expect((await exporter.ended).code).toBe(0);
    },
    9_000,
  );

  test('ends at once at a second signal of either kind', async () => {
    const simulator = await electrumx();
    simulator.fail('getinfo', 'hang');
    const exporter = start([
      '--web.listen-address=127.0.0.1:0',
      `--electrumx.rpc-address=127.0.0.1:${simulator.port}`,
      '--electrumx.timeout=10m',
    ]);
    const scrape = fetch(`${await addressOf(exporter)}/metrics`).catch((error: unknown) => error);
    await expect.poll(() => simulator.requests).toContain('getinfo');
    exporter.kill('SIGINT');
    exporter.kill('SIGTERM');
    expect((await exporter.ended).code).not.toBe(0);
    expect(await scrape).toBeInstanceOf(Error);
  });

  test('logs version, process and addresses only where they belong', async () => {
    const simulator = await electrumx();
    const env = {
      ELECTRUMX_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
      SERVICES: `tcp://:50001,rpc://127.0.0.1:${simulator.port}`,
    };
    const exporter = start([], env);
    const url = await addressOf(exporter);
    const metrics = parseExposition(await (await fetch(`${url}/metrics`)).text());
    const build = `{nodejs_version="${process.version}",version="${version}"}`;
    expect(series(metrics, 'electrumx_exporter_build_info')).toEqual({ [build]: 1 });
    expect(series(metrics, 'electrumx_up')).toEqual({ '': 1 });
    expect(series(metrics, 'process_resident_memory_bytes')['']).toBeGreaterThan(1e7);
    expect(exporter.stderr()).not.toMatch(/remoteAddress|remotePort|hostname/);
  });

  test.each(['json', 'pretty'])(
    'keeps serving when the log cannot be written, as on a full disk: %s',
    async (format) => {
      const port = await deadPort();
      const readOnly = openSync(webFixture('ca.pem'), 'r');
      onTestFinished(() => closeSync(readOnly));
      const flags = [`--web.listen-address=127.0.0.1:${port}`, `--electrumx.rpc-address=127.0.0.1:${await deadPort()}`];
      const exporter = start([...flags, `--log.format=${format}`], {}, { stderr: readOnly });
      const scrape = async () => parseExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
      await expect.poll(scrape, { timeout: 10_000 }).toBeDefined();
      for (let time = 0; time < 500; time += 1) expect(series(await scrape(), 'electrumx_up')).toEqual({ '': 0 });
      exporter.kill('SIGTERM');
      expect((await exporter.ended).code).toBe(0);
    },
  );

  test('reports an address in use with one line and exit code 1', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const { code, stderr } = await run([`--web.listen-address=127.0.0.1:${port}`]);
    holder.close();
    expect(code).toBe(1);
    expect(stderr).toBe(`electrumx-exporter: listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  });
});

test('the README shows a part of what the demo prints', async () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const shown =
    /as the demo prints them when it starts:\n\n```\n([^]*?)```/.exec(readme)?.[1]?.trim().split('\n') ?? [];
  const demo = start(['demo', '--web.listen-address=127.0.0.1:0']);
  await expect.poll(demo.stdout, { timeout: 10_000 }).toContain('Ctrl-C');
  expect(shown.length).toBeGreaterThan(0);
  expect(demo.stdout().split('\n')).toEqual(expect.arrayContaining(shown.map((line) => `  ${line}`)));
});

test('the demo refuses what it sets itself, and answers --help', async () => {
  const { code, stderr } = await run(['demo', '--electrumx.rpc-address=10.9.9.9:1', '--config.check']);
  expect(code).toBe(2);
  expect(stderr).toContain('--electrumx.rpc-address=10.9.9.9:1: not allowed in the demo');
  expect(await run(['demo', '--help'])).toMatchObject({ code: 0, stderr: '' });
});

test('the demo prints its addresses, and they work', async () => {
  const demo = start(['demo', '--web.listen-address=127.0.0.2:0', '--web.telemetry-path=/a/b']);
  await expect.poll(demo.stdout, { timeout: 10_000 }).toContain('Ctrl-C');
  const url = /metrics\s+(http:\S+)/.exec(demo.stdout())?.[1] ?? '';
  const metrics = parseExposition(await (await fetch(url)).text());
  expect(series(metrics, 'electrumx_up')).toEqual({ '': 1 });
  const page = /landing page\s+(http:\S+)/.exec(demo.stdout())?.[1] ?? '';
  expect(await (await fetch(page)).text()).toContain('href="./a/b"');
  demo.kill('SIGINT');
  expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
});
