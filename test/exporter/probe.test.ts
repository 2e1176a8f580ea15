// What the exporter shows of the client ports of calm and troubled servers, and what spares the server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import type { Scenario } from '../../src/simulator/world/scenarios.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor, TEST_TIME_MS } from '../support/exporter.ts';
import { series, valueOf, type Exposition } from '../support/exposition.ts';
import {
  BRIEFLY,
  EVERY_SCRAPE,
  STEPS,
  TRANSPORTS,
  allFail,
  allTransports,
  byTransport,
  collector,
  failures,
  localRpcData,
  outcomes,
  probeLines,
  probed,
} from '../support/probed.ts';

const DAY = 86_400;

describe('A probe of a calm server', () => {
  test('succeeds in all steps over all four transports', async () => {
    const { exporter } = await probed();
    const exposition = await exporter.scrape();
    expect(byTransport(exposition, 'success')).toEqual(allTransports(1));
    const encrypted = (transport: string) => transport === 'ssl' || transport === 'wss';
    const expected = TRANSPORTS.flatMap((transport) =>
      STEPS.filter((step) => step !== 'tls' || encrypted(transport)).map((step) => [`${transport} ${step}`, 1]),
    );
    expect(byTransport(exposition, 'step_success')).toEqual(Object.fromEntries(expected));
    expect(failures(exposition)).toEqual({});
  });

  test('shows the tip, the chain, the certificate and the protocol', async () => {
    const { exporter } = await probed();
    const exposition = await exporter.scrape();
    const height = valueOf(exposition, 'electrumx_db_height');
    expect(byTransport(exposition, 'tip_height')).toEqual(allTransports(height ?? Number.NaN));
    const age = TEST_TIME_MS / 1000 - (valueOf(exposition, 'electrumx_probe_tip_timestamp_seconds') ?? 0);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(7200);
    expect(valueOf(exposition, 'electrumx_probe_genesis_match')).toBe(1);
    for (const expiry of Object.values(series(exposition, 'electrumx_probe_certificate_not_after_timestamp_seconds'))) {
      expect(expiry).toBe(TEST_TIME_MS / 1000 + 365 * DAY);
    }
    expect(Object.keys(series(exposition, 'electrumx_probe_info')).every((key) => key.includes('"1.4.2"'))).toBe(true);
  });

  test('shows whether the certificate is the one in SSL_CERTFILE', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'server.crt');
    const { simulator, exporter } = await probed({}, { flags: [EVERY_SCRAPE], env: { SSL_CERTFILE: file } });
    const current = async () => Object.values(series(await exporter.scrape(), 'electrumx_probe_certificate_current'));
    expect(await current()).toEqual([]);
    writeFileSync(file, simulator.certificate ?? '');
    expect(await current()).toEqual([1, 1]);
    simulator.setScenario('certificate-expiring');
    expect(await current()).toEqual([0, 0]);
  });

  test('has 120 series at most', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'server.crt');
    const { simulator, exporter } = await probed({}, { env: { SSL_CERTFILE: file } });
    writeFileSync(file, simulator.certificate ?? '');
    const { lines } = await exporter.scrape();
    const count = lines.filter((line) => line.includes('probe')).length;
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThanOrEqual(120);
  });

  test('is one session per port, which the server counts as a client with its own name while it lasts', async () => {
    const { simulator, exporter } = await probed();
    simulator.failWallet('server.features', 'hang');
    await exporter.scrape(BRIEFLY);
    const meanwhile = await exporter.scrape(BRIEFLY);
    expect(simulator.walletConnections).toBe(4);
    const clients = series(meanwhile, 'electrumx_sessions_by_client');
    expect(clients['{client="electrumx-exporter",version="unknown"}']).toBe(4);
    simulator.recover();
    await expect.poll(() => simulator.openWalletConnections).toBe(0);
    const after = series(await exporter.scrape(), 'electrumx_sessions_by_client');
    expect(Object.keys(after).filter((key) => key.includes('electrumx-exporter'))).toEqual([]);
  });
});

