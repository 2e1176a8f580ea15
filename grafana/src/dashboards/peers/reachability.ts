// The rows about client ports: the steps of the probe, tips and certificates.
import * as units from '@grafana/grafana-foundation-sdk/units';
import { quiet } from '../../absent-metrics.ts';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { stat } from '../../panel/numbers.ts';
import { RATE_INTERVAL } from '../../panel/panel.ts';
import { timeSeries } from '../../panel/series.ts';
import { table, type Column } from '../../panel/table.ts';
import { aggregate, counter, gauge, promql, rate } from '../../promql.ts';
import { certificateDays, DAYS } from '../expressions.ts';
import { CERTIFICATE_STEPS, onlyTrouble, STEP_CELL } from '../steps.ts';

/** In the order in which a wallet takes them. */
const STEPS_OF_A_WALLET = ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features'] as const;

const stepColumns = STEPS_OF_A_WALLET.map((step): Column => ({
  name: step,
  expr: quiet(
    aggregate('max', gauge('electrumx_probe_step_success', { step }), { by: ['transport', 'port'] }),
    'the step was not reached, or the protocol does not have it',
  ),
  unit: units.Number,
  ...STEP_CELL,
}));

const failures = rate(counter('electrumx_probe_failures_total'), RATE_INTERVAL);

export const STEPS: Row = {
  title: 'Which step of a wallet fails?',
  height: 7,
  panels: [
    table(
      'Steps',
      [
        ...stepColumns,
        {
          expr: aggregate('max', gauge('electrumx_probe_info'), { by: ['transport', 'port', 'protocol'] }),
          labels: ['protocol'],
        },
        {
          name: 'Time',
          expr: aggregate('max', gauge('electrumx_probe_duration_seconds'), { by: ['transport', 'port'] }),
          unit: units.Seconds,
          decimals: 1,
        },
      ],
      {
        asks: 'Which steps of the probe succeed on each client port?',
        normal: 'Normal: all ok. The steps after one that fails have no value, and tcp and ws have no tls.',
        width: 14,
        unit: units.Number,
        rows: ['transport', 'port'],
        sort: { by: 'port', highestFirst: false },
        alerts: ['ElectrumXClientPortDown', 'ElectrumXWalletUnserved'],
      },
    ),
    timeSeries('Duration of steps', [['{{transport}} {{step}}', gauge('electrumx_probe_step_duration_seconds')]], {
      asks: 'Which reply takes long?',
      normal: 'Normal: milliseconds, and since 1.18 up to 2 seconds. Electrum gives up after 10 seconds.',
      width: 5,
      unit: units.Seconds,
      min: 0,
      softMax: 1,
      legend: 'none',
      steps: ['transparent', [limits.WALLET_SLOW_SECONDS, 'orange']],
      alerts: ['ElectrumXWalletSlow'],
    }),
    timeSeries(
      'Failed steps',
      [
        [
          '{{step}}: {{kind}}',
          quiet(promql`${aggregate('sum', failures, { by: ['step', 'kind'] })} > 0`, 'no step has failed'),
        ],
      ],
      {
        asks: 'How do steps fail?',
        normal: 'Normal: none. refused: nothing listens on the port. timeout: no reply before the time limit.',
        width: 5,
        unit: units.CountsPerSecond,
        min: 0,
        softMax: 0.1,
      },
    ),
  ],
};

export const CERTIFICATES: Row = {
  title: 'Are tips and certificates right?',
  height: 6,
  panels: [
    timeSeries(
      'Tips',
      [
        ['{{transport}} {{port}}', gauge('electrumx_probe_tip_height')],
        ['index', gauge('electrumx_db_height')],
      ],
      {
        asks: 'Do all client ports report the latest block?',
        normal: 'Normal: all lines are one. The probe runs once a minute.',
        width: 9,
        unit: units.Number,
      },
    ),
    stat('Chain', gauge('electrumx_probe_genesis_match'), {
      asks: 'Do the client ports serve the chain of the coin?',
      normal: 'Normal: right. Otherwise a proxy leads to another server.',
      width: 3,
      unit: units.Number,
      steps: ['red', [1, 'green']],
      states: { 0: ['wrong', 'red'], 1: ['right', 'green'] },
      alerts: ['ElectrumXWrongChain'],
    }),
    table(
      'Certificates',
      [
        {
          name: 'Days left',
          expr: aggregate('min', certificateDays, { by: ['port'] }),
          unit: DAYS,
          decimals: 0,
          steps: onlyTrouble(CERTIFICATE_STEPS),
        },
        {
          name: 'SSL_CERTFILE',
          expr: aggregate('min', gauge('electrumx_probe_certificate_current'), { by: ['port'] }),
          unit: units.Number,
          steps: ['orange', [1, 'transparent']],
          states: { 0: ['another one', 'orange'], 1: ['the same', 'transparent'] },
          empty: 'not configured',
        },
        {
          name: 'Signed by',
          expr: aggregate('max', gauge('electrumx_probe_certificate_self_signed'), { by: ['port'] }),
          unit: units.Number,
          states: { 0: ['an authority', 'text'], 1: ['itself', 'text'] },
        },
      ],
      {
        asks: 'For how long are certificates valid, and are they those on disk?',
        alerts: ['ElectrumXCertificateExpiring', 'ElectrumXCertificateExpiresSoon', 'ElectrumXCertificateNotServed'],
        normal:
          'Normal: more than 21 days, and the same as in SSL_CERTFILE. ElectrumX reads the file only when it starts.',
        width: 12,
        unit: units.Number,
        rows: ['port'],
        sort: { by: 'port', highestFirst: false },
        alerts: ['ElectrumXCertificateExpiresSoon', 'ElectrumXCertificateExpiring', 'ElectrumXCertificateNotServed'],
      },
    ),
  ],
};
