// "On-call": what a person reads who was woken up, from top to bottom.
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { CHANGES } from './on-call/changes.ts';
import { CHAIN } from './on-call/chain.ts';
import { LOAD } from './on-call/load.ts';
import { VERDICT } from './on-call/verdict.ts';
import { WHO } from './on-call/who.ts';

export const ON_CALL: Dashboard = {
  uid: 'electrumx-on-call',
  title: 'ElectrumX - On-call',
  description: 'Can wallets connect? Are we at the tip? Are we full? Who is doing it? What changed?',
  about: ONE_SERVER,
  from: 'now-6h',
  rows: [VERDICT, CHAIN, LOAD, WHO, CHANGES],
};
