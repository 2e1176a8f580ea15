// What peers reports: whether peer discovery works, and whether this server is verified itself.
import { countBy, top } from '../../electrumx/count.ts';
import { softwareLabel } from '../labels.ts';
import { byLabel, gauge, single } from '../metric.ts';

export const PEERS_METRICS = [
  gauge({
    name: 'electrumx_peers_last_good_timestamp_seconds',
    help: 'Time of the last verification of any peer since the epoch. Absent if none was ever verified.',
    source: 'peers: last_good',
    read: ({ results: { peers } }) =>
      single(peers?.rows.map(({ lastGood }) => lastGood).reduce((a, b) => Math.max(a, b), 0) || undefined),
  }),
  gauge({
    name: 'electrumx_peers_by_software',
    help: 'Known peer servers by the software that they report. unknown: never reached.',
    source: 'peers: features.server_version',
    labels: ['software'],
    read: ({ results: { peers } }) =>
      byLabel(
        'software',
        peers &&
          top(
            countBy(peers.rows, ({ software }) => softwareLabel(software)),
            10,
            'other',
          ),
      ),
  }),
  gauge({
    name: 'electrumx_peer_self_good',
    help: '1 if the server has verified itself under a host of REPORT_SERVICES. Absent unless REPORT_SERVICES is configured and peer discovery is on.',
    source: 'peers: host, status',
    read: ({ results: { peers }, settings: { reportedHosts, peerDiscovery } }) => {
      if (!peers || !reportedHosts?.length || !peerDiscovery) return [];
      const self = peers.rows.filter(({ host }) => host !== undefined && reportedHosts.includes(host.toLowerCase()));
      return single(Number(self.some(({ status }) => status === 'good')));
    },
  }),
];
