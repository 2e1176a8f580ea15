// The row about what a wallet gets from the client ports.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { bars, stat, tiles } from '../../panel/numbers.ts';
import { aggregate, gauge, promql } from '../../promql.ts';
import { budgetLeft } from '../../rules/service-level.ts';
import { certificateDays, DAYS, walletsBehind } from '../expressions.ts';
import { ANSWERS, CERTIFICATE_STEPS } from '../steps.ts';

const tipAge = promql`time() - ${gauge('electrumx_probe_tip_timestamp_seconds')}`;
const byStep = aggregate('max', gauge('electrumx_probe_step_duration_seconds'), { by: ['step'] });

export const WALLET: Row = {
  title: 'What does a wallet see?',
  height: 4,
  panels: [
    tiles('Client ports', ['{{transport}} {{port}}', gauge('electrumx_probe_success')], {
      asks: 'Can wallets use each client port?',
      normal: 'Normal: UP. The dashboard about peers and reachability shows the step that fails.',
      width: 8,
      unit: units.Number,
      ...ANSWERS,
      alerts: ['ElectrumXClientPortDown', 'ElectrumXDaemonUnreachable', 'ElectrumXWalletUnserved'],
    }),
    stat('Tip lag', walletsBehind, {
      asks: 'How many blocks are wallets behind the index?',
      normal: 'Normal: 0. The probe runs once a minute, so it is 1 for up to a minute after a block.',
      width: 3,
      unit: units.Number,
      steps: ['green', [1, 'orange'], [limits.WALLET_BLOCKS_BEHIND, 'red']],
      alerts: ['ElectrumXWalletTipBehind', 'ElectrumXWrongChain'],
    }),
    stat('Tip age', tipAge, {
      asks: 'How old is the latest block that wallets get?',
      normal: 'Normal with a block every 10 minutes: mostly below half an hour, and above one hour every few days.',
      width: 3,
      unit: units.Seconds,
      decimals: 0,
      steps: ['green', [limits.HOUR, 'orange'], [2 * limits.HOUR, 'red']],
    }),
    bars('Slowest steps', ['{{step}}', promql`topk(3, ${byStep})`], {
      asks: 'For which replies does a wallet wait longest?',
      normal: 'Normal: milliseconds, and since 1.18 up to 2 seconds, because ElectrumX pads replies.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      min: 0,
      steps: ['green', [limits.WALLET_SLOW_SECONDS, 'orange']],
      alerts: ['ElectrumXWalletSlow'],
    }),
    stat('Certificate', promql`bottomk(1, ${certificateDays})`, {
      asks: 'For how many days is the certificate valid?',
      normal: 'Normal: more than 21 days. If client ports differ, the one that expires first.',
      width: 3,
      unit: DAYS,
      decimals: 0,
      steps: CERTIFICATE_STEPS,
      alerts: ['ElectrumXCertificateExpiresSoon', 'ElectrumXCertificateExpiring'],
    }),
    stat('Error budget', budgetLeft, {
      asks: 'How much of the error budget of 30 days is left?',
      normal: 'The objective is that 99.5% of the probes succeed. At 0% it is used up.',
      width: 3,
      unit: units.PercentUnit,
      decimals: 0,
      steps: ['red', [0, 'orange'], [0.5, 'green']],
      alerts: ['ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'],
    }),
  ],
};
