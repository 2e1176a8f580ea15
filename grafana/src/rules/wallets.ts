// Alerts: what does a wallet get from the client ports?
import { last15m, median15m } from '../last15m.ts';
import * as limits from '../limits.ts';
import { aggregate, gauge, not, over, promql, type Series, type Vector } from '../promql.ts';
import { alert, type Group } from '../rule.ts';
import { blocksBehind } from './chain.ts';

/** Results of steps. A step that was not reached has no series. */
const connects = gauge('electrumx_probe_step_success', { step: not('tip', 'balance', 'daemon', 'features') });
const serves = gauge('electrumx_probe_step_success', { step: not('connect', 'tls', 'version', 'daemon') });
const reachesDaemon = gauge('electrumx_probe_step_success', { step: 'daemon' });

const stepDuration = gauge('electrumx_probe_step_duration_seconds');
const expires = last15m(gauge('electrumx_probe_certificate_not_after_timestamp_seconds'));

/** The result of a probe is at most a minute old by default: a difference counts only if it is older than 10 minutes. */
const walletsBehind = promql`${over('min_over_time', gauge('electrumx_db_height'), '10m')} - ${aggregate('min', over('max_over_time', gauge('electrumx_probe_tip_height'), '10m'), { without: ['transport', 'port'] })}`;

/**
 * Most probes of 10 minutes failed at a step, which is known for longer than a start takes. One result alone proves nothing: when the server is
 * full, no further probe is made.
 */
function mostlyFails<Label extends string>(step: Series<Label>): Vector<Label> {
  const most = promql`${over('avg_over_time', step, '10m')} < ${limits.MOSTLY_ANSWERS}`;
  const several = promql`${over('count_over_time', step, '10m')} > 1`;
  return promql`${most} and ${several} and ${over('present_over_time', step, '15m', '5m')}`;
}

/** Of the client ports that get as far as this step. */
function best(result: Vector<'transport' | 'port' | 'step'>): Vector<never> {
  return aggregate('max', result, { without: ['transport', 'port', 'step'] });
}

