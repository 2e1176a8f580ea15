// Recordings and alerts: are the index and the daemon at the tip of the chain?
import { lately } from '../lately.ts';
import { BLOCKS_BEHIND, BLOCKS_OF_A_SYNC, DAEMON_STALLED_BY_CHANCE, HOUR } from '../limits.ts';
import { gauge, lengthOfTime, over, promql } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';
import { seconds } from '../time.ts';

const SYNC_STALLED = seconds(2 * HOUR);

export const blocksBehind = record(
  'electrumx:blocks_behind',
  promql`${gauge('electrumx_daemon_height')} - ${gauge('electrumx_db_height')}`,
);

/** A first sync or a long outage, but not a server that was at the tip a day ago: that one has to page and must not stop to. */
export const catchingUp = record(
  'electrumx:catching_up',
  promql`${blocksBehind} > ${BLOCKS_OF_A_SYNC} unless ${over('min_over_time', blocksBehind, '1d')} <= ${BLOCKS_BEHIND}`,
);

const blockInterval = gauge('electrumx_config_block_interval_seconds');

/** Only where the mean time between blocks is known, and so not on test networks, whose blocks come when somebody makes one. */
export const daemonStalledLimit = record(
  'electrumx:daemon_stalled_limit_seconds',
  lengthOfTime(promql`ceil(ln(${DAEMON_STALLED_BY_CHANCE} / ${blockInterval})) * ${blockInterval}`),
);

export const CHAIN: Group = {
  name: 'electrumx-chain',
  rules: [
    blocksBehind,
    catchingUp,
    daemonStalledLimit,
    alert({
      alert: 'ElectrumXBlocksBehind',
      severity: 'page',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${lately(blocksBehind)} > ${BLOCKS_BEHIND} unless ${lately(catchingUp)}`,
      summary: 'ElectrumX at {{ $labels.instance }} is {{ $value }} blocks behind its daemon',
      description:
        'Wallets see old balances. At the tip a block takes seconds; from 6 blocks on other servers list this one as bad.',
    }),
    alert({
      alert: 'ElectrumXSyncing',
      severity: 'info',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: lately(catchingUp),
      summary: 'ElectrumX at {{ $labels.instance }} is syncing, {{ $value }} blocks to go',
      description: 'In its first sync a server does not listen to wallets, and its height moves at flushes only.',
      inhibits: [
        'ElectrumXBlocksBehind',
        'ElectrumXNoGoodPeers',
        'ElectrumXPeerDiscoveryStalled',
        'ElectrumXNotAdvertised',
      ],
    }),
    // Flushes of a large cache are far apart and take minutes: hence hours, and not just after a start.
    alert({
      alert: 'ElectrumXSyncStalled',
      severity: 'ticket',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${lately(catchingUp)} and time() - ${lately(gauge('electrumx_db_height_change_timestamp_seconds'))} > ${SYNC_STALLED} and time() - ${lately(gauge('electrumx_start_time_seconds'))} > ${SYNC_STALLED}`,
      summary: 'The sync of ElectrumX at {{ $labels.instance }} stands still, {{ $value }} blocks before the end',
      description: 'The index has not grown for more than 2 hours, and the server has been up for as long.',
    }),
    // A dead daemon leaves its last height standing, so that blocks_behind stays at 0 and looks well: only its age tells.
    alert({
      alert: 'ElectrumXDaemonHeightStalled',
      severity: 'page',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`time() - ${lately(gauge('electrumx_daemon_height_change_timestamp_seconds'))} > ${lately(daemonStalledLimit)}`,
      summary:
        'The daemon of ElectrumX at {{ $labels.instance }} has told no block for {{ $value | humanizeDuration }}',
      description:
        'By chance that happens once in three years. The daemon is dead, cut off from its network, or out of reach of ElectrumX. Wallets miss new blocks and cannot send.',
      inhibits: ['ElectrumXBlocksBehind'],
    }),
    alert({
      alert: 'ElectrumXDaemonFailedOver',
      severity: 'ticket',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${lately(gauge('electrumx_daemon_primary'))} == 0`,
      summary: 'ElectrumX at {{ $labels.instance }} does not use the first daemon of its DAEMON_URL',
      description:
        'It has failed over and does not return by itself, so that the next failure may find no daemon to go to.',
    }),
  ],
};
