// "Clients and cost": who uses the server, and what that costs it.
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { CONNECTED, REQUESTED } from './clients/connected.ts';
import { COST, SUBNETS } from './clients/cost.ts';
import { SERVICE, UNUSUAL } from './clients/service.ts';

export const CLIENTS: Dashboard = {
  uid: 'electrumx-clients',
  title: 'ElectrumX - Clients and cost',
  description:
    'Who is connected? What do they use? Who causes cost? Which subnets? Are they served well? Is anything unusual?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [CONNECTED, REQUESTED, COST, SUBNETS, SERVICE, UNUSUAL],
};
