// The rows about other servers: does this one know them, and do they know it?
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { bars, stat } from '../../panel/numbers.ts';
import { timeSeries } from '../../panel/series.ts';
import { gauge, promql } from '../../promql.ts';
import { goodPeers } from '../../rules/peers.ts';
import { inMinutes, MINUTES } from '../expressions.ts';
import { NONE_STEPS } from '../steps.ts';

const sinceVerified = promql`time() - ${gauge('electrumx_peers_last_good_timestamp_seconds')}`;

export const NETWORK: Row = {
  title: 'Do we know the network, and does it know us?',
  height: 4,
  panels: [
    stat('Good peers', goodPeers, {
      asks: 'How many other servers has it verified?',
      normal: 'Normal: dozens, or 0 if peer discovery is off.',
      width: 4,
      unit: units.Number,
      steps: ['orange', [1, 'green']],
      alerts: ['ElectrumXNoGoodPeers'],
    }),
    stat('Last verification', sinceVerified, {
      asks: 'How long ago did it last verify a peer?',
      normal: 'Normal: minutes. With n good peers it verifies one every 10,200/n seconds.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      steps: ['green', [limits.NO_PEER_VERIFIED_SECONDS, 'orange']],
      alerts: ['ElectrumXPeerDiscoveryStalled'],
    }),
    stat('This server', gauge('electrumx_peer_self_good'), {
      asks: 'Can this server reach itself at an address of REPORT_SERVICES?',
      normal: 'Normal: verified, from an hour after the start. Otherwise other servers may not list it either.',
      width: 4,
      unit: units.Number,
      steps: ['orange', [1, 'green']],
      states: { 0: ['not verified', 'orange'], 1: ['verified', 'green'] },
      alerts: ['ElectrumXNotAdvertised'],
    }),
    stat('Failed attempts', gauge('electrumx_peer_self_tries'), {
      asks: 'How often has it failed to reach itself since the last success?',
      normal: 'Normal: 0. After some attempts it forgets its entry.',
      width: 4,
      unit: units.Number,
      steps: NONE_STEPS,
    }),
    stat('Last attempt', promql`time() - ${gauge('electrumx_peer_self_last_try_timestamp_seconds')}`, {
      asks: 'When did it last try to reach itself?',
      normal: 'Normal: hours ago at most.',
      width: 4,
      unit: units.Seconds,
      decimals: 1,
      steps: ['blue'],
    }),
    stat('Onion services', gauge('electrumx_peers_by_network', { network: 'onion' }), {
      asks: 'How many of the known servers are Tor onion services?',
      normal: 'Normal: some. Without a Tor proxy ElectrumX cannot verify them.',
      width: 4,
      unit: units.Number,
      steps: ['blue'],
    }),
  ],
};

export const DISCOVERY: Row = {
  title: 'Does discovery work?',
  height: 7,
  panels: [
    timeSeries('Peers by status', [['{{status}}', gauge('electrumx_peers')]], {
      asks: 'Does the network look as usual?',
      normal: 'Normal: mostly good, some stale and bad.',
      width: 6,
      unit: units.Number,
      min: 0,
      softMax: 10,
      stacked: 'values',
      colours: { good: 'green', stale: 'yellow', never: 'gray', bad: 'red' },
      alerts: ['ElectrumXNoGoodPeers'],
    }),
    timeSeries('Time since a peer was verified', [['since', inMinutes(sinceVerified)]], {
      asks: 'How long ago did discovery stop?',
      normal: 'Normal: a few minutes. Above the line there is a warning.',
      width: 6,
      unit: MINUTES,
      decimals: 0,
      min: 0,
      softMax: 60,
      steps: ['transparent', [limits.NO_PEER_VERIFIED_SECONDS / 60, 'orange']],
      alerts: ['ElectrumXPeerDiscoveryStalled'],
    }),
    bars('Peers by software', ['{{software}}', gauge('electrumx_peers_by_software')], {
      asks: 'Which software do they run?',
      normal: 'unknown: never reached. other: a name that is not on the list.',
      width: 6,
      unit: units.Number,
      min: 0,
      steps: ['blue'],
    }),
    bars('Peers by protocol', ['{{protocol}}', gauge('electrumx_peers_by_protocol')], {
      asks: 'Which versions of the protocol do they support?',
      normal: 'The latest version of each. The ten most frequent are shown.',
      width: 6,
      unit: units.Number,
      min: 0,
      steps: ['blue'],
    }),
  ],
};
