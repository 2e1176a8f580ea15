// "Peers": does the server know the others, and do they know it?
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Dashboard, Row } from '../dashboard.ts';
import * as limits from '../limits.ts';
import { bars, stat } from '../panel/numbers.ts';
import { states, timeSeries } from '../panel/series.ts';
import { gauge, promql } from '../promql.ts';
import { goodPeers } from '../rules/peers.ts';
import { ONE_SERVER } from '../variables.ts';

const sinceVerified = promql`time() - ${gauge('electrumx_peers_last_good_timestamp_seconds')}`;
const self = gauge('electrumx_peer_self_good');

const SELF = {
  unit: units.Number,
  steps: ['orange', [1, 'green']],
  states: { 0: ['not verified', 'orange'], 1: ['verified', 'green'] },
  alerts: ['ElectrumXNotAdvertised'],
} as const;

const NETWORK: Row = {
  title: 'Do we know the network, and does it know us?',
  height: 8,
  panels: [
    stat('Good peers', goodPeers, {
      asks: 'How many other servers could be verified?',
      normal: 'Normal: dozens, or 0 where peer discovery is off.',
      width: 4,
      unit: units.Number,
      steps: ['orange', [1, 'green']],
      alerts: ['ElectrumXNoGoodPeers'],
    }),
    stat('Last verification', sinceVerified, {
      asks: 'How long ago was a peer verified?',
      normal: 'Normal: minutes. With n good peers one is verified every 10,200/n seconds.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      steps: ['green', [limits.NO_PEER_VERIFIED_SECONDS, 'orange']],
      alerts: ['ElectrumXPeerDiscoveryStalled'],
    }),
    stat('Our own entry', self, {
      asks: 'Can this server reach itself under a host of REPORT_SERVICES?',
      normal: 'Normal: verified, an hour after the start. Otherwise others may not list it either.',
      width: 4,
      ...SELF,
    }),
    timeSeries('Peers by status', [['{{status}}', gauge('electrumx_peers')]], {
      asks: 'Does the network look as it always does?',
      normal: 'Normal: mostly good, some stale and bad. Those are the trouble of others.',
      width: 12,
      unit: units.Number,
      stacked: 'values',
      colours: { good: 'green', stale: 'yellow', never: 'gray', bad: 'red' },
      alerts: ['ElectrumXNoGoodPeers'],
    }),
  ],
};

const DISCOVERY: Row = {
  title: 'Is discovery alive?',
  height: 8,
  panels: [
    timeSeries('Time since a peer was verified', [['since', sinceVerified]], {
      asks: 'Since when does discovery stand still?',
      normal: 'Normal: a low saw. Above the line there is a warning.',
      width: 9,
      unit: units.Seconds,
      min: 0,
      steps: ['transparent', [limits.NO_PEER_VERIFIED_SECONDS, 'orange']],
      alerts: ['ElectrumXPeerDiscoveryStalled'],
    }),
    states('Our own entry over time', ['verified', self], {
      asks: 'Since when can it not reach itself?',
      normal: 'Normal: verified all the time. A renewed address or router shows as a change.',
      width: 6,
      ...SELF,
    }),
    bars('Peers by software', ['{{software}}', gauge('electrumx_peers_by_software')], {
      asks: 'What do the others run?',
      normal: 'unknown: never reached. other: a name that is not on the list.',
      width: 9,
      unit: units.Number,
      min: 0,
      steps: ['blue'],
    }),
  ],
};

export const PEERS: Dashboard = {
  uid: 'electrumx-peers',
  title: 'ElectrumX - Peers',
  description: 'Do we know the network, and does it know us? Is discovery alive?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [NETWORK, DISCOVERY],
};
