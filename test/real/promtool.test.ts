// Acceptance by promtool: it has nothing to say about any exposition of ours.
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { ERAS } from '../../src/simulator/eras.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { SCENARIOS } from '../../src/simulator/world/scenarios.ts';
import { recordings } from '../support/fixtures.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { valueOf, parseExposition } from '../support/exposition.ts';
import { freePort } from './support/process.ts';
import { describeWith } from './support/tools.ts';

const SILENT = { status: 0, output: '' };

describeWith({ commands: ['promtool'] }, 'promtool check metrics', () => {
  test('does find fault with a bad exposition', () => {
    const verdict = promtool(['check', 'metrics'], '# TYPE electrumx_bad_total gauge\nelectrumx_bad_total 1\n');
    expect(verdict.status).not.toBe(0);
    expect(verdict.output).toContain('electrumx_bad_total');
  });

  test.each(recordings())('is silent about $release, $state', async ({ replies }) => {
    const simulator = await startSimulator({ era: 'F', replies });
    onTestFinished(() => simulator.stop());
    const { text } = await exposed(simulator.port);
    expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(1);
    expect(promtool(['check', 'metrics'], text)).toEqual(SILENT);
  });

  test.each(ERAS)('is silent about a simulated server of era %s that is full of strangers', async (era) => {
    const simulator = await startSimulator({ era, sessions: 300, scenario: 'hostile-names' });
    onTestFinished(() => simulator.stop());
    const { text } = await exposed(simulator.port, ['--collector.groups.names']);
    expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(1);
    expect(promtool(['check', 'metrics'], text)).toEqual(SILENT);
  });

  test.each(SCENARIOS)('is silent about the scenario %s, in the second scrape as in the first', async (scenario) => {
    const simulator = await startSimulator({ era: 'F', sessions: 50, scenario });
    onTestFinished(() => simulator.stop());
    const { text, exporter } = await exposed(simulator.port);
    expect(promtool(['check', 'metrics'], text)).toEqual(SILENT);
    expect(promtool(['check', 'metrics'], await exporter.fetch('text'))).toEqual(SILENT);
  });

  test('is silent about a server that is away', async () => {
    const { text } = await exposed(await freePort());
    expect(valueOf(parseExposition(text), 'electrumx_up')).toBe(0);
    expect(promtool(['check', 'metrics'], text)).toEqual(SILENT);
  });
});

/** The text that the built exporter serves for what listens on `rpcPort`; the exporter ends with the test. */
async function exposed(rpcPort: number, flags: readonly string[] = []): Promise<{ text: string; exporter: Exporter }> {
  const exporter = await startExporter(rpcPort, flags);
  onTestFinished(() => exporter.stop());
  return { text: await exporter.fetch('text'), exporter };
}

function promtool(args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}
