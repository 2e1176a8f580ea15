// Faults that are large or many: what an exporter has to bear in time, memory and file descriptors.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/server.ts';
import { fates, METHODS, type Method } from '../support/collectors.ts';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { recorded } from '../support/fixtures.ts';
import { addressOf, start } from '../support/process.ts';
import { manyRows } from '../support/spoil.ts';
import { ALL_OK, suffer } from '../support/suffer.ts';

const REPLIES = recorded('spesmilo-1.20.0', 'busy');

describe('A million rows', () => {
  test.each<readonly [Method, string]>([
    ['getinfo', 'protocol'],
    ['groups', 'ok'],
    ['sessions', 'ok'],
    ['peers', 'ok'],
  ])('at %s: %s, in time', async (method, fate) => {
    const simulator = await electrumx({ replies: REPLIES });
    const { url } = await exporterFor(simulator.port);
    await suffer({
      url: `${url}/metrics`,
      begin: () => simulator.misbehave(method, manyRows(1_000_000)),
      end: () => simulator.behave(),
      expected: { ...ALL_OK, [method]: fate },
      changed: [method],
    });
  });
});

describe('The process', () => {
  async function exporter(port: number, limit: string) {
    const flags = [`--electrumx.rpc-address=127.0.0.1:${port}`, `--electrumx.max-response-bytes=${limit}`];
    const process = start([...flags, '--web.listen-address=127.0.0.1:0']);
    const url = `${await addressOf(process)}/metrics`;
    return { process, scrape: async () => parseExposition(await (await fetch(url)).text()) };
  }

  test('bears a line of 600 MB at each method in memory that its byte limit bounds', async () => {
    const simulator = await electrumx({ replies: REPLIES });
    const { process, scrape } = await exporter(simulator.port, '32MiB');
    let before = await scrape();
    const peak = () =>
      Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1]) / 1024;
    const unharmed = peak();
    for (const method of METHODS) {
      simulator.misbehave(method, { bytes: 600e6 });
      const during = await scrape();
      expect(fates(during, before)).toEqual({ ...ALL_OK, [method]: 'too_large' });
      before = during;
      simulator.behave();
    }
    // V8 lets go of what was read only once in a while: of a few lines as long as the limit.
    expect(peak() - unharmed).toBeLessThan(8 * 32);
  });

  test('has no file descriptor more after 1,000 scrapes that failed', async () => {
    const faults: readonly (readonly [Fault, string])[] = [
      ['drop', 'closed'],
      ['half', 'closed'],
      ['reset', 'closed'],
      ['garbage', 'protocol'],
      ['wrong-id', 'protocol'],
      ['no-id', 'protocol'],
      ['error', 'remote'],
      [{ bytes: 100_000 }, 'too_large'],
    ];
    const simulator = await electrumx({ replies: REPLIES });
    const { process, scrape } = await exporter(simulator.port, '64KiB');
    const open = () => readdirSync(`/proc/${process.pid}/fd`).length;
    let last = await scrape();
    const unharmed = open();
    for (let i = 0; i < 1000; i += 1) {
      const method = METHODS[i % METHODS.length] ?? 'getinfo';
      const [fault, kind] = faults[i % faults.length] ?? ['drop', 'closed'];
      simulator.behave();
      simulator.misbehave(method, fault);
      const scraped = await scrape();
      expect(fates(scraped, last)).toEqual({ ...ALL_OK, [method]: kind });
      last = scraped;
    }
    await expect.poll(open).toBe(unharmed);
    expect(simulator.openConnections).toBe(0);
  }, 60_000);
});
