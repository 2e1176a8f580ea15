// Rule 27 for real: the exporter without a single flag finds an ElectrumX at its usual port, and is found at its own.
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { parseExposition, series } from '../support/exposition.ts';
import { run } from './support/process.ts';

test('no flags, no environment: ElectrumX at 127.0.0.1:8000 is up at localhost:10061/metrics', async () => {
  const simulator = await startSimulator({ era: 'F', port: 8000 });
  onTestFinished(() => simulator.stop());
  const exporter = run(process.execPath, [resolve(import.meta.dirname, '../../dist/main.js')]);
  onTestFinished(async () => {
    await exporter.stop();
  });
  await expect.poll(() => exporter.output(), { timeout: 10_000 }).toContain('"msg":"started"');
  const metrics = parseExposition(await (await fetch('http://localhost:10061/metrics')).text());
  expect(series(metrics, 'electrumx_up')).toEqual({ '': 1 });
});
