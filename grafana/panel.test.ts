// The kinds of panels: what they make of thresholds, states, limits and empty queries, and what they refuse.
import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, test } from 'vitest';
import { quiet } from './src/absent-metrics.ts';
import { firingAlerts } from './src/panel/alerts.ts';
import { labelValue, stat } from './src/panel/numbers.ts';
import type { Look, Panel } from './src/panel/panel.ts';
import { timeSeries } from './src/panel/series.ts';
import { table } from './src/panel/table.ts';
import { aggregate, gauge } from './src/promql.ts';

const LOOK: Look = { asks: 'Is it?', normal: 'Normal: yes.', width: 6, unit: units.Number };
const ROWS = { ...LOOK, rows: ['rank'], sort: { by: 'Cost', highestFirst: true } } as const;
const RUNBOOK = 'https://example.org/runbook';
const CONTEXT = { scope: 'instance="$instance"', runbookUrl: RUNBOOK, rowRunbookUrl: RUNBOOK };

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
    expect(mappings?.[0]).toEqual({ type: 'value', options: { 0: { text: 'DOWN', color: 'red', index: 0 } } });
  });

  test('is grey without a value, whatever the colours of its thresholds', () => {
    const { mappings } = defaults(stat('Number', gauge('electrumx_sessions'), { ...LOOK, steps: ['red'] })) ?? {};
    expect(mappings).toMatchObject([{ type: 'special', options: { match: 'null+nan', result: { color: '#6e7077' } } }]);
  });

  test('queries the server that is chosen', () => {
    expect(built(stat('Sessions', gauge('electrumx_sessions'), LOOK)).targets).toMatchObject([
      { expr: 'electrumx_sessions{instance="$instance"}', instant: true },
    ]);
  });

  test('links to the runbook sections of its alerts', () => {
    const { links } = built(stat('LocalRPC', gauge('electrumx_up'), { ...LOOK, alerts: ['ElectrumXDown'] }));
    expect(links).toMatchObject([{ url: 'https://example.org/runbook#electrumxdown', targetBlank: true }]);
  });

  test.each([
    [gauge('electrumx_sessions'), 'no data: ElectrumX or its exporter is down'],
    [gauge('electrumx_up'), 'no data: the exporter is down'],
    [gauge('electrumx_db_flushes'), 'ElectrumX 1.14 to 1.20 only'],
    [gauge('electrumx_config_max_sessions'), 'not configured: needs MAX_SESSIONS'],
    [quiet(gauge('electrumx_sessions'), 'nobody is here'), 'nobody is here'],
    [quiet(gauge('electrumx_cache_entries'), 'no lookups'), 'since ElectrumX 1.11, or no lookups'],
  ])('without data says why (%#)', (expr, words) => {
    expect(defaults(stat('Number', expr, LOOK))?.noValue).toBe(words);
  });

  test('cannot name its series after a label that they do not have', () => {
    const panel = timeSeries('Peers', [['{{kind}}', gauge('electrumx_peers')]], LOOK);
    expect(() => panel.build(CONTEXT)).toThrow('the series have no label kind');
  });
});

describe('a graph', () => {
  const sessions = ['open', gauge('electrumx_sessions')] as const;
  const limit = ['limit', gauge('electrumx_sessions_limit')] as const;
  const overridesOf = (panel: Panel) =>
    new Map(built(panel).fieldConfig?.overrides.map(({ matcher, properties }) => [matcher.options, properties]));

  test.each([
    ['blue for one series', [sessions], 'fixed'],
    ['shades of blue for two', [sessions, limit], 'shades'],
    ['shades of blue for one query with many series', [['{{status}}', gauge('electrumx_peers')] as const], 'shades'],
  ])('is %s', (_, lines, mode) => {
    expect(defaults(timeSeries('Sessions', lines, LOOK))?.color).toEqual({ mode, fixedColor: 'blue' });
  });

  test('draws a limit as a dashed line without an area', () => {
    const properties = overridesOf(timeSeries('Sessions', [sessions, limit], { ...LOOK, limits: { limit: 'red' } }));
    expect(properties.get('limit')).toEqual(
      expect.arrayContaining([
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
        { id: 'custom.fillOpacity', value: 0 },
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
      ]),
    );
    expect(properties.get('open')).toEqual([{ id: 'color', value: { mode: 'fixed', fixedColor: 'blue' } }]);
  });

  test('has an axis that ends at a given value or above', () => {
    expect(defaults(timeSeries('Sessions', [sessions], { ...LOOK, softMax: 5 }))?.custom).toMatchObject({
      axisSoftMax: 5,
    });
  });

  test.each([
    [undefined, { showLegend: true, placement: 'bottom' }],
    ['right', { showLegend: true, placement: 'right' }],
    ['none', { showLegend: false }],
  ] as const)('has its legend where the panel wants it: %s', (legend, expected) => {
    const panel = timeSeries('Sessions', [sessions], { ...LOOK, ...(legend && { legend }) });
    expect(built(panel).options).toMatchObject({ legend: expected });
  });
});

test('a tile with the value of a label shows that column of the reply', () => {
  const panel = labelValue('Version', gauge('electrumx_info'), { ...LOOK, label: 'version' });
  expect(built(panel).options).toMatchObject({ reduceOptions: { fields: '/^version$/' } });
  expect(built(panel).targets).toMatchObject([{ format: 'table' }]);
});

describe('the table of alerts that fire', () => {
  test('colours each severity, and hides what only links read', () => {
    const panel = built(
      firingAlerts('Firing alerts', 'all servers', { asks: 'Which?', normal: 'Normal: none.', width: 9 }),
    );
    const properties = new Map(
      panel.fieldConfig?.overrides.map(({ matcher, properties }) => [
        matcher.options,
        new Map(properties.map(({ id, value }) => [id, value as unknown])),
      ]),
    );
    expect(properties.get('severity')?.get('mappings')).toMatchObject([
      { options: { critical: { color: 'red' }, warning: { color: 'orange' }, info: { color: 'blue' } } },
    ]);
    for (const id of ['custom.hidden', 'custom.hideFrom.viz']) expect(properties.get('anchor')?.get(id)).toBe(true);
    expect(panel.fieldConfig?.defaults.noValue).toBe('no alert fires');
  });
});

describe('a table', () => {
  const cost = aggregate('max', gauge('electrumx_group_cost'), { by: ['rank'] });

  test('names its columns, and leaves out what is the same in all rows', () => {
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
