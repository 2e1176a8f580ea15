// The rows about how clients are served, and what is odd about them.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { quiet } from '../../absent-metrics.ts';
import * as limits from '../../limits.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate } from '../../promql.ts';
import { clients, requests } from '../expressions.ts';

export const SERVICE: Row = {
  title: 'Are they served well?',
  height: 8,
  panels: [
    timeSeries(
      'Share of clients throttled',
      [['throttled', promql`${gauge('electrumx_sessions_throttled')} / ${clients}`]],
      {
        asks: 'Are many clients slowed down?',
        normal: `Normal: near 0. Above the line there is a warning, with more than ${limits.CLIENTS_FOR_THROTTLED} clients.`,
        width: 6,
        unit: units.PercentUnit,
        min: 0,
        steps: ['transparent', [limits.THROTTLED_SHARE, 'orange']],
        alerts: ['ElectrumXClientsThrottled'],
      },
    ),
    timeSeries(
      'Closing and paused sessions',
      [
        ['closing', gauge('electrumx_sessions_closing')],
        ['paused', gauge('electrumx_sessions_paused')],
      ],
      {
        asks: 'Do sessions get stuck?',
        normal: 'Normal: 0 with short peaks. paused: the client does not read; told up to 1.11.',
        width: 6,
        unit: units.Number,
        min: 0,
        steps: ['transparent', [limits.SESSIONS_CLOSING, 'orange']],
        alerts: ['ElectrumXSessionsStuckClosing'],
      },
    ),
    timeSeries('Errors', [['of the sessions open now', gauge('electrumx_session_errors')]], {
      asks: 'Are clients refused what they ask?',
      normal: 'Normal: few. It falls when sessions leave.',
      width: 6,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('New connections', [['opened', rate(counter('electrumx_sessions_opened_total'), RATE_INTERVAL)]], {
      asks: 'Do clients stay?',
      normal: 'Normal: steady and low. Many with few sessions: they connect, ask and leave, or cannot stay.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
      steps: ['transparent', [limits.CHURN_PER_SECOND, 'orange']],
      alerts: ['ElectrumXConnectionChurn'],
    }),
  ],
};

const unknown = aggregate(
  'sum',
  rate(counter('electrumx_requests_total', { method: 'invalid method' }), RATE_INTERVAL),
  {
    without: ['method'],
  },
);

export const ODD: Row = {
  title: 'Is anything odd?',
  height: 6,
  panels: [
    timeSeries(
      'Share of requests that no method answers',
      [
        [
          'unknown',
          quiet(
            promql`${unknown} / ${aggregate('sum', requests, { without: ['method'] })}`,
            'nobody has asked for an unknown method',
          ),
        ],
      ],
      {
        asks: 'Do clients ask for what does not exist?',
        normal:
          'Normal: near 0. Otherwise wallets are newer than the server, or somebody tries what it can be made to do.',
        width: 12,
        unit: units.PercentUnit,
        min: 0,
      },
    ),
    timeSeries('Sessions logged', [['logged', gauge('electrumx_sessions_logged')]], {
      asks: 'Does anybody log what they ask?',
      normal: 'Normal: 0, but while somebody looks for a fault.',
      width: 12,
      unit: units.Number,
      min: 0,
      alerts: ['ElectrumXSessionLoggingOn'],
    }),
  ],
};
