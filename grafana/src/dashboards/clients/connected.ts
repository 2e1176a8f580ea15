// The rows about who is connected, and what they use.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import { HOUR } from '../../limits.ts';
import { bars } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { aggregate, counter, gauge, promql, rate } from '../../promql.ts';

const clients = gauge('electrumx_sessions_by_client');

export const CONNECTED: Row = {
  title: 'Who is connected?',
  height: 8,
  panels: [
    timeSeries(
      'Sessions',
      [
        ['open', gauge('electrumx_sessions')],
        ['MAX_SESSIONS', gauge('electrumx_config_max_sessions')],
        ['limit in force', gauge('electrumx_sessions_limit')],
      ],
      {
        asks: 'Is there room for more?',
        normal:
          'The limit in force is MAX_SESSIONS, or lower if the process may not open enough files. LocalRPC sessions count, too.',
        width: 5,
        unit: units.Number,
        min: 0,
        limits: { MAX_SESSIONS: 'orange', 'limit in force': 'red' },
        alerts: ['ElectrumXSessionsExhausted', 'ElectrumXSessionsNearLimit'],
      },
    ),
    timeSeries('By transport', [['{{transport}}', gauge('electrumx_sessions_by_transport')]], {
      asks: 'How do clients connect?',
      normal: 'Normal: mostly ssl. ws includes wss. rpc is LocalRPC, with one session of this exporter.',
      width: 5,
      colours: { ssl: 'blue', tcp: 'purple', ws: 'super-light-blue', rpc: 'gray', other: 'gray' },
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
    }),
    timeSeries('By wallet', [['{{client}}', aggregate('sum', clients, { by: ['client'] })]], {
      asks: 'Which wallets are they?',
      normal: 'Normal: the mix changes slowly. Clients that have not sent a name are unknown.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
    }),
    bars('Versions of wallets', ['{{client}} {{version}}', promql`topk(8, ${clients})`], {
      asks: 'Which versions are they?',
      normal: 'The eight most frequent. Use it to find wallets with known errors.',
      width: 8,
      unit: units.Number,
      min: 0,
      steps: ['blue'],
    }),
  ],
};

export const REQUESTED: Row = {
  title: 'What do they use?',
  height: 8,
  panels: [
    timeSeries('With subscriptions', [['{{kind}}', gauge('electrumx_sessions_with_subs')]], {
      asks: 'How many wallets use this server as their main one?',
      normal: 'Normal: follows the day. Wallets that only fetch headers have no subscriptions.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: 10,
    }),
    timeSeries('Subscriptions', [['{{kind}}', gauge('electrumx_subs')]], {
      asks: 'How much does the server watch for them?',
      normal: 'Each takes memory, and a check with each new block and transaction.',
      width: 5,
      unit: units.Short,
      min: 0,
      softMax: 10,
    }),
    timeSeries('By protocol', [['{{protocol}}', gauge('electrumx_sessions_by_protocol')]], {
      asks: 'Which versions of the protocol are in use?',
      normal: 'Normal: newer versions replace older ones slowly. rpc is LocalRPC.',
      width: 5,
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
    }),
    timeSeries(
      'Traffic',
      [
        ['from clients', rate(counter('electrumx_session_received_bytes_total'), RATE_INTERVAL)],
        ['to clients', rate(counter('electrumx_session_sent_bytes_total'), RATE_INTERVAL)],
      ],
      {
        asks: 'How much do they transfer?',
        normal: 'A lower bound: bytes after the last scrape of a session are not counted.',
        width: 5,
        unit: units.BytesPerSecondIEC,
        min: 0,
      },
    ),
    timeSeries(
      'Transactions',
      [
        ['sent in an hour', promql`${HOUR} * ${rate(counter('electrumx_txs_sent_total'), '1h')}`],
        ['by open sessions', gauge('electrumx_session_transactions')],
      ],
      {
        asks: 'Do wallets send transactions?',
        normal: 'Normal: some. If there are many wallets and no transactions, check whether the daemon is reachable.',
        width: 4,
        unit: units.Number,
        min: 0,
        softMax: 10,
      },
    ),
  ],
};