const SCENARIOS: Partial<Record<Scenario, (exposition: Exposition, transport: string) => void>> = {
  'wallet-tip-frozen': (exposition) => {
    const behind = (valueOf(exposition, 'electrumx_db_height') ?? 0) - 3;
    expect(byTransport(exposition, 'tip_height')).toEqual(allTransports(behind));
    expect(byTransport(exposition, 'success')).toEqual(allTransports(1));
  },
  'balance-hang': (exposition) => {
    expect(outcomes(exposition)).toEqual(allFail('balance'));
    expect(failures(exposition)).toEqual({ 'balance remote': 4 });
  },
  'daemon-dead': (exposition) => {
    expect(outcomes(exposition)).toEqual(allFail('daemon'));
    expect(failures(exposition)).toEqual({ 'daemon remote': 4 });
  },
  'port-closed': (exposition) => {
    expect(outcomes(exposition)).toEqual({ ...allFail('ok'), tcp: 'connect' });
    expect(failures(exposition)).toEqual({ 'connect refused': 1 });
  },
  'wallet-slow': (exposition) => {
    expect(outcomes(exposition)).toEqual(allFail('tip'));
    expect(failures(exposition)).toEqual({ 'tip timeout': 4 });
  },
  'certificate-expiring': (exposition) => {
    const expiries = Object.values(series(exposition, 'electrumx_probe_certificate_not_after_timestamp_seconds'));
    expect(expiries).toEqual(Array(2).fill(TEST_TIME_MS / 1000 + 10 * DAY));
    expect(byTransport(exposition, 'success')).toEqual(allTransports(1));
  },
  'wrong-chain': (exposition) => {
    expect(valueOf(exposition, 'electrumx_probe_genesis_match')).toBe(0);
    expect(byTransport(exposition, 'success')).toEqual(allTransports(1));
  },
};

test.each(Object.entries(SCENARIOS))(
  'the scenario %s shows in the next probe, with LocalRPC whole',
  async (name, check) => {
    const flags = [EVERY_SCRAPE, '--collector.probe.timeout=1s'];
    const { simulator, exporter } = await probed({ requestTimeoutMs: 100 }, { flags });
    expect(outcomes(await exporter.scrape())).toEqual(allFail('ok'));
    simulator.setScenario(name as Scenario);
    const exposition = await exporter.scrape();
    check(exposition, name);
    expect(localRpcData(exposition)).toEqual([1, 1, 1, 1]);
  },
);

describe('A server', () => {
  test('is probed once a minute by default, whatever the scrape interval is', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { simulator, exporter } = await probed();
    for (const passed of [0, 15_000, 15_000, 15_000, 15_000]) {
      vi.advanceTimersByTime(passed);
      expect(byTransport(await exporter.scrape(), 'success')).toEqual(allTransports(1));
    }
    expect(simulator.walletConnections).toBe(8);
  });

  test.each([
    ['is not probed when that would close its ports, and the log has the reason', 46, true],
    ['is probed while there is room for all sessions of the probe', 47, false],
  ])('%s', async (_, maxSessions, skipped) => {
    const flags = [`--electrumx.max-sessions=${maxSessions}`];
    const { simulator, exporter } = await probed({ sessions: 40 }, { flags });
    const exposition = await exporter.scrape();
    expect(valueOf(exposition, 'electrumx_sessions')).toBe(41);
    expect(collector(exposition, 'skipped')).toBe(Number(skipped));
    expect(simulator.walletConnections).toBe(skipped ? 0 : 4);
    expect(JSON.stringify(exporter.logged).includes('ElectrumX closes its client ports')).toBe(skipped);
  });

  test('is probed when its sessions disprove the default of MAX_SESSIONS', async () => {
    const { exporter } = await probed({ sessions: 1500, maxSessions: 5000 });
    const exposition = await exporter.scrape();
    expect(series(exposition, 'electrumx_sessions_limit')).toEqual({});
    expect(byTransport(exposition, 'success')).toEqual(allTransports(1));
  });

  test('on another host is probed there where it listens on all interfaces', async () => {
    const simulator = await electrumx({ host: '127.0.0.2', services: [{ transport: 'tcp', host: '127.0.0.2' }] });
    const rpcHost = '[::ffff:127.0.0.2]'; // not loopback by its name
    const env = { SERVICES: `tcp://:${simulator.services[0]?.port},rpc://0.0.0.0:8000` };
    const exporter = await exporterFor(simulator.port, { env, rpcHost });
    expect(Object.values(series(await exporter.scrape(), 'electrumx_probe_success'))).toEqual([1]);
  });

  test.each([
    ['first', '127.0.0.2', '127.0.0.1'],
    ['last', '127.0.0.1', '127.0.0.2'],
  ])('with a port on two hosts is shown as failing when the %s one fails', async (_, ...hosts) => {
    const simulator = await electrumx({ services: [{ transport: 'tcp' }] });
    const SERVICES = hosts.map((host) => `tcp://${host}:${simulator.services[0]?.port}`).join();
    const exposition = await (await exporterFor(simulator.port, { env: { SERVICES } })).scrape();
    expect(Object.values(series(exposition, 'electrumx_probe_success'))).toEqual([0]);
    expect(Object.values(series(exposition, 'electrumx_probe_step_success'))).toEqual([0]);
  });

  test.each([
    ['without client ports in SERVICES', { SERVICES: 'rpc://' }, []],
    ['whose exporter does not know SERVICES', {}, []],
    ['whose exporter has the collector switched off', {}, ['--no-collector.probe']],
  ])('%s is not probed', async (_, env, flags) => {
    const simulator = await electrumx({ services: [{ transport: 'tcp' }] });
    const exposition = await (await exporterFor(simulator.port, { env, flags })).scrape();
    expect(probeLines(exposition)).toEqual([]);
    expect(collector(exposition, 'skipped')).toBe(flags.length === 0 ? 1 : undefined);
    expect(simulator.walletConnections).toBe(0);
    expect(localRpcData(exposition)).toEqual([1, 1, 1, 1]);
  });
});

