// What a registry for each scrape costs, against one that lives on and is reset.
import { bench, describe } from 'vitest';
import { Gauge, Registry } from 'prom-client';
import { render, type Family } from '../src/metrics/exposition.ts';

const FAMILIES: readonly Family[] = Array.from({ length: 60 }, (_, i) => ({
  metric: {
    name: `electrumx_m${i}`,
    type: 'gauge',
    help: 'A number.',
    source: 'getinfo',
    labels: ['rank'],
    read: () => [],
  },
  samples: Array.from({ length: 5 }, (_, rank) => ({ labels: { rank: String(rank) }, value: i * rank })),
}));

describe('300 series in 60 families', () => {
  const registry = new Registry();
  const gauges = FAMILIES.map(
    ({ metric: { name, help, labels } }) => new Gauge({ name, help, labelNames: labels, registers: [registry] }),
  );

  bench('a registry that lives on (baseline)', async () => {
    registry.resetMetrics();
    for (const [i, gauge] of gauges.entries())
      for (const { labels, value } of FAMILIES[i]?.samples ?? []) gauge.set(labels, value);
    await registry.metrics();
  });

  bench('a registry for each scrape', async () => {
    await render(FAMILIES, 'text');
  });
});
