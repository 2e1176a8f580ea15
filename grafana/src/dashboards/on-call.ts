// "On-call": what to read first in an incident, from top to bottom.
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { CHAIN } from './on-call/chain.ts';
import { CHANGES } from './on-call/changes.ts';
import { HOST } from './on-call/host.ts';
import { LOAD } from './on-call/load.ts';
import { VERDICT } from './on-call/verdict.ts';
import { WALLET } from './on-call/wallet.ts';
import { WHO } from './on-call/who.ts';

export const ON_CALL: Dashboard = {
  uid: 'electrumx-on-call',
  title: 'ElectrumX - On-call',
  description:
    'What does a wallet see? Is anything wrong? Are we at the tip? What does the host see? Are we full? Who is doing it? What changed?',
  about: ONE_SERVER,
  from: 'now-6h',
  rows: [WALLET, VERDICT, CHAIN, HOST, LOAD, WHO, CHANGES],
};
