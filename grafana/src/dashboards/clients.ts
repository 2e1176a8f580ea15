// "Clients and cost": who uses the server, and what that takes.
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { CONNECTED, WANTS } from './clients/connected.ts';
import { COST, SUBNETS } from './clients/cost.ts';
import { ODD, SERVICE } from './clients/service.ts';

export const CLIENTS: Dashboard = {
  uid: 'electrumx-clients',
  title: 'ElectrumX - Clients and cost',
  description: 'Who is connected? What do they want? Who costs? Are they served well? Is anything odd?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [CONNECTED, WANTS, COST, SUBNETS, SERVICE, ODD],
};
