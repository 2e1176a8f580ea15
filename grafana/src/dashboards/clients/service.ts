// The rows about how clients are served, and what is unusual about them.
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
    timeSeries('Clients throttled', [['throttled', promql`${gauge('electrumx_sessions_throttled')} / ${clients}`]], {
      asks: 'Are many clients throttled?',
      normal: `Normal: near 0. Above the line there is a warning, with more than ${limits.CLIENTS_FOR_THROTTLED} clients.`,
      width: 6,
      unit: units.PercentUnit,
      min: 0,
      softMax: 2 * limits.THROTTLED_SHARE,
      steps: ['transparent', [limits.THROTTLED_SHARE, 'orange']],
      alerts: ['ElectrumXClientsThrottled'],
    }),
    timeSeries(
      'Closing and paused sessions',
      [
        ['closing', gauge('electrumx_sessions_closing')],
        ['paused', gauge('electrumx_sessions_paused')],
      ],
      {
        asks: 'Do sessions never finish closing?',
        normal: 'Normal: 0 with short peaks. A client that does not read is paused; reported up to 1.11.',
        width: 6,
        unit: units.Number,
        min: 0,
        softMax: limits.SESSIONS_CLOSING + 5,
        steps: ['transparent', [limits.SESSIONS_CLOSING, 'orange']],
        alerts: ['ElectrumXSessionsStuckClosing'],
      },
    ),
    timeSeries('Errors', [['of open sessions', gauge('electrumx_session_errors')]], {
      asks: 'Do clients get error responses?',
      normal: 'Normal: few. It decreases when sessions close.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
    }),
    timeSeries('New sessions', [['opened', rate(counter('electrumx_sessions_opened_total'), RATE_INTERVAL)]], {
      asks: 'Do clients stay connected?',
      normal: 'Normal: steady and low. If there are many new sessions and few open ones, clients disconnect at once.',
      width: 6,
      unit: units.CountsPerSecond,
      min: 0,
      softMax: 1,
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

export const UNUSUAL: Row = {
  title: 'Is anything unusual?',
  height: 6,
  panels: [
    timeSeries(
      'Requests of unknown methods',
      [
        [
          'unknown',
          quiet(
            promql`${unknown} / ${aggregate('sum', requests, { without: ['method'] })}`,
            'no client has called an unknown method',
          ),
        ],
      ],
      {
        asks: 'What share of requests calls a method that does not exist?',
        normal: 'Normal: near 0. Otherwise wallets are newer than the server, or a client scans it.',
        width: 5,
        unit: units.PercentUnit,
        min: 0,
        softMax: 0.1,
      },
    ),
    timeSeries('Sessions logged', [['logged', gauge('electrumx_sessions_logged')]], {
      asks: 'How many sessions have their requests logged?',
      normal: 'Normal: 0, unless someone is debugging.',
      width: 4,
      unit: units.Number,
      min: 0,
      softMax: 10,
      alerts: ['ElectrumXSessionLoggingOn'],
    }),
    timeSeries('By time connected', [['{{band}}', gauge('electrumx_sessions_by_duration')]], {
      asks: 'How long do sessions last?',
      normal: 'Normal: hours for many sessions. If most are below a minute, clients disconnect at once.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
    }),
    timeSeries('Most subscriptions', [['of one session', gauge('electrumx_session_subs_max')]], {
      asks: 'Does one client watch a large part of the chain?',
      normal: 'Normal: up to thousands, for a large wallet or a service.',
      width: 5,
      unit: units.Short,
      min: 0,
      softMax: 10,
    }),
    timeSeries('Messages', [['{{direction}}', gauge('electrumx_session_messages')]], {
      asks: 'Do open sessions get a reply to each request?',
      normal: 'Normal: about as many sent as received, and more with subscriptions. It decreases when sessions close.',
      width: 5,
      unit: units.Short,
      min: 0,
      softMax: 10,
      colours: { received: 'blue', sent: 'purple' },
    }),
  ],
};
