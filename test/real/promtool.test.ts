// `promtool check metrics`, of Prometheus 2 and 3, accepts every exposition without a remark.
import { spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ERAS } from '../../src/simulator/eras.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { recordings } from '../support/fixtures.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { valueOf, parseExposition } from '../support/exposition.ts';
import { freePort } from './support/process.ts';
import { describeWith, PROMETHEUS_VERSIONS } from './support/tools.ts';

const ACCEPTED = { status: 0, output: '' };

describe.each(PROMETHEUS_VERSIONS)('$name', ({ promtool }) => {
  describeWith({ commands: [promtool] }, 'promtool check metrics', () => {
    test('rejects a counter that is declared as a gauge', () => {
      const verdict = check('# TYPE electrumx_bad_total gauge\nelectrumx_bad_total 1\n');
      expect(verdict.status).not.toBe(0);
      expect(verdict.output).toContain('electrumx_bad_total');
    });

    test.each(recordings())('accepts $release, $state', async ({ replies }) => {
      const simulator = await startSimulator({ era: 'F', replies });
      onTestFinished(() => simulator.stop());
      const { text } = await exposed(simulator.port);
      expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(1);
      expect(check(text)).toEqual(ACCEPTED);
    });

    test.each(ERAS)('accepts a simulated server of era %s with unusual names of clients', async (era) => {
      const simulator = await startSimulator({ era, sessions: 300, scenario: 'hostile-names' });
      onTestFinished(() => simulator.stop());
      const { text } = await exposed(simulator.port, ['--collector.groups.names']);
      expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(1);
      expect(check(text)).toEqual(ACCEPTED);
    });

    test.each(SCENARIOS)('accepts the first and the second scrape of the scenario %s', async (scenario) => {
      const simulator = await startSimulator({ era: 'F', sessions: 50, scenario });
      onTestFinished(() => simulator.stop());
      const { text, exporter } = await exposed(simulator.port);
      expect(check(text)).toEqual(ACCEPTED);
      expect(check(await exporter.fetch('text'))).toEqual(ACCEPTED);
    });

    test('accepts a scrape while ElectrumX is down', async () => {
      const { text } = await exposed(await freePort());
      expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(0);
      expect(check(text)).toEqual(ACCEPTED);
    });
  });

  function check(input: string): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(promtool, ['check', 'metrics'], { input, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }
});

/** The exposition of the built exporter for the LocalRPC port `rpcPort`. The exporter ends with the test. */
async function exposed(rpcPort: number, flags: readonly string[] = []): Promise<{ text: string; exporter: Exporter }> {
  const exporter = await startExporter(rpcPort, flags);
  onTestFinished(() => exporter.stop());
  return { text: await exporter.fetch('text'), exporter };
}
