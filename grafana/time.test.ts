// Where a test lets time pass faster, every length of time in rules and routes shrinks, and nothing else changes.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFile } from './src/alertmanager.ts';
import { gauge, lengthOfTime, over, predictLinear, promql, rate, counter } from './src/promql.ts';
import { ruleFile } from './src/rules.ts';
import { seconds, writeDuration } from './src/time.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
}

const rules = (timeScale: number) =>
  (parse(ruleFile({ timeScale })) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

const DURATION = /(?<=[[:])\d+[smhd](?=[\]:])|(?<=offset )\d+[smhd]\b/g;
const inSixtieths = (duration: string) => writeDuration(duration as '1m', 60);

describe('a length of time', () => {
  test.each([
    ['10m', 1, '10m'],
    ['10m', 60, '10000ms'],
    ['1d', 60, '1440000ms'],
    ['90s', 60, '1500ms'],
    ['1m', 1_000_000, '1ms'],
  ] as const)('of %s at %d times the speed is %s', (duration, timeScale, written) => {
    expect(writeDuration(duration, timeScale)).toBe(written);
  });

  test.each([
    [over('min_over_time', gauge('electrumx_up'), '5m'), 'min_over_time(electrumx_up[5000ms])'],
    [rate(counter('electrumx_txs_sent_total'), '10m'), '(rate(electrumx_txs_sent_total[10000ms]) / 60)'],
    [
      over('avg_over_time', gauge('electrumx_subs'), '1d', '10m'),
      'avg_over_time(electrumx_subs[1440000ms] offset 10000ms)',
    ],
    [predictLinear(gauge('electrumx_subs'), '1h', 7200), 'predict_linear(electrumx_subs[60000ms], 120)'],
    [
      promql`time() - ${gauge('electrumx_start_time_seconds')} > ${seconds(7200)}`,
      'time() - electrumx_start_time_seconds > 120',
    ],
    [lengthOfTime(promql`2 * ${gauge('electrumx_subs')}`), '(2 * electrumx_subs) / 60'],
    [promql`${promql`${gauge('electrumx_subs')} > ${seconds(60)}`} > ${60}`, '(electrumx_subs > 1) > 60'],
  ])('in an expression, at 60 times the speed: %#', (vector, written) => {
    expect(vector.text('', 60)).toBe(written);
  });
});

describe('rules', () => {
  test.each(rules(1).map((rule, index) => [rule.alert ?? rule.record, rule, rules(60)[index]] as const))(
    '%s: all ranges, offsets and waits shrink',
    (_, rule, scaled) => {
      expect(scaled?.for).toBe(rule.for && inSixtieths(rule.for));
      expect(scaled?.expr.match(/\d+ms/g) ?? []).toEqual((rule.expr.match(DURATION) ?? []).map(inSixtieths));
    },
  );

  test.each(rules(1).filter(({ expr }) => expr.includes('time() - ')))(
    '$alert: an age is compared with a length of time',
    ({ alert }) => {
      const limits = (timeScale: number) => {
        const all = rules(timeScale);
        const text = all.find((rule) => rule.alert === alert)?.expr ?? '';
        const written = [...text.matchAll(/time\(\) - [^<>]+[<>] (\S+)/g)].map(([, limit]) => limit);
        return written.map((limit) => all.find(({ record }) => record === limit)?.expr ?? limit);
      };
      expect(limits(1)).not.toEqual([]);
      for (const [index, limit] of limits(1).entries()) expect(limits(60)[index]).not.toBe(limit);
    },
  );
});

describe('routes', () => {
  interface Route {
    readonly group_wait?: string;
    readonly group_interval?: string;
    readonly repeat_interval: string;
    readonly routes?: readonly Route[];
  }
  const route = (timeScale: number) => (parse(alertmanagerFile({ timeScale })) as { route: Route }).route;

  test('wait, group and repeat as much faster', () => {
    expect(route(60)).toMatchObject({
      group_wait: '500ms',
      group_interval: '5000ms',
      repeat_interval: '1440000ms',
      routes: [{ repeat_interval: '5000ms' }, { repeat_interval: '60000ms' }, {}, {}],
    });
  });
});
