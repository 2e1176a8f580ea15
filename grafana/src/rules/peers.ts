// Alerts: does the server know its peers, and do they know it?
import { lately } from '../lately.ts';
import { GOOD_PEERS_FOR_DISCOVERY, HOUR, NO_PEER_VERIFIED_SECONDS } from '../limits.ts';
import { gauge, over, promql } from '../promql.ts';
import { alert, type Group } from '../rule.ts';
import { seconds } from '../time.ts';

export const goodPeers = gauge('electrumx_peers', { status: 'good' });

export const PEERS: Group = {
  name: 'electrumx-peers',
  rules: [
    // The past tells servers that lost their peers from those whose discovery is off.
    alert({
      alert: 'ElectrumXNoGoodPeers',
      severity: 'ticket',
      dashboard: 'electrumx-peers',
      for: '30m',
      expr: promql`${lately(goodPeers)} == 0 and ${over('max_over_time', goodPeers, '12h')} > 0`,
      summary: 'ElectrumX at {{ $labels.instance }} has no good peer left',
      description:
        'None could be verified for 3 hours, after some could. Wallets learn of no other servers from this one.',
    }),
    alert({
      alert: 'ElectrumXPeerDiscoveryStalled',
      severity: 'ticket',
      dashboard: 'electrumx-peers',
      for: '15m',
      expr: promql`time() - ${lately(gauge('electrumx_peers_last_good_timestamp_seconds'))} > ${seconds(NO_PEER_VERIFIED_SECONDS)} and on (job, instance) ${over('max_over_time', goodPeers, '6h')} >= ${GOOD_PEERS_FOR_DISCOVERY}`,
      summary: 'ElectrumX at {{ $labels.instance }} has verified no peer for {{ $value | humanizeDuration }}',
      description:
        'With as many good peers as it had, one should be verified every half hour. Its peer discovery has stopped.',
    }),
    alert({
      alert: 'ElectrumXNotAdvertised',
      severity: 'ticket',
      dashboard: 'electrumx-peers',
      for: '30m',
      expr: promql`${lately(gauge('electrumx_peer_self_good'))} == 0 and time() - ${lately(gauge('electrumx_start_time_seconds'))} > ${seconds(HOUR)}`,
      summary: 'ElectrumX at {{ $labels.instance }} cannot reach itself under its REPORT_SERVICES',
      description:
        'Up for more than an hour, it has not verified its own entry among the peers. Others may not list it either.',
    }),
  ],
};
