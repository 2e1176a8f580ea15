// Typed PromQL: valid expressions compile, and invalid ones are refused, by the compiler where possible.
import { describe, expect, test } from 'vitest';
import { aggregate, counter, gauge, not, over, predictLinear, promql, rate, type Series } from './src/promql.ts';
import { alert, record } from './src/rule.ts';

const text = (vector: { text: (scope: string) => string }) => vector.text('');

describe('a valid expression', () => {
  test('selects all series of a gauge or some', () => {
    expect(text(gauge('electrumx_peers'))).toBe('electrumx_peers');
    expect(text(gauge('electrumx_peers', { status: 'good' }))).toBe('electrumx_peers{status="good"}');
    expect(text(gauge('electrumx_peers', { status: not('good') }))).toBe('electrumx_peers{status!="good"}');
    expect(text(rate(counter('electrumx_requests_total', { method: 'invalid method' }), '5m'))).toBe(
      'rate(electrumx_requests_total{method="invalid method"}[5m])',
    );
    expect(text(gauge('electrumx_peers', { status: not('bad', 'stale') }))).toBe(
      'electrumx_peers{status!~"bad|stale"}',
    );
  });

  test('is a range of a gauge, or the rate of a counter', () => {
    expect(text(over('min_over_time', gauge('electrumx_up'), '5m'))).toBe('min_over_time(electrumx_up[5m])');
    expect(text(predictLinear(gauge('electrumx_subs'), '1d', 60))).toBe('predict_linear(electrumx_subs[1d], 60)');
    expect(text(rate(counter('electrumx_txs_sent_total'), '5m'))).toBe('rate(electrumx_txs_sent_total[5m])');
  });

  test('is one operand within another expression', () => {
    const difference = promql`${gauge('electrumx_daemon_height')} - ${gauge('electrumx_db_height')}`;
    expect(text(promql`2 * ${difference} > ${1}`)).toBe('2 * (electrumx_daemon_height - electrumx_db_height) > 1');
  });

  test('gets its scope in every selector', () => {
    const both = promql`${gauge('electrumx_up')} and ${over('changes', gauge('electrumx_peers', { status: 'good' }), '1h')}`;
    expect(both.text('instance="a"')).toBe(
      'electrumx_up{instance="a"} and changes(electrumx_peers{status="good",instance="a"}[1h])',
    );
  });

  test('has the labels that its operators keep', () => {
    const cost = gauge('electrumx_group_cost');
    expect(cost.labels).toEqual(['rank', 'group']);
    expect(aggregate('max', cost, { by: ['rank'] }).labels).toEqual(['rank']);
    expect(aggregate('max', cost, { without: ['rank'] }).labels).toEqual(['group']);
    expect(promql`${cost} > 1`.labels).toEqual(['rank', 'group']);
  });

  test('can use a recorded series like a metric', () => {
    const recorded = record('electrumx:half', promql`${gauge('electrumx_up')} / 2`);
    expect(text(over('avg_over_time', recorded, '1h'))).toBe('avg_over_time(electrumx:half[1h])');
  });
});

// Each `@ts-expect-error` is a promise that `tsc` keeps: it reports an error if the line below it compiles.
describe('an invalid expression', () => {
  test('names a metric that is not in the catalogue', () => {
    // @ts-expect-error: there is no such metric
    expect(() => gauge('electrumx_hieght')).toThrow('no gauge electrumx_hieght');
    // @ts-expect-error: there is no such counter
    expect(() => counter('electrumx_reorgs_total')).toThrow('no counter');
  });

  test('names a label that the metric does not have', () => {
    // @ts-expect-error: its label is `status`
    gauge('electrumx_peers', { state: 'good' });
    // @ts-expect-error: it has no labels
    gauge('electrumx_up', { collector: 'getinfo' });
    // @ts-expect-error: its label is `method`
    aggregate('sum', rate(counter('electrumx_requests_total'), '5m'), { by: ['methods'] });
    // @ts-expect-error: `rank` is gone after the first sum
    aggregate('sum', aggregate('sum', gauge('electrumx_group_cost'), { by: ['group'] }), { by: ['rank'] });
  });

  test('takes the rate of a gauge, or the value of a counter', () => {
    // @ts-expect-error: a gauge has no rate
    rate(gauge('electrumx_sessions'), '5m');
    // @ts-expect-error: a counter is no gauge
    expect(() => gauge('electrumx_txs_sent_total')).toThrow('no gauge');
    // @ts-expect-error: nor is a gauge a counter
    expect(() => counter('electrumx_sessions')).toThrow('no counter');
    // @ts-expect-error: a counter by itself means nothing
    expect(promql`${counter('electrumx_txs_sent_total')} > 5`).toBeDefined();
    // @ts-expect-error: nor does its largest value
    over('max_over_time', counter('electrumx_txs_sent_total'), '5m');
    // @ts-expect-error: nor its sum
    aggregate('sum', counter('electrumx_requests_total'), { by: ['method'] });
  });

  test('takes a range of an unnamed expression', () => {
    // @ts-expect-error: only a selector has a range
    over('max_over_time', promql`${gauge('electrumx_up')} + 1`, '5m');
  });

  test.each([
    [() => promql`electrumx_up == 0`, 'electrumx'],
    [() => promql`up == 0`, 'up'],
    [() => promql`process_open_fds > 9`, 'process_'],
    [() => promql`rate(${gauge('electrumx_sessions')}`, 'rate'],
    [() => promql`delta(${gauge('electrumx_sessions')}`, 'delta'],
    [() => promql`max_over_time(${gauge('electrumx_sessions')}[5m])`, '['],
    [() => promql`${gauge('electrumx_peers')}{status="good"}`, '{'],
    [() => promql`sum by (status) (${gauge('electrumx_peers')})`, 'by'],
    [() => promql`${gauge('electrumx_peers')} and on (state) ${gauge('electrumx_up')}`, 'state'],
  ])('around the catalogue, in the text between the holes: %#', (write, found) => {
    expect(write).toThrow(`"${found}" has to come from the catalogue`);
  });

  test('has a label value that would have to be escaped', () => {
    expect(() => gauge('electrumx_peers', { status: 'a"} or vector(1)' })).toThrow('would have to be escaped');
  });
});

describe('an alert', () => {
  const definition = {
    alert: 'ElectrumXTest',
    severity: 'info',
    dashboard: 'electrumx-on-call',
    for: '1m',
    summary: '{{ $labels.instance }}',
    description: '',
  } as const;
  const expr: Series = gauge('electrumx_group_cost');

  test('may name the labels that it has', () => {
    const byRank = aggregate('max', expr, { by: ['rank'] });
    expect(() => alert({ ...definition, expr: byRank, description: '{{ $labels.rank }}' })).not.toThrow();
    expect(() => alert({ ...definition, expr: byRank, description: '{{ $labels.method }}' })).toThrow(
      'no label method',
    );
  });

  test('never carries the subnet of a client', () => {
    expect(() => alert({ ...definition, expr })).toThrow('subnets of clients');
  });
});