describe('The client ports', () => {
  const probedBy = (env: Record<string, string>, flags: string[] = []) => {
    const parsed = parseConfig(flags, env);
    if (!parsed.ok) return parsed.errors;
    return parsed.config.collectors.probe.services?.map(({ transport, host, port }) => `${transport} ${host} ${port}`);
  };

  test.each([
    [{ SERVICES: 'tcp://:1,ssl://0.0.0.0:2,rpc://' }, ['tcp 127.0.0.1 1', 'ssl 127.0.0.1 2']],
    [{ SERVICES: 'tcp://:1', TCP_PORT: '9' }, ['tcp 127.0.0.1 1']],
    [{ TCP_PORT: '1', SSL_PORT: '2' }, ['tcp 127.0.0.1 1', 'ssl 127.0.0.1 2']],
    [{ HOST: '::1,10.0.0.1', SSL_PORT: '2' }, ['ssl ::1 2']],
    [{ HOST: '10.0.0.1' }, undefined],
    [{}, undefined],
  ])('of %j are %j', (env, expected) => {
    expect(probedBy(env)).toEqual(expected);
  });

  test('of the option come before those of SERVICES', () => {
    expect(probedBy({ SERVICES: 'tcp://:1' }, ['--collector.probe.services=wss://:4'])).toEqual(['wss 127.0.0.1 4']);
  });

  test.each([
    ['nonsense', 'nonsense'],
    ['tcp://:1,http://:80,rpc://', 'http://:80'],
    ['tcp://:1, ssl://localhost', 'ssl://localhost'],
    ['"tcp://:1"', '"tcp://:1"'],
  ])('of SERVICES=%s are an error that names %s', (given, named) => {
    expect(probedBy({ SERVICES: given })).toEqual([
      `SERVICES=${named}: expected PROTOCOL://[HOST]:PORT with tcp, ssl, ws, wss or rpc, without quotes`,
    ]);
  });

  test.each([
    [{ TCP_PORT: '1', SSL_PORT: 'abc' }, 'SSL_PORT=abc: expected a port from 1 to 65535'],
    [{ TCP_PORT: '70000' }, 'TCP_PORT=70000: expected a port from 1 to 65535'],
    [{ TCP_PORT: '1', HOST: 'a b' }, 'HOST=a b: expected the name or the address of a host'],
  ])('of %j are an error that names the variable', (env, error) => {
    expect(probedBy(env)).toEqual([error]);
  });
});
