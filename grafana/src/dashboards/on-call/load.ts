// The row about load: what is asked, and how long it waits.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, gauge, promql } from '../../promql.ts';
import { getinfoDuration } from '../../rules/capacity.ts';
import { requests } from '../expressions.ts';
import { lines, PENDING_STEPS } from '../steps.ts';

export const LOAD: Row = {
  title: 'Are we full?',
  height: 8,
  panels: [
    timeSeries(
      'Requests by method',
      [['{{method}}', promql`topk(8, ${aggregate('sum', requests, { by: ['method'] })})`]],
      {
        asks: 'What do wallets ask, and how much?',
        normal: 'Normal: mostly scripthash methods, with a peak after each block. The eight most frequent are shown.',
        width: 8,
        unit: units.RequestsPerSecond,
        stacked: 'values',
      },
    ),
    timeSeries('Pending requests over time', [['pending', gauge('electrumx_pending_requests')]], {
      asks: 'Does the server keep up?',
      normal: 'Normal: near 0, with peaks of seconds. The lines are where it is much, and too much.',
      width: 5,
      unit: units.Number,
      min: 0,
      steps: lines(PENDING_STEPS),
      alerts: ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh'],
    }),
    timeSeries('Duration of getinfo', [['getinfo', getinfoDuration]], {
      asks: 'Does the event loop stand still?',
      normal: 'Normal: milliseconds. What is more, every wallet waits as well.',
      width: 5,
      unit: units.Seconds,
      min: 0,
      steps: ['transparent', [limits.EVENT_LOOP_SLOW_SECONDS, 'red']],
      alerts: ['ElectrumXEventLoopSlow'],
    }),
    timeSeries(
      'Sessions',
      [
        ['open', gauge('electrumx_sessions')],
        ['MAX_SESSIONS', gauge('electrumx_config_max_sessions')],
      ],
      {
        asks: 'How many sessions are there, and how many may be?',
        normal: 'LocalRPC is included, as MAX_SESSIONS counts them. The limit is shown if the exporter was told.',
        width: 6,
        unit: units.Number,
        min: 0,
        colours: { MAX_SESSIONS: 'red' },
        alerts: ['ElectrumXSessionsExhausted'],
      },
    ),
  ],
};