export const WALLETS: Group = {
  name: 'electrumx-wallets',
  rules: [
    // ElectrumX opens its client ports when its index is complete, at a start as well. When ElectrumXDown ends, this must not begin.
    alert({
      alert: 'ElectrumXClientPortDown',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${mostlyFails(connects)} unless ignoring (transport, port, step) ${last15m(blocksBehind)} > ${limits.BLOCKS_OF_A_SYNC} unless ignoring (transport, port, step) ${over('avg_over_time', gauge('electrumx_up'), '20m')} < ${limits.OFTEN_ANSWERS}`,
      summary:
        'Wallets cannot use port {{ $labels.port }} ({{ $labels.transport }}) of ElectrumX at {{ $labels.instance }}',
      description:
        'Most probes of the last 10 minutes failed at the step {{ $labels.step }}. LocalRPC can answer all the same.',
      inhibits: ['ElectrumXWalletSlow', 'ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'],
    }),
    alert({
      alert: 'ElectrumXDaemonUnreachable',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${best(over('avg_over_time', reachesDaemon, '10m'))} < ${limits.MOSTLY_ANSWERS} and ${best(over('present_over_time', reachesDaemon, '15m', '5m'))}`,
      summary: 'ElectrumX at {{ $labels.instance }} does not reach its daemon',
      description:
        'On every client port most requests of the last 10 minutes that need the daemon failed. Wallets see no new blocks and cannot send.',
      inhibits: [
        'ElectrumXBlocksBehind',
        'ElectrumXDaemonHeightStalled',
        'ElectrumXWalletTipBehind',
        'ElectrumXWalletUnserved',
        'ElectrumXWalletSlow',
        'ElectrumXErrorBudgetBurnFast',
        'ElectrumXErrorBudgetBurnSlow',
      ],
    }),
    alert({
      alert: 'ElectrumXWalletUnserved',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: mostlyFails(serves),
      summary:
        'Wallets get no {{ $labels.step }} from port {{ $labels.port }} ({{ $labels.transport }}) of ElectrumX at {{ $labels.instance }}',
      description:
        'They can connect, but most probes of the last 10 minutes failed at the step {{ $labels.step }}. LocalRPC can answer all the same.',
      inhibits: [
        'ElectrumXWalletTipBehind',
        'ElectrumXWalletSlow',
        'ElectrumXErrorBudgetBurnFast',
        'ElectrumXErrorBudgetBurnSlow',
      ],
    }),
    alert({
      alert: 'ElectrumXWalletTipBehind',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${walletsBehind} >= ${limits.WALLET_BLOCKS_BEHIND}`,
      summary: 'Wallets of ElectrumX at {{ $labels.instance }} are {{ $value }} blocks behind its index',
      description:
        'The index has had these blocks for 10 minutes, and a client port still reports an older one. Electrum leaves a server that is 2 blocks behind.',
      inhibits: ['ElectrumXWalletSlow'],
    }),
    alert({
      alert: 'ElectrumXWrongChain',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${over('max_over_time', gauge('electrumx_probe_genesis_match'), '10m')} == 0`,
      summary: 'ElectrumX at {{ $labels.instance }} serves another chain than that of its coin',
      description:
        'The genesis block that a client port reports is not that of the coin. Wallets disconnect. A proxy may lead to another server.',
      inhibits: ['ElectrumXWalletTipBehind'],
    }),
    alert({
      alert: 'ElectrumXWalletSlow',
      severity: 'warning',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${aggregate('max', median15m(stepDuration), { without: ['transport', 'port', 'step'] })} > ${limits.WALLET_SLOW_SECONDS}`,
      summary: 'A wallet of ElectrumX at {{ $labels.instance }} waits {{ $value | humanizeDuration }} for a reply',
      description: 'Padding takes 2 seconds at most. Electrum gives up after 10 seconds.',
    }),
    // The dates in certificates are not durations of this server: tests do not scale them.
    alert({
      alert: 'ElectrumXCertificateExpiring',
      severity: 'warning',
      dashboard: 'electrumx-peers',
      for: '1h',
      expr: promql`${expires} - time() < ${limits.CERTIFICATE_EXPIRING_SECONDS}`,
      summary:
        'The certificate of port {{ $labels.port }} of ElectrumX at {{ $labels.instance }} expires in {{ $value | humanizeDuration }}',
      description: 'Its renewal failed, or there is none. ElectrumX serves a new certificate only after a restart.',
    }),
    alert({
      alert: 'ElectrumXCertificateExpiresSoon',
      severity: 'critical',
      dashboard: 'electrumx-peers',
      for: '10m',
      expr: promql`${expires} - time() < ${limits.CERTIFICATE_EXPIRES_SOON_SECONDS}`,
      summary:
        'The certificate of port {{ $labels.port }} of ElectrumX at {{ $labels.instance }} expires in {{ $value | humanizeDuration }}',
      description:
        'A negative time means that it has expired. Wallets refuse an expired certificate of a public authority. Renew it and restart ElectrumX.',
      inhibits: ['ElectrumXCertificateExpiring', 'ElectrumXCertificateNotServed'],
    }),
    alert({
      alert: 'ElectrumXCertificateNotServed',
      severity: 'warning',
      dashboard: 'electrumx-peers',
      for: '30m',
      expr: promql`${over('max_over_time', gauge('electrumx_probe_certificate_current'), '15m')} == 0`,
      summary:
        'Port {{ $labels.port }} of ElectrumX at {{ $labels.instance }} serves another certificate than SSL_CERTFILE',
      description:
        'ElectrumX reads the file only at its start. Restart it, or reload the proxy that terminates TLS, before the old certificate expires.',
    }),
  ],
};
