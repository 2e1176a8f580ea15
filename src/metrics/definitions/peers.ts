// What peers shows: whether discovery is alive, and whether this server is known to be good itself.
import { countBy, top } from '../count.ts';
import { by, gauge, only } from '../metric.ts';
import { softwareLabel } from '../labels.ts';

export const PEERS_METRICS = [
  gauge({
    name: 'electrumx_peers_last_good_timestamp_seconds',
    help: 'When a peer was last verified, since the epoch; absent if none ever was.',
    source: 'peers: last_good',
    read: ({ peers }) =>
      only(peers?.rows.map(({ lastGood }) => lastGood).reduce((a, b) => Math.max(a, b), 0) || undefined),
  }),
  gauge({
    name: 'electrumx_peers_by_software',
    help: 'Known peer servers by the software that they say they run; unknown: never reached.',
    source: 'peers: features.server_version',
    labels: ['software'],
    read: ({ peers }) =>
      by(
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
    help: '1 if this server has verified itself under a host of REPORT_SERVICES; absent unless the exporter was told them.',
    source: 'peers: host, status',
    read: ({ peers, told }) => {
      if (!peers || told.reportedHosts.length === 0) return [];
      const own = peers.rows.filter(
        ({ host }) => host !== undefined && told.reportedHosts.includes(host.toLowerCase()),
      );
      return only(Number(own.some(({ status }) => status === 'good')));
    },
  }),
];
