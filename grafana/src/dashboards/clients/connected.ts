// The rows about who is connected, and what they want.
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
  height: 9,
  panels: [
    timeSeries(
      'Sessions',
      [
        ['open', gauge('electrumx_sessions')],
        ['MAX_SESSIONS', gauge('electrumx_config_max_sessions')],
      ],
      {
        asks: 'Is there room for more?',
        normal: 'LocalRPC is included, as MAX_SESSIONS counts them. The limit is shown if the exporter was told.',
        width: 5,
        unit: units.Number,
        min: 0,
        colours: { MAX_SESSIONS: 'red' },
        alerts: ['ElectrumXSessionsExhausted', 'ElectrumXSessionsNearLimit'],
      },
    ),
    timeSeries('Sessions by transport', [['{{transport}}', gauge('electrumx_sessions_by_transport')]], {
      asks: 'How do clients come in?',
      normal: 'Normal: mostly ssl. ws is plain and over TLS; rpc is LocalRPC, with one session of this exporter.',
      width: 5,
      unit: units.Number,
      stacked: 'values',
    }),
    timeSeries('Sessions by wallet', [['{{client}}', aggregate('sum', clients, { by: ['client'] })]], {
      asks: 'Which wallets are they?',
      normal: 'Many sessions of one kind of server at once are a reason to look. unknown: did not say.',
      width: 5,
      unit: units.Number,
      stacked: 'values',
    }),
    timeSeries('Sessions by protocol', [['{{protocol}}', gauge('electrumx_sessions_by_protocol')]], {
      asks: 'Which versions of the protocol are still needed?',
      normal: 'Newer versions take over slowly. rpc is LocalRPC.',
      width: 4,
      unit: units.Number,
      stacked: 'values',
    }),
    bars('Versions of wallets', ['{{client}} {{version}}', promql`topk(10, ${clients})`], {
      asks: 'Which versions are they?',
      normal: 'The ten most frequent. Versions with known faults can be told from here.',
      width: 5,
      unit: units.Number,
      min: 0,
      steps: ['blue'],
    }),
  ],
};

export const WANTS: Row = {
  title: 'What do they want?',
  height: 8,
  panels: [
    timeSeries('Sessions with subscriptions', [['{{kind}}', gauge('electrumx_sessions_with_subs')]], {
      asks: 'How many wallets use this server as their main one?',
      normal: 'Normal: follows the day. Wallets that only look at headers subscribe to nothing.',
      width: 6,
      unit: units.Number,
      min: 0,
    }),
    timeSeries('Subscriptions', [['{{kind}}', gauge('electrumx_subs')]], {
      asks: 'How much has to be watched for them?',
      normal: 'Each takes memory, and a look at each new block and transaction.',
      width: 6,
      unit: units.Short,
      min: 0,
    }),
    timeSeries(
      'Traffic',
      [
        ['from clients', rate(counter('electrumx_session_received_bytes_total'), RATE_INTERVAL)],
        ['to clients', rate(counter('electrumx_session_sent_bytes_total'), RATE_INTERVAL)],
      ],
      {
        asks: 'How much do they move?',
        normal: 'A lower bound: what a session moves after its last scrape is not seen.',
        width: 6,
        unit: units.BytesPerSecondIEC,
        min: 0,
      },
    ),
    timeSeries(
      'Transactions sent in an hour',
      [['sent', promql`${HOUR} * ${rate(counter('electrumx_txs_sent_total'), '1h')}`]],
      {
        asks: 'Do wallets pay through this server?',
        normal: 'Normal: some. With many wallets and none of it, look whether the daemon can be reached.',
        width: 6,
        unit: units.Number,
        min: 0,
      },
    ),
  ],
};
