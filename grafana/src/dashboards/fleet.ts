// "Fleet": all servers, a row for each, with the way to the dashboard about it.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { TargetLabel } from '../catalogue.ts';
import type { Dashboard, Row } from '../dashboard.ts';
import { quiet } from '../absent-metrics.ts';
import * as limits from '../limits.ts';
import { toServer } from '../links.ts';
import { firingAlerts, stat } from '../panel/numbers.ts';
import { timeSeries } from '../panel/series.ts';
import { table, type Column } from '../panel/table.ts';
import { aggregate, firing, gauge, promql, selector, type Vector } from '../promql.ts';
import { sessionsUtilisation } from '../rules/capacity.ts';
import { blocksBehind } from '../rules/chain.ts';
import { goodPeers } from '../rules/peers.ts';
import { ALL_SERVERS } from '../variables.ts';
import { daemonSilence, uptime } from './expressions.ts';
import { ANSWERS, BEHIND_STEPS, lines, NONE_STEPS, PENDING_STEPS, SESSIONS_STEPS, SILENCE_STEPS } from './steps.ts';

const up = selector('up', []);
const answers = gauge('electrumx_up');
const pending = gauge('electrumx_pending_requests');

function total(of: Vector): Vector<never> {
  return aggregate('sum', of, { by: [] });
}

const EVERYBODY: Row = {
  title: 'Is everybody well?',
  height: 4,
  panels: [
    firingAlerts('Firing alerts', '{{instance}}: {{severity}} {{alertname}}', {
      asks: 'What fires, and where?',
      normal: 'Normal: nothing. Red is critical, orange a warning, blue an info. A click leads to the runbook.',
      width: 12,
      unit: units.Number,
    }),
    stat('How many', aggregate('count', up, { by: [] }), {
      asks: 'How many are watched?',
      normal: 'Each is one target of Prometheus.',
      width: 4,
      unit: units.Number,
      steps: ['blue'],
      alerts: ['ElectrumXTargetsAbsent', 'ElectrumXTargetMissing'],
    }),
    stat('Not answering', total(promql`1 - ${answers}`), {
      asks: 'How many do not answer LocalRPC?',
      normal: 'Normal: 0.',
      width: 4,
      unit: units.Number,
      steps: ['green', [1, 'red']],
      alerts: ['ElectrumXDown'],
    }),
    stat('Not to be scraped', total(promql`1 - ${up}`), {
      asks: 'Of how many is nothing known?',
      normal: 'Normal: 0. Their exporter is down, or out of reach.',
      width: 4,
      unit: units.Number,
      steps: ['green', [1, 'red']],
      alerts: ['ElectrumXExporterDown'],
    }),
  ],
};

const number = { unit: units.Number, decimals: 0 };
const duration = { unit: units.Seconds, decimals: 1 };

/** A column of a number for each server. */
function perServer(of: Vector): Vector<TargetLabel> {
  return aggregate('max', of, { by: ['job', 'instance'] });
}

const COLUMNS: readonly Column[] = [
  {
    expr: aggregate('max', gauge('electrumx_info'), { by: ['job', 'instance', 'version', 'coin'] }),
    labels: ['version', 'coin'],
  },
  { name: 'Exporter', expr: perServer(up), ...number, ...ANSWERS },
  { name: 'LocalRPC', expr: perServer(answers), ...number, ...ANSWERS },
  {
    name: 'Firing alerts',
    expr: quiet(aggregate('count', firing(), { by: ['job', 'instance'] }), 'no alert fires'),
    ...number,
    steps: NONE_STEPS,
    empty: '0',
  },
  { name: 'Behind', expr: perServer(blocksBehind), ...number, steps: BEHIND_STEPS },
  {
    name: 'Daemon silent',
    expr: perServer(daemonSilence),
    unit: units.PercentUnit,
    decimals: 0,
    steps: SILENCE_STEPS,
    empty: 'no limit',
  },
  {
    name: 'Sessions used',
    expr: perServer(sessionsUtilisation),
    unit: units.PercentUnit,
    steps: SESSIONS_STEPS,
    empty: 'not told',
  },
  { name: 'Pending', expr: perServer(pending), ...number, steps: PENDING_STEPS, empty: 'not told' },
  { name: 'Good peers', expr: perServer(goodPeers), ...number },
  { name: 'Uptime', expr: perServer(uptime), ...duration },
];

const SERVERS: Row = {
  title: 'Which server is it?',
  height: 12,
  panels: [
    table('Servers', COLUMNS, {
      asks: 'Which server has a trouble, and which?',
      normal: 'Normal: all green. A click on an instance leads to what on-call looks at.',
      width: 24,
      unit: units.Number,
      rows: ['instance', 'job'],
      sort: { by: 'instance', highestFirst: false },
      rowLink: toServer('electrumx-on-call', 'On-call'),
    }),
  ],
};

const COMPARED: Row = {
  title: 'Is it one server, or all of them?',
  height: 8,
  panels: [
    timeSeries('Blocks behind', [['{{instance}}', blocksBehind]], {
      asks: 'Does one fall behind, or do all?',
      normal: 'Normal: 0 with short spikes. All at once: the daemon that they share, or the chain.',
      width: 6,
      unit: units.Number,
      steps: ['transparent', [limits.BLOCKS_BEHIND + 1, 'red']],
    }),
    timeSeries('Sessions', [['{{instance}}', gauge('electrumx_sessions')]], {
      asks: 'Do clients move from one to another?',
      normal: 'Normal: they share the wallets. What one loses the others get.',
      width: 6,
      unit: units.Number,
      min: 0,
      stacked: 'values',
    }),
    timeSeries('Pending requests', [['{{instance}}', pending]], {
      asks: 'Does one answer slowly, or do all?',
      normal: 'Normal: near 0, with peaks after a block.',
      width: 6,
      unit: units.Number,
      min: 0,
      steps: lines(PENDING_STEPS),
    }),
    timeSeries('Good peers', [['{{instance}}', goodPeers]], {
      asks: 'Does one lose its peers, or do all?',
      normal: 'Normal: about the same everywhere.',
      width: 6,
      unit: units.Number,
      min: 0,
    }),
  ],
};

export const FLEET: Dashboard = {
  uid: 'electrumx-fleet',
  title: 'ElectrumX - Fleet',
  description: 'Is everybody well? Which server is it? Is it one server, or all of them?',
  about: ALL_SERVERS,
  from: 'now-6h',
  rows: [EVERYBODY, SERVERS, COMPARED],
};
