// The whole exposition of each recorded release: test/golden/exposition has every series that does not depend on the machine.
import { describe, expect, test } from 'vitest';
import { electrumx } from '../support/electrumx.ts';
import { exporterFor } from '../support/exporter.ts';
import type { Exposition } from '../support/exposition.ts';
import { eraSamples, recordings } from '../support/fixtures.ts';

const OF_THE_MACHINE = /^(process_|nodejs_|electrumx_exporter_|electrumx_scrape_(collector_)?duration_)/;
const OPENMETRICS = { accept: 'application/openmetrics-text; version=1.0.0' };

function golden({ lines }: Exposition): string {
  return `${lines
    .filter((line) => !OF_THE_MACHINE.test(line))
    .sort()
    .join('\n')}\n`;
}

function asReplies(results: Readonly<Record<string, unknown>>): Record<string, string> {
  const reply = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', result, id: 0 });
  return Object.fromEntries(Object.entries(results).map(([method, result]) => [method, reply(result)]));
}

const recorded = recordings().map(({ release, state, replies }) => ({
  name: `${release}-${state}`,
  replies: { ...replies },
}));
const sampled = Object.entries(eraSamples()).map(([era, results]) => ({
  name: `era-${era}`,
  replies: asReplies(results),
}));

describe.each([...recorded, ...sampled])('$name', ({ name, replies }) => {
  test('is exported as in the golden file, and the same in both formats', async () => {
    const { port } = await electrumx({ replies });
    const text = golden(await (await exporterFor(port)).scrape());
    await expect(text).toMatchFileSnapshot(`../golden/exposition/${name}.txt`);
    expect(golden(await (await exporterFor(port)).scrape(OPENMETRICS))).toBe(text);
  });
});
