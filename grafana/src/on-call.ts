// "ElectrumX - On-call": what a person reads who was woken up, from top to bottom. Can wallets connect, are we at the tip, are we
// full, who is doing it, what changed?
import type { Dashboard } from './dashboard.ts';
import { aggregate, gauge, over, promql } from './promql.ts';
import { CHAIN } from './rows/chain.ts';
import { LOAD } from './rows/load.ts';
import { HOUR } from './limits.ts';
import { VERDICT } from './rows/verdict.ts';
import { WHO } from './rows/who.ts';

const startTime = gauge('electrumx_start_time_seconds');
const primary = gauge('electrumx_daemon_primary');
const info = over('present_over_time', gauge('electrumx_info'), '10m');

export const ON_CALL: Dashboard = {
  uid: 'electrumx-on-call',
  title: 'ElectrumX - On-call',
  description: 'Can wallets connect? Are we at the tip? Are we full? Who is doing it? What changed?',
  rows: [VERDICT, CHAIN, LOAD, WHO],
  marks: [
    {
      // of a young server only: an exporter that restarts computes an old server's start anew, some seconds off
      name: 'ElectrumX restarted',
      colour: 'red',
      expr: promql`${over('changes', startTime, '2m')} > 0 and time() - ${startTime} < ${HOUR}`,
    },
    {
      name: 'Version changed',
      colour: 'blue',
      expr: promql`${aggregate('count', info, { by: ['instance'] })} > 1`,
    },
    { name: 'Daemon switched', colour: 'orange', expr: promql`${over('changes', primary, '2m')} > 0` },
  ],
};
