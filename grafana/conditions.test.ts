// The judgement of alerts under conditions: cases are read, scraped and judged as they should be, and nothing remains without a remark.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { casesOf, readCases, type Case } from './src/conditions/cases.ts';
import { CONDITIONS, conditionsOf, type ConditionName } from './src/conditions/conditions.ts';
import { reportedTimes, type Verdicts } from './src/conditions/judge.ts';
import { rulesFor } from './src/conditions/needed-rules.ts';
import { REMARKS, remarkOf } from './src/conditions/remarks.ts';
import { scrapedCase } from './src/conditions/scraped.ts';
import { endless, firstChange, firstGap, lengthOf, parseValues, valueAt } from './src/conditions/series.ts';
import { isMuchLater, rows, VERDICTS, verdictsOf } from './src/conditions/table.ts';
import { alerts } from './src/rules.ts';

const minutely = (values: string, selector = 'electrumx_up{job="electrumx",instance="a:10061"}') => ({
  selector,
  stretches: parseValues(values),
  interval: 60,
});

describe("promtool's notation", () => {
  const samples = (values: string) => {
    const series = minutely(values);
    return Array.from({ length: lengthOf(series) / 60 }, (_, minute) => valueAt(series, minute * 60));
  };

  test.each<[string, (number | undefined)[]]>([
    ['7', [7]],
    ['1+2x3', [1, 3, 5, 7]],
    ['5-1.5x2', [5, 3.5, 2]],
    ['-90+0x1', [-90, -90]],
    ['4x2', [4, 4, 4]],
    ['2e9-5e8x1', [2e9, 1.5e9]],
    ['1 _ 2', [1, undefined, 2]],
    ['_x2 3 stale', [undefined, undefined, 3, undefined]],
  ])('%s is read', (values, expected) => {
    expect(samples(values)).toEqual(expected);
  });

  test.each(['1+', 'x3', '1x', '1+2', '__', '_x', '1,2', 'NaN?'])('%s is refused', (values) => {
    expect(() => parseValues(values)).toThrow(`${values} is not a value of a series`);
  });

  test('whatever numbers are written, they are read', () => {
    const stretch = fc.record({ first: fc.integer(), step: fc.integer(), more: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1 }), (stretches) => {
        const written = stretches.map(({ first, step, more }) => `${first}${step < 0 ? '' : '+'}${step}x${more}`);
        const expected = stretches.flatMap(({ first, step, more }) =>
          Array.from({ length: more + 1 }, (_, index) => first + step * index),
        );
        expect(samples(written.join(' '))).toEqual(expected);
      }),
    );
  });
});

describe('a series', () => {
  test('keeps its value until the next sample', () => {
    expect([0, 59, 60, 119, 120].map((second) => valueAt(minutely('1+1x1'), second))).toEqual([1, 1, 2, 2, undefined]);
  });

  test('grows between two samples if it is a counter', () => {
    expect(valueAt(minutely('0+60x5', 'electrumx_sessions_opened_total{}'), 90)).toBe(90);
  });

  test('goes on as in its last stretch if it is endless', () => {
    expect(valueAt(endless(minutely('1 5+1x1')), 600)).toBe(14);
  });

  test('first changes where it differs from its steady growth', () => {
    expect(firstChange(minutely('1+1x4 6+1x4 11'))).toBeUndefined();
    expect(firstChange(minutely('1+0x4 2+0x4'))).toBe(300);
    expect(firstChange(minutely('1 _x3 1 0'))).toBe(300);
  });

  test('has a gap where it is missing after it was there', () => {
    expect(firstGap(minutely('_x3 1'))).toBeUndefined();
    expect(firstGap(minutely('1+0x4 stale'))).toBe(300);
  });
});

describe('a case', () => {
  const of = (name: string, expectations: string) =>
    casesOf(
      'some.yml',
      `evaluation_interval: 1m
tests:
  - name: ${name}
    interval: 1m
    input_series:
      - { series: 'electrumx_up{instance="a"}', values: 1+0x19 0+0x9 }
    alert_rule_test: ${expectations}`,
    );
  const LABELS = "exp_alerts: [{ exp_labels: { instance: 'a' } }]";

  test('is one of firing where the alert is silent the minute before, and begins with the first change', () => {
    const [found, ...others] = of(
      'down',
      `[{ alertname: ElectrumXDown, eval_time: 25m }, { alertname: ElectrumXDown, eval_time: 26m, ${LABELS} }]`,
    );
    expect(found).toMatchObject({ alert: 'ElectrumXDown', labels: { instance: 'a' }, begins: 1200, evaluation: 60 });
    expect(others).toEqual([]);
  });

  test('is not judged where it does not show when the alert begins to fire', () => {
    expect(of('down', `[{ alertname: ElectrumXDown, eval_time: 26m, ${LABELS} }]`)).toEqual([]);
    expect(of('down', '[{ alertname: ElectrumXOther, eval_time: 26m }]')).toEqual([]);
  });

  test('is a near miss of each alert that its innocence is shown of, until it ends', () => {
    const found = of(
      'innocent - a restart',
      '[{ alertname: ElectrumXDown, eval_time: 25m }, { alertname: ElectrumXOther, eval_time: 25m }]',
    );
    expect(found.map(({ alert, labels, begins, ends }) => [alert, labels, begins, ends])).toEqual([
      ['ElectrumXDown', undefined, 0, 1800],
      ['ElectrumXOther', undefined, 0, 1800],
    ]);
  });
});

test('no two cases of an alert have the same name', () => {
  const names = readCases().map(({ alert, name }) => `${alert}: ${name}`);
  expect(names).toEqual([...new Set(names)]);
});

