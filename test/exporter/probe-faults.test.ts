// Probes that fail or hang, seen through the exporter: the right step and kind, in time, and without harm to the rest of a scrape.
import { describe, expect, test } from 'vitest';
import { TEST_TIME_MS } from '../support/exporter.ts';
import {
  BRIEFLY,
  EVERY_SCRAPE,
  allTransports,
  byTransport,
  collector,
  failures,
  localRpcData,
  probeLines,
  probed,
} from '../support/probed.ts';

describe('A failure', () => {
  test.each([
    ['connect', 'hang', 'tls version', 'timeout'],
    ['tls', 'garbage', 'tls', 'protocol'],
    ['websocket', 'hang', 'version', 'timeout'],
    ['websocket', 'garbage', 'version', 'protocol'],
    ['server.version', 'hang', 'version', 'timeout'],
    ['blockchain.headers.subscribe', 'garbage', 'tip', 'protocol'],
    ['blockchain.headers.subscribe', 'wrong-id', 'tip', 'protocol'],
    ['blockchain.scripthash.get_balance', 'drop', 'balance', 'closed'],
    ['blockchain.transaction.get', 'error', 'daemon', 'remote'],
    ['server.features', { bytes: 10_000_000 }, 'features', 'too_large'],
  ] as const)(
    'at %s (%j) is one of the steps %s, of kind %s, in time, with LocalRPC whole',
    async (at, fault, steps, kind) => {
      const flags = [EVERY_SCRAPE, '--collector.probe.timeout=400ms'];
      const { simulator, exporter } = await probed({}, { flags });
      await exporter.scrape();
      if (at === 'connect' || at === 'tls' || at === 'websocket') simulator.failWallet(at, fault);
      else simulator.failWallet(at, fault);
      const startedAt = performance.now();
      const exposition = await exporter.scrape();
      expect(performance.now() - startedAt).toBeLessThan(3000);
      const seen = Object.keys(failures(exposition));
      expect(seen.length).toBeGreaterThan(0);
      for (const one of seen) expect(steps.split(' ').map((step) => `${step} ${kind}`)).toContain(one);
      expect(localRpcData(exposition)).toEqual([1, 1, 1, 1]);
      expect(collector(exposition, 'success')).toBe(1);
    },
  );

  test('leaves no socket, after 1,000 probes of ports', { timeout: 60_000 }, async () => {
    const { simulator, exporter } = await probed(
      { sessions: 5 },
      { flags: [EVERY_SCRAPE, '--collector.probe.timeout=100ms'] },
    );
    const faults = ['garbage', 'reset', 'error', 'half', 'hang'] as const;
    for (let n = 0; n < 250; n++) {
      if (n % 50 === 0) simulator.failWallet('server.version', faults[n / 50] ?? 'hang');
      await exporter.scrape();
    }
    expect(simulator.walletConnections).toBeGreaterThanOrEqual(1000);
    await expect.poll(() => simulator.openWalletConnections).toBe(0);
  });
});

describe('A probe that outlasts the scrape', () => {
  test('does not affect the data of LocalRPC, and is used in the next scrape, with its age', async () => {
    let now = TEST_TIME_MS;
    const { simulator, exporter } = await probed({}, { now: () => now });
    simulator.failWallet('server.features', 'hang');
    const first = await exporter.scrape(BRIEFLY);
    expect(localRpcData(first)).toEqual([1, 1, 1, 1]);
    expect(probeLines(first)).toEqual([]);
    simulator.recover();
    await expect.poll(() => simulator.openWalletConnections).toBe(0);
    now += 15_000;
    const second = await exporter.scrape();
    expect(byTransport(second, 'success')).toEqual(allTransports(1));
    expect(collector(second, 'last_success_timestamp_seconds')).toBe(TEST_TIME_MS / 1000);
    expect(simulator.walletConnections).toBe(4);
  });

  test('leaves the previous result in place until it ends', async () => {
    let now = TEST_TIME_MS;
    const { simulator, exporter } = await probed({}, { flags: [EVERY_SCRAPE], now: () => now });
    await exporter.scrape();
    simulator.failWallet('server.features', 'hang');
    now += 15_000;
    const second = await exporter.scrape(BRIEFLY);
    expect(byTransport(second, 'success')).toEqual(allTransports(1));
    expect(collector(second, 'last_success_timestamp_seconds')).toBe(TEST_TIME_MS / 1000);
  });

  test('is not started a second time', async () => {
    const { simulator, exporter } = await probed({}, { flags: [EVERY_SCRAPE] });
    simulator.failWallet('server.features', 'hang');
    for (let scrape = 0; scrape < 3; scrape++) await exporter.scrape(BRIEFLY);
    expect(simulator.walletConnections).toBe(4);
  });
});
