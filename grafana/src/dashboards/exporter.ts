// "Exporter": can the other dashboards be believed, and what does it take to fill them?
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { BELIEF, COLLECTORS } from './exporter/data.ts';
import { ASKING, PROCESS } from './exporter/work.ts';

export const EXPORTER: Dashboard = {
  uid: 'electrumx-exporter',
  title: 'ElectrumX - Exporter',
  description: 'Can the other dashboards be believed? Do all collectors work? What does asking cost?',
  about: ONE_SERVER,
  from: 'now-6h',
  rows: [BELIEF, COLLECTORS, ASKING, PROCESS],
};
