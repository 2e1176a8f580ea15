// Alerts: does the server know its peers, and do they know it?
import { last15m, WEEK } from '../last15m.ts';
import { GOOD_PEERS_FOR_DISCOVERY, HOUR, NO_PEER_VERIFIED_SECONDS } from '../limits.ts';
import { aggregate, gauge, not, over, promql, type Vector } from '../promql.ts';
import { alert, type Group } from '../rule.ts';
import { seconds } from '../time.ts';
import { age } from './clock.ts';
import { hasFired } from './history.ts';

export const goodPeers = gauge('electrumx_peers', { status: 'good' });

const lastVerified = last15m(gauge('electrumx_peers_last_good_timestamp_seconds'));

/** The most good peers in a range: servers that lost their peers had some, those whose discovery is off had none. */
function mostGood(range: '30m' | '6h' | typeof WEEK): Vector<never> {
  return aggregate('max', over('max_over_time', goodPeers, range), { without: ['status'] });
}

/** With discovery off, ElectrumX has no peers at all. */
const noPeersAtAll = promql`${aggregate('sum', last15m(gauge('electrumx_peers', { status: not('good') })), { without: ['status'] })} == 0`;

export const PEERS: Group = {
  name: 'electrumx-peers',
  rules: [
    // Longer than ElectrumXSyncing waits, which inhibits it.
    alert({
      alert: 'ElectrumXNoGoodPeers',
      severity: 'warning',
      dashboard: 'electrumx-peers',
      for: '15m',
      expr: promql`${mostGood('30m')} == 0 and (${mostGood(WEEK)} > 0 or ${hasFired('ElectrumXNoGoodPeers')} or ${lastVerified}) unless ${noPeersAtAll}`,
      summary: 'ElectrumX at {{ $labels.instance }} has no good peer left',
      description:
        'It had good peers and could not verify any of them for 3 hours. Wallets learn of no other servers from this one.',
    }),
    alert({
      alert: 'ElectrumXPeerDiscoveryStalled',
      severity: 'warning',
      dashboard: 'electrumx-peers',
      for: '15m',
      expr: promql`${age(lastVerified)} > ${seconds(NO_PEER_VERIFIED_SECONDS)} and (${mostGood('6h')} >= ${GOOD_PEERS_FOR_DISCOVERY} or ${hasFired('ElectrumXPeerDiscoveryStalled')})`,
      summary: 'ElectrumX at {{ $labels.instance }} has verified no peer for {{ $value | humanizeDuration }}',
      description:
        'With the number of good peers that it had, it should verify one every half hour. Its peer discovery has stopped.',
    }),
    // Absent where peer discovery is off or REPORT_SERVICES is empty.
    alert({
      alert: 'ElectrumXNotAdvertised',
      severity: 'warning',
      dashboard: 'electrumx-peers',
      for: '10m',
      expr: promql`${over('max_over_time', gauge('electrumx_peer_self_good'), '30m')} == 0 and ${age(last15m(gauge('electrumx_start_time_seconds')))} > ${seconds(HOUR)}`,
      summary: 'ElectrumX at {{ $labels.instance }} cannot reach itself under its REPORT_SERVICES',
      description:
        'It has been up for more than an hour and has not verified its entry among the peers. Other servers may not list it either.',
    }),
  ],
};
