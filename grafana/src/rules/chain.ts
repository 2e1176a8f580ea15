// Recordings and alerts: are the index and the daemon at the tip of the chain?
import { last15m, median15m, WEEK } from '../last15m.ts';
import * as limits from '../limits.ts';
import { aggregate, counter, gauge, lengthOfTime, not, over, present, promql } from '../promql.ts';
import { alert, record, type Group } from '../rule.ts';
import { seconds } from '../time.ts';
import { age } from './clock.ts';
import { hasFired } from './history.ts';
import { unchangedSince } from './unchanged.ts';

const daemonHeight = gauge('electrumx_daemon_height');
const indexHeight = gauge('electrumx_db_height');
const blockInterval = gauge('electrumx_config_block_interval_seconds');

const daemon = unchangedSince('daemon_height', daemonHeight, gauge('electrumx_daemon_height_change_timestamp_seconds'));
const index = unchangedSince('db_height', indexHeight, gauge('electrumx_db_height_change_timestamp_seconds'));

/** Negative when the daemon is below the index. */
export const blocksBehind = record('electrumx:blocks_behind', promql`${daemonHeight} - ${indexHeight}`);

/** ElectrumX lets no client in before its index has been complete once: a process that has had one was at the tip. */
const hasServed = promql`${aggregate('max', present(counter('electrumx_requests_total', { method: 'server.version' }), '15m'), { without: ['method'] })} or ${aggregate('sum', last15m(gauge('electrumx_sessions_by_transport', { transport: not('rpc') })), { without: ['transport'] })} > 0`;
/** Since 1.11 requests are counted: a process without one of a client has served none. */
const countsRequests = aggregate('max', present(counter('electrumx_requests_total', { method: 'getinfo' }), '15m'), {
  without: ['method'],
});

/** No server falls that far behind while it runs: its database is new. */
const isFar = promql`${blocksBehind} > ${limits.SHARE_OF_A_NEW_INDEX} * ${daemonHeight}`;
const wasFar = promql`${over('min_over_time', indexHeight, WEEK)} < ${limits.SHARE_OF_A_NEW_INDEX} * ${daemonHeight}`;
const wasAtTip = promql`(${over('min_over_time', blocksBehind, WEEK)} <= ${limits.BLOCKS_BEHIND} or ${hasFired('ElectrumXBlocksBehind')}) unless ${wasFar}`;
const gains = promql`${over('max_over_time', blocksBehind, '2h')} - ${blocksBehind} > ${limits.BLOCKS_GAINED}`;

/**
 * A first sync, or the return from a long outage. A server that was at the tip is behind and not syncing, however long ago that was, even
 * if it moves: that alert must not end before the index is complete.
 */
export const catchingUp = record(
  'electrumx:catching_up',
  promql`${blocksBehind} > ${limits.BLOCKS_OF_A_SYNC} and (${isFar} or (${gains} or ${countsRequests}) unless (${hasServed} or ${wasAtTip}))`,
);

/** Only where the mean time between blocks is known, and so not on test networks, whose blocks come at will. */
export const daemonStalledLimit = record(
  'electrumx:daemon_stalled_limit_seconds',
  lengthOfTime(
    promql`ceil(ln(${limits.DAEMON_STALLED_BY_CHANCE} / ${last15m(blockInterval)})) * ${last15m(blockInterval)}`,
  ),
);

const sinceIndexGrew = age(index.since);

export const CHAIN: Group = {
  name: 'electrumx-chain',
  rules: [
    blocksBehind,
    catchingUp,
    daemonStalledLimit,
    daemon.since,
    daemon.last,
    index.since,
    index.last,
    alert({
      alert: 'ElectrumXBlocksBehind',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${median15m(blocksBehind)} > ${limits.BLOCKS_BEHIND} unless ${last15m(catchingUp)}`,
      summary: 'ElectrumX at {{ $labels.instance }} is {{ $value }} blocks behind its daemon',
      description:
        'Wallets see old balances. At the tip, indexing a block takes seconds. Other servers mark this one as bad when it is more than 5 blocks behind.',
      inhibits: ['ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'],
    }),
    alert({
      alert: 'ElectrumXSyncing',
      severity: 'info',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: last15m(catchingUp),
      summary: 'ElectrumX at {{ $labels.instance }} is syncing, {{ $value }} blocks to go',
      description: 'During its first sync a server does not accept wallets, and its height changes only at flushes.',
      inhibits: [
        'ElectrumXBlocksBehind',
        'ElectrumXNoGoodPeers',
        'ElectrumXPeerDiscoveryStalled',
        'ElectrumXNotAdvertised',
      ],
    }),
    // Flushes of a large cache are hours apart. After a restart the blocks since the last one are indexed again.
    alert({
      alert: 'ElectrumXSyncStalled',
      severity: 'warning',
      dashboard: 'electrumx-index',
      for: '10m',
      expr: promql`${last15m(catchingUp)} and ${sinceIndexGrew} > ${seconds(2 * limits.HOUR)} and (${age(last15m(gauge('electrumx_start_time_seconds')))} > ${seconds(2 * limits.HOUR)} or ${sinceIndexGrew} > ${seconds(6 * limits.HOUR)})`,
      summary: 'The sync of ElectrumX at {{ $labels.instance }} has stopped, {{ $value }} blocks before the tip',
      description:
        'The index has not grown for more than 2 hours, and ElectrumX has been running all the time; or not for 6 hours.',
    }),
    // ElectrumX keeps reporting the last height of a dead daemon, so that blocks_behind stays at 0: only the age shows it.
    alert({
      alert: 'ElectrumXDaemonHeightStalled',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '2m',
      expr: promql`${age(daemon.since)} > ${daemonStalledLimit}`,
      summary:
        'The daemon of ElectrumX at {{ $labels.instance }} has reported no new block for {{ $value | humanizeDuration }}',
      description:
        'By chance that happens once in three years. The daemon is dead, has lost its peers, or ElectrumX cannot reach it. Wallets see no new blocks and cannot send.',
      inhibits: ['ElectrumXBlocksBehind'],
    }),
    alert({
      alert: 'ElectrumXDaemonBelowIndex',
      severity: 'critical',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`-1 * ${median15m(blocksBehind)} > ${limits.BLOCKS_BEHIND}`,
      summary: 'The daemon of ElectrumX at {{ $labels.instance }} is {{ $value }} blocks below the index',
      description:
        'The daemon is syncing, was restarted with -reindex, or was replaced. Wallets see no new blocks until it has passed the index.',
      inhibits: ['ElectrumXDaemonHeightStalled'],
    }),
    alert({
      alert: 'ElectrumXDaemonFailedOver',
      severity: 'warning',
      dashboard: 'electrumx-on-call',
      for: '10m',
      expr: promql`${over('avg_over_time', gauge('electrumx_daemon_primary'), '15m')} < ${limits.MOSTLY_ANSWERS}`,
      summary: 'ElectrumX at {{ $labels.instance }} does not use the first daemon of its DAEMON_URL',
      description:
        'It has failed over and does not return by itself. If this daemon fails too, there may be none left.',
    }),
  ],
};
