// "Fleet": all servers, with a row and a link for each.
import type { Dashboard } from '../dashboard.ts';
import { ALL_SERVERS } from '../variables.ts';
import { COMPARED } from './fleet/compared.ts';
import { ALL, SERVERS } from './fleet/servers.ts';

export const FLEET: Dashboard = {
  uid: 'electrumx-fleet',
  title: 'ElectrumX - Fleet',
  description: 'Are all servers well? Which server is it? Is it one server, or all of them?',
  about: ALL_SERVERS,
  from: 'now-6h',
  rows: [ALL, SERVERS, COMPARED],
};
