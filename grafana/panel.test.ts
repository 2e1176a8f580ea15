// The vocabulary of panels: what it makes of thresholds, states and empty queries, and what it refuses.
import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, test } from 'vitest';
import { quiet } from './src/absent-metrics.ts';
import { stat } from './src/panel/numbers.ts';
import type { Look, Panel } from './src/panel/panel.ts';
import { timeSeries } from './src/panel/series.ts';
import { table } from './src/panel/table.ts';
import { aggregate, gauge } from './src/promql.ts';

const LOOK: Look = { asks: 'Is it?', normal: 'Normal: yes.', width: 6, unit: units.Number };
const ROWS = { ...LOOK, rows: ['rank'], sort: { by: 'Cost', highestFirst: true } } as const;
const RUNBOOK = 'https://example.org/runbook';
const CONTEXT = { scope: 'instance="$instance"', runbookUrl: RUNBOOK, seriesRunbookUrl: RUNBOOK };

const built = (panel: Panel) => panel.build(CONTEXT).build();
const defaults = (panel: Panel) => built(panel).fieldConfig?.defaults;

describe('a panel', () => {
  test('has its colours from their values on, and text for states', () => {
    const { thresholds, mappings } =
      defaults(
        stat('LocalRPC', gauge('electrumx_up'), {
          ...LOOK,
          steps: ['red', [1, 'green']],
          states: { 0: ['DOWN', 'red'] },
        }),
      ) ?? {};
    expect(thresholds?.steps).toEqual([
      { value: null, color: 'red' },
      { value: 1, color: 'green' },
    ]);
    expect(mappings).toEqual([{ type: 'value', options: { 0: { text: 'DOWN', color: 'red', index: 0 } } }]);
  });

  test('asks about the server that is chosen', () => {
    expect(built(stat('Sessions', gauge('electrumx_sessions'), LOOK)).targets).toMatchObject([
      { expr: 'electrumx_sessions{instance="$instance"}', instant: true },
    ]);
  });

  test('links to what the runbook says about its alerts', () => {
    const { links } = built(stat('LocalRPC', gauge('electrumx_up'), { ...LOOK, alerts: ['ElectrumXDown'] }));
    expect(links).toMatchObject([{ url: 'https://example.org/runbook#electrumxdown', targetBlank: true }]);
  });

  test.each([
    [gauge('electrumx_sessions'), 'no data: ElectrumX or its exporter is down'],
    [gauge('electrumx_up'), 'no data: the exporter is down'],
    [gauge('electrumx_db_flushes'), 'told by ElectrumX 1.14 to 1.20'],
    [gauge('electrumx_config_max_sessions'), 'not told: the exporter needs MAX_SESSIONS'],
    [quiet(gauge('electrumx_sessions'), 'nobody is here'), 'nobody is here'],
    [quiet(gauge('electrumx_cache_entries'), 'no lookups'), 'told by ElectrumX since 1.11, or no lookups'],
  ])('without data says why (%#)', (expr, words) => {
    expect(defaults(stat('Number', expr, LOOK))?.noValue).toBe(words);
  });

  test('cannot name its series after a label that they do not have', () => {
    const panel = timeSeries('Peers', [['{{kind}}', gauge('electrumx_peers')]], LOOK);
    expect(() => panel.build(CONTEXT)).toThrow('the series have no label kind');
  });
});

describe('a table', () => {
  const cost = aggregate('max', gauge('electrumx_group_cost'), { by: ['rank'] });

  test('calls its columns by their names, and leaves out what is the same in all rows', () => {
    const [, organised] =
      built(table('Subnets', [{ name: 'Cost', expr: cost, unit: units.Number }], ROWS)).transformations ?? [];
    expect(organised?.options).toEqual({
      excludeByName: { Time: true, __name__: true, instance: true, job: true },
      indexByName: { rank: 0, 'Value #A': 1 },
      renameByName: { 'Value #A': 'Cost' },
    });
  });

  test('cannot have a column with other labels than its rows', () => {
    const column = { name: 'Cost', expr: gauge('electrumx_group_cost'), unit: units.Number };
    expect(() => table('Subnets', [column], ROWS)).toThrow('the label group is neither row nor column');
  });
});
