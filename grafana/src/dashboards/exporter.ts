// "Exporter": is the data of the other dashboards right, and what does it cost?
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { COLLECTORS, DATA } from './exporter/data.ts';
import { PROCESS, SCRAPES } from './exporter/work.ts';

export const EXPORTER: Dashboard = {
  uid: 'electrumx-exporter',
  title: 'ElectrumX - Exporter',
  description:
    'Is the data of the other dashboards right? Do all collectors work? What do scrapes cost? Is the exporter healthy?',
  about: ONE_SERVER,
  from: 'now-6h',
  rows: [DATA, COLLECTORS, SCRAPES, PROCESS],
};
