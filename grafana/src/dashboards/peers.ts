// "Peers and reachability": can wallets connect, and does the server know the other servers?
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { DISCOVERY, NETWORK } from './peers/network.ts';
import { CERTIFICATES, STEPS } from './peers/reachability.ts';

export const PEERS: Dashboard = {
  uid: 'electrumx-peers',
  title: 'ElectrumX - Peers and reachability',
  description:
    'Which step of a wallet fails? Are tips and certificates right? Do we know the network, and does it know us? Does discovery work?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [STEPS, CERTIFICATES, NETWORK, DISCOVERY],
};
