// The exporter in front of a server that passes on what JSON does not have.
import { expect, it } from 'vitest';
import { ERAS } from '../../src/simulator/eras.ts';
import { exporterFor } from '../support/exporter.ts';
import { simulator } from './support/client.ts';

it.each(ERAS)('reads the peers of era %s, though one of them has sent NaN and Infinity', async (era) => {
  const { port } = await simulator({ era, scenario: 'hostile-names' });
  const exporter = await exporterFor(port);
  const metrics = await (await exporter.get('/metrics')).text();
  expect(metrics).toContain('electrumx_scrape_collector_success{collector="peers"} 1\n');
});
