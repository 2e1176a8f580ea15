// "Index and resources": does the index keep up, and do database, memory, open files and disk last?
import type { Dashboard } from '../dashboard.ts';
import { ONE_SERVER } from '../variables.ts';
import { CACHES, HISTORY, INDEX } from './index/database.ts';
import { DISK, PROCESS } from './index/host.ts';

export const INDEX_AND_RESOURCES: Dashboard = {
  uid: 'electrumx-index',
  title: 'ElectrumX - Index and resources',
  description:
    'Does the index keep up? Does the process have what it needs? Is there room on the disk? How long does the history database last? Do the caches help?',
  about: ONE_SERVER,
  from: 'now-24h',
  rows: [INDEX, PROCESS, DISK, HISTORY, CACHES],
};
