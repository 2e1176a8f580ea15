// The row about how clients are served.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { counter, gauge, promql, rate } from '../../promql.ts';
import { clients } from '../expressions.ts';

export const SERVICE: Row = {
  title: 'Are they served well?',
  height: 8,
  panels: [
    timeSeries(
      'Share of clients throttled',
      [['throttled', promql`${gauge('electrumx_sessions_throttled')} / ${clients}`]],
      {
        asks: 'Are many clients slowed down?',
        normal: `Normal: near 0. The line is where a ticket is made, with more than ${limits.CLIENTS_FOR_THROTTLED} clients.`,
        width: 5,
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
        width: 5,
        unit: units.Number,
        min: 0,
        steps: ['transparent', [limits.SESSIONS_CLOSING, 'orange']],
        alerts: ['ElectrumXSessionsStuckClosing'],
      },
    ),
    timeSeries('Errors', [['of the sessions open now', gauge('electrumx_session_errors')]], {
      asks: 'Are clients refused what they ask?',
      normal: 'Normal: few. It falls when sessions leave.',
      width: 5,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('New connections', [['opened', rate(counter('electrumx_sessions_opened_total'), RATE_INTERVAL)]], {
      asks: 'Do clients stay?',
      normal: 'Normal: steady and low. Many with few sessions: they connect, ask and leave, or cannot stay.',
      width: 5,
      unit: units.CountsPerSecond,
      min: 0,
      steps: ['transparent', [limits.CHURN_PER_SECOND, 'orange']],
      alerts: ['ElectrumXConnectionChurn'],
    }),
    timeSeries('Sessions logged', [['logged', gauge('electrumx_sessions_logged')]], {
      asks: 'Does anybody log what they ask?',
      normal: 'Normal: 0, but while somebody looks for a fault.',
      width: 4,
      unit: units.Number,
      min: 0,
      alerts: ['ElectrumXSessionLoggingOn'],
    }),
  ],
};
