// What peers reports: whether peer discovery works, and whether this server is verified itself.
import { countBy, top } from '../../electrumx/count.ts';
import { isListable, networkOf, type Network, type Peer } from '../../electrumx/peers.ts';
import { protocolLabel, softwareLabel } from '../labels.ts';
import { byLabel, gauge, single, type ScrapeData } from '../metric.ts';

const MAX_KINDS = 10;

export const PEERS_METRICS = [
  gauge({
    name: 'electrumx_peers_last_good_timestamp_seconds',
    help: 'Time of the last verification of any peer since the epoch. Absent if none was ever verified.',
    source: 'peers: last_good',
    read: ({ results: { peers } }) => single(highest(peers?.rows.map(({ lastGood }) => lastGood)) || undefined),
  }),
  gauge({
    name: 'electrumx_peers_by_software',
    help: 'Known peer servers by the software that they report. unknown: never reached.',
    source: 'peers: features.server_version',
    labels: ['software'],
    read: ({ results: { peers } }) => peersBy('software', peers?.rows, ({ software }) => softwareLabel(software)),
  }),
  gauge({
    name: 'electrumx_peers_by_protocol',
    help: 'Known peer servers by the latest protocol version that they support, the 10 most frequent. For peers never reached it is the version that came with their name.',
    source: 'peers: features.protocol_max',
    labels: ['protocol'],
    read: ({ results: { peers } }) => peersBy('protocol', peers?.rows, ({ protocolMax }) => protocolLabel(protocolMax)),
  }),
  gauge({
    name: 'electrumx_peers_by_network',
    help: 'Known peer servers by network. onion: Tor onion services.',
    source: 'peers: host',
    labels: ['network'],
    read: ({ results: { peers } }) => byLabel('network', peers && networks(peers.rows)),
  }),
  gauge({
    name: 'electrumx_peer_self_good',
    help: '1 if the server has verified itself under a host of REPORT_SERVICES. Absent unless REPORT_SERVICES has a public host and the server discovers peers and announces itself.',
    source: 'peers: host, status',
    read: (data) => {
      const self = selfEntries(data);
      return single(self && Number(self.some(({ status }) => status === 'good')));
    },
  }),
  gauge({
    name: 'electrumx_peer_self_tries',
    help: 'Attempts of the server to verify itself since the last successful one; the highest number if REPORT_SERVICES has several hosts. Absent where electrumx_peer_self_good is, and while the server does not list itself.',
    source: 'peers: host, try_count',
    read: (data) => single(highest(selfEntries(data)?.map(({ tries }) => tries))),
  }),
  gauge({
    name: 'electrumx_peer_self_last_try_timestamp_seconds',
    help: 'Time of the last attempt of the server to verify itself since the epoch. Absent where electrumx_peer_self_good is, and before the first attempt.',
    source: 'peers: host, last_try',
    read: (data) => single(highest(selfEntries(data)?.map(({ lastTry }) => lastTry)) || undefined),
  }),
];

function peersBy<Label extends string>(
  label: Label,
  peers: readonly Peer[] | undefined,
  labelOf: (peer: Peer) => string,
) {
  return byLabel(label, peers && top(countBy(peers, labelOf), MAX_KINDS, 'other'));
}

/** A peer whose host is no string is in no network. */
function networks(peers: readonly Peer[]): readonly (readonly [Network, number])[] {
  const counts = countBy(peers, ({ host }) => (host === undefined ? undefined : networkOf(host)));
  return (['clearnet', 'onion'] as const).map((network) => [network, counts.get(network) ?? 0]);
}

/** The entries of this server in its list of peers. `undefined` unless it should be there. */
function selfEntries({
  results: { peers },
  settings: { reportedHosts, peerDiscovery, peerAnnounce },
}: ScrapeData): readonly Peer[] | undefined {
  if (!peers || !reportedHosts?.length || !peerDiscovery || !peerAnnounce) return undefined;
  const entries = peers.rows.filter(({ host }) => host !== undefined && reportedHosts.includes(host.toLowerCase()));
  return entries.length > 0 || reportedHosts.some(isListable) ? entries : undefined;
}

/** The highest of the numbers; `undefined` if there is none. */
function highest(values: readonly (number | undefined)[] = []): number | undefined {
  return values.reduce((a, b) => (a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)), undefined);
}
