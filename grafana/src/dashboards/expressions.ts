// Expressions that more than one dashboard shows.
import { RATE_INTERVAL } from '../panel/panel.ts';
import { aggregate, counter, gauge, not, promql, rate } from '../promql.ts';
import { daemonStalledLimit } from '../rules/chain.ts';

export const sinceBlock = promql`time() - ${gauge('electrumx_daemon_height_change_timestamp_seconds')}`;

/** As a share of the limit from which on the daemon counts as stalled. */
export const daemonSilence = promql`${sinceBlock} / ${daemonStalledLimit}`;

export const uptime = promql`time() - ${gauge('electrumx_start_time_seconds')}`;

/** Sessions of wallets and other clients, without LocalRPC. */
export const clients = aggregate('sum', gauge('electrumx_sessions_by_transport', { transport: not('rpc') }), {
  without: ['transport'],
});

/** What wallets ask in a second by method, without the questions of operators and of this exporter. */
export const requests = rate(
  counter('electrumx_requests_total', { method: not('getinfo', 'groups', 'sessions', 'peers') }),
  RATE_INTERVAL,
);

/** How long ago each collector was answered last. */
export const dataAge = promql`time() - ${gauge('electrumx_scrape_collector_last_success_timestamp_seconds')}`;
