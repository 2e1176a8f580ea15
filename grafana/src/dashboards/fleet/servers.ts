// The rows about all servers now: what fires, how many there are, and a table of them.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { TargetLabel } from '../../catalogue.ts';
import type { Row } from '../../dashboard.ts';
import { toServer } from '../../links.ts';
import { firingAlerts } from '../../panel/alerts.ts';
import { stat } from '../../panel/numbers.ts';
import { table, type Column } from '../../panel/table.ts';
import { aggregate, firing, gauge, promql, selector, type Vector } from '../../promql.ts';
import { sessionsUtilisation } from '../../rules/capacity.ts';
import { blocksBehind } from '../../rules/chain.ts';
import { goodPeers } from '../../rules/peers.ts';
import { daemonSilence, uptime, walletsServed } from '../expressions.ts';
import {
  ANSWERS_CELL,
  BEHIND_STEPS,
  NONE_STEPS,
  onlyTrouble,
  PENDING_STEPS,
  SESSIONS_STEPS,
  SILENCE_STEPS,
} from '../steps.ts';

const up = selector('up', []);
const answers = gauge('electrumx_up');

function total(of: Vector): Vector<never> {
  return aggregate('sum', of, { by: [] });
}

export const ALL: Row = {
  title: 'Are all servers well?',
  height: 5,
  panels: [
    firingAlerts('Firing alerts', 'all servers', {
      asks: 'Which alerts fire, and where?',
      normal: 'Normal: none. The name of an alert links to the runbook.',
      width: 12,
    }),
    stat('Targets', aggregate('count', up, { by: [] }), {
      asks: 'How many servers are monitored?',
      normal: 'Each is one target of Prometheus.',
      width: 4,
      unit: units.Number,
      steps: ['blue'],
      alerts: ['ElectrumXTargetsAbsent', 'ElectrumXTargetMissing'],
    }),
    stat('ElectrumX down', total(promql`1 - ${answers}`), {
      asks: 'How many servers do not answer LocalRPC?',
      normal: 'Normal: 0.',
      width: 4,
      unit: units.Number,
      steps: ['green', [1, 'red']],
      alerts: ['ElectrumXDown'],
    }),
    stat('Exporter down', total(promql`1 - ${up}`), {
      asks: 'How many exporters cannot be scraped?',
      normal: 'Normal: 0. Nothing is known about their servers.',
      width: 4,
      unit: units.Number,
      steps: ['green', [1, 'red']],
      alerts: ['ElectrumXExporterDown'],
    }),
  ],
};

const NARROW = 80;
const number = { unit: units.Number, decimals: 0, width: NARROW };
const share = { unit: units.PercentUnit, decimals: 0, width: NARROW };

/** A column of a number for each server. */
function perServer(of: Vector): Vector<TargetLabel> {
  return aggregate('max', of, { by: ['job', 'instance'] });
}

const firingPerServer = aggregate('count', firing(), { by: ['job', 'instance'] });

const COLUMNS: readonly Column[] = [
  {
    name: 'Alerts',
    expr: promql`${firingPerServer} or 0 * ${perServer(up)}`,
    ...number,
    steps: onlyTrouble(NONE_STEPS),
  },
  { name: 'Exporter', expr: perServer(up), ...number, ...ANSWERS_CELL },
  { name: 'LocalRPC', expr: perServer(answers), ...number, ...ANSWERS_CELL },
  {
    name: 'Wallets',
    expr: perServer(walletsServed),
    ...number,
    steps: ['red', [1, 'transparent']],
    states: { 0: ['failing', 'red'], 1: ['served', 'transparent'] },
    empty: 'no probe',
  },
  { name: 'Lag', expr: perServer(blocksBehind), ...number, steps: onlyTrouble(BEHIND_STEPS) },
  { name: 'Daemon', expr: perServer(daemonSilence), ...share, steps: onlyTrouble(SILENCE_STEPS), empty: 'no limit' },
  { name: 'Sessions', expr: perServer(sessionsUtilisation), ...share, steps: onlyTrouble(SESSIONS_STEPS) },
  {
    name: 'Pending',
    expr: perServer(gauge('electrumx_pending_requests')),
    ...number,
    steps: onlyTrouble(PENDING_STEPS),
  },
  { name: 'Peers', expr: perServer(goodPeers), ...number },
  { name: 'Uptime', expr: perServer(uptime), unit: units.Seconds, decimals: 1, width: 100 },
  {
    expr: aggregate('max', gauge('electrumx_info'), { by: ['job', 'instance', 'version', 'coin'] }),
    labels: ['version', 'coin'],
  },
];

export const SERVERS: Row = {
  title: 'Which server is it?',
  height: 12,
  panels: [
    table('Servers', COLUMNS, {
      asks: 'Which server has a problem, and what is it?',
      normal:
        'Normal: no colours. Servers with most alerts are first. The name of a server links to its dashboard for on-call.',
      width: 24,
      unit: units.Number,
      rows: ['instance', 'job'],
      sort: { by: 'Alerts', highestFirst: true },
      columns: {
        instance: { width: 230, link: () => toServer('electrumx-on-call', 'On-call') },
        job: { hidden: 'for links' },
        version: { states: { unknown: ['before 1.3', 'transparent'] } },
        coin: { states: { unknown: ['-', 'transparent'] } },
      },
    }),
  ],
};