describe('a scraped case', () => {
  const judged: Case = {
    file: 'some.yml',
    name: 'down',
    alert: 'ElectrumXDown',
    series: [minutely('1+1x9 _'), minutely('1+0x9 _', 'up{job="electrumx",instance="a:10061"}')],
    evaluation: 60,
    begins: 0,
    ends: 660,
  };
  const stored = (name: ConditionName) => {
    const condition = CONDITIONS.find((candidate) => candidate.name === name);
    return condition === undefined ? [] : scrapedCase(judged, condition).map(({ values }) => values);
  };

  test.each<[ConditionName, string]>([
    ['15 s', '_x2 1 _x2 1 _x2 1 _x2 1 _x2 2'],
    ['60 s', '_x1 1 _x1 2 _x1 3'],
    ['5 min', '_x9 5 _x9 10'],
    ['every second scrape lost', '_x3 2 _x1 stale _x1 4 _x1 stale _x1 6'],
    ['several coins on a host', '_x1 1 _x1 2 _x1 3'],
  ])('has what a scrape finds: %s', (condition, values) => {
    expect(stored(condition)[0]?.startsWith(values)).toBe(true);
  });

  test('has an `up` of 0 where a scrape is lost, and ends what is missing', () => {
    expect(stored('every second scrape lost')[1]).toBe(
      '_x1 0 _x1 1 _x1 0 _x1 1 _x1 0 _x1 1 _x1 0 _x1 1 _x1 0 _x1 1 _x1 stale',
    );
  });

  test('has a calm server of another coin under the same instance', () => {
    const condition = CONDITIONS.find(({ neighbour }) => neighbour);
    const found = condition === undefined ? [] : scrapedCase(judged, condition).map(({ series }) => series);
    expect(found).toContain('up{coin="Bitcoin",job="electrumx",instance="a:10061"}');
    expect(found).toContain('up{coin="Litecoin",job="electrumx",instance="a:10061"}');
  });
});

test('rules of an alert are those that it needs, in their order', () => {
  const { groups } = rulesFor('ElectrumXWalletTipBehind') as { groups: { rules: { alert?: string }[] }[] };
  expect(groups[0]?.rules.map(({ alert }) => alert)).toEqual(['ElectrumXWalletTipBehind']);
  expect(JSON.stringify(rulesFor('ElectrumXErrorBudgetBurnFast'))).toContain('"alert":"ElectrumXClientPortDown"');
});

test('times are read from what promtool prints', () => {
  const output = 'expr: "...", time: 1h,\n        exp: nil\n        got: {judgement="7"} 1.56E+03\n';
  expect([...reportedTimes(output)]).toEqual([[7, 1560]]);
});

describe('the table', () => {
  const cells = CONDITIONS.flatMap(({ name }) => alerts().map(({ alert }) => ({ alert, condition: name })));

  test('has a row for each alert but the one that always fires', () => {
    expect(rows().map(([alert]) => alert)).toEqual(
      alerts().flatMap(({ alert }) => (alert === 'ElectrumXWatchdog' ? [] : [alert])),
    );
  });

  test('has the cases of grafana/tests', () => {
    const judged = Object.entries(VERDICTS).flatMap(([alert, cases]) =>
      Object.keys(cases).map((name) => [alert, name]),
    );
    expect(new Set(judged.map(String))).toEqual(new Set(readCases().map(({ alert, name }) => String([alert, name]))));
  });

  test('has the longest time of the cases, and says where an alert does not fire', () => {
    const judged: Verdicts = {
      ElectrumXDown: {
        'a case': { '15 s': 7, '60 s': 7 },
        another: { '15 s': 300, '60 s': null },
        'innocent - a restart': { '5 min': null },
      },
    };
    expect(rows(judged)).toEqual([['ElectrumXDown', '5.0 h', 'does not fire', 'never', '-', '-', '-', '-']]);
  });

  test.each(cells)('has a remark for $alert and $condition if, and only if, it needs one', ({ alert, condition }) => {
    const { firing, nearMisses } = verdictsOf(VERDICTS, alert, condition);
    const neverFires = firing.length === 0 && nearMisses.length > 0;
    const wrong = firing.includes(null) || nearMisses.some((time) => time !== null);
    expect(remarkOf(alert, condition) !== undefined).toBe(
      neverFires || wrong || isMuchLater(VERDICTS, alert, condition),
    );
  });

  test('has no remark on what does not exist', () => {
    const known = new Set<string>(alerts().map(({ alert }) => alert));
    expect(REMARKS.flatMap((remark) => remark.alerts).filter((alert) => !known.has(alert))).toEqual([]);
  });
});

describe('alerts that compare heights or count flushes', () => {
  const CHAIN = /electrumx_(daemon_height|db_height|probe_tip_height|db_flushes)/;
  /** They exempt servers that are 100 blocks behind, and compare nothing else. */
  const EXEMPT = [
    'ElectrumXClientPortDown',
    'ElectrumXErrorBudgetBurnFast',
    'ElectrumXErrorBudgetBurnSlow',
    'ElectrumXMemoryGrowth',
  ];
  const chained = alerts()
    .map(({ alert }) => alert)
    .filter((alert) => CHAIN.test(JSON.stringify(rulesFor(alert))) && !EXEMPT.includes(alert));

  test.each(chained)('%s has cases for one-minute blocks and for test networks', (alert) => {
    for (const condition of ['one-minute blocks', 'test networks']) {
      expect(verdictsOf(VERDICTS, alert, condition).nearMisses, condition).not.toEqual([]);
    }
  });
});

test('files of cases are for their conditions only', () => {
  expect(conditionsOf('test-networks.weeks.yml').map(({ name }) => name)).toEqual(['test networks']);
  expect(conditionsOf('chain.yml')).toHaveLength(5);
});
