// The row about load: what wallets request, and how long they wait.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate } from '../../promql.ts';
import { getinfoDuration } from '../../rules/capacity.ts';
import { requests, WALLETS } from '../expressions.ts';
import { lines, PENDING_STEPS } from '../steps.ts';

const byMethod = aggregate('sum', requests, { by: ['method'] });
/** Ranked over 6 hours, so that lines do not change places. */
const ranked = aggregate('sum', rate(counter('electrumx_requests_total', WALLETS), '6h'), { by: ['method'] });
const mostFrequent = promql`${byMethod} and topk(5, ${ranked})`;

export const LOAD: Row = {
  title: 'Are we full?',
  height: 6,
  panels: [
    timeSeries(
      'Requests by method',
      [
        ['{{method}}', mostFrequent],
        [
          'all others',
          promql`${aggregate('sum', byMethod, { by: [] })} - ${aggregate('sum', mostFrequent, { by: [] })}`,
        ],
      ],
      {
        asks: 'What do wallets request, and how often?',
        normal: 'Normal: mostly scripthash methods, with a peak after each block. The five most frequent have lines.',
        width: 8,
        unit: units.RequestsPerSecond,
        min: 0,
        softMax: 1,
        stacked: 'values',
        legend: 'right',
        colours: { 'all others': 'gray' },
      },
    ),
    timeSeries('Pending over time', [['pending', gauge('electrumx_pending_requests')]], {
      asks: 'Does the server keep up?',
      normal: 'Normal: near 0, with peaks of seconds. Above the lines there is a warning, and a critical alert.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: 10,
      steps: lines(PENDING_STEPS),
      alerts: ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh'],
    }),
    timeSeries('Duration of getinfo', [['getinfo', getinfoDuration]], {
      asks: 'Is the event loop blocked?',
      normal: 'Normal: milliseconds. When it takes longer, every wallet waits as long.',
      width: 5,
      unit: units.Seconds,
      min: 0,
      steps: ['transparent', [limits.EVENT_LOOP_SLOW_SECONDS, 'red']],
      alerts: ['ElectrumXEventLoopSlow'],
    }),
    timeSeries(
      'Sessions over time',
      [
        ['open', gauge('electrumx_sessions')],
        ['limit', gauge('electrumx_sessions_limit')],
      ],
      {
        asks: 'How many sessions are open, and how many can be?',
        normal: 'At the limit ElectrumX closes its client ports. LocalRPC sessions count, too.',
        width: 6,
        unit: units.Number,
        min: 0,
        limits: { limit: 'red' },
        alerts: ['ElectrumXSessionsExhausted'],
      },
    ),
  ],
};
