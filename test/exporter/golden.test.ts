// What the exporter makes of each recorded release, whole: test/golden/exposition holds every series that does not depend on the machine.
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../src/simulator/server.ts';
import { exporterFor } from '../support/exporter.ts';
import { recordings } from '../support/fixtures.ts';

const OF_THE_MACHINE = /^(process_|nodejs_|electrumx_exporter_|electrumx_scrape_(collector_)?duration_)/;

describe.each(recordings())('$release, $state', ({ release, state, replies }) => {
  test('is exposed as the golden file says', async () => {
    const simulator = await startSimulator({ era: 'F', replies });
    onTestFinished(() => simulator.stop());
    const exporter = await exporterFor(simulator.port);
    const { lines } = await exporter.scrape();
    const golden = lines.filter((line) => !OF_THE_MACHINE.test(line)).sort();
    await expect(`${golden.join('\n')}\n`).toMatchFileSnapshot(`../golden/exposition/${release}-${state}.txt`);
  });
});
