// The row about what fires, and the numbers that most alerts are about.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { firingAlerts } from '../../panel/alerts.ts';
import { stat } from '../../panel/numbers.ts';
import { gauge } from '../../promql.ts';
import { sessionsUtilisation } from '../../rules/capacity.ts';
import { blocksBehind } from '../../rules/chain.ts';
import { daemonSilence } from '../expressions.ts';
import { ANSWERS, BEHIND_STEPS, PENDING_STEPS, SESSIONS_STEPS, SILENCE_STEPS } from '../steps.ts';

export const VERDICT: Row = {
  title: 'Verdict: is anything wrong?',
  height: 7,
  panels: [
    firingAlerts('Firing alerts', 'one server', {
      asks: 'Which alerts fire?',
      normal: 'Normal: none. The name of an alert links to the runbook.',
      width: 9,
    }),
    stat('LocalRPC', gauge('electrumx_up'), {
      asks: 'Did ElectrumX answer getinfo in the last scrape?',
      normal: 'Normal: UP. While it is DOWN, all numbers from LocalRPC are missing.',
      width: 3,
      unit: units.Number,
      ...ANSWERS,
      alerts: ['ElectrumXDown', 'ElectrumXExporterDown'],
    }),
    stat('Index lag', blocksBehind, {
      asks: 'How many blocks is the index behind the daemon?',
      normal: `Normal: 0, and 1 for seconds. Critical above ${limits.BLOCKS_BEHIND}, and below -${limits.BLOCKS_BEHIND}, where the daemon lacks blocks. It stays 0 while the daemon is down.`,
      width: 3,
      unit: units.Number,
      steps: BEHIND_STEPS,
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXDaemonBelowIndex', 'ElectrumXSyncing'],
    }),
    stat('Daemon', daemonSilence, {
      asks: 'How long has the daemon reported no new block, as a share of the limit?',
      normal: 'Normal: below 50%. At 100% there is a critical alert.',
      width: 3,
      unit: units.PercentUnit,
      decimals: 0,
      steps: SILENCE_STEPS,
      alerts: ['ElectrumXDaemonHeightStalled'],
    }),
    stat('Sessions', sessionsUtilisation, {
      asks: 'How many of the possible sessions are in use?',
      normal: 'At 100% ElectrumX closes its client ports, and new wallets are refused.',
      width: 3,
      unit: units.PercentUnit,
      decimals: 0,
      steps: SESSIONS_STEPS,
      alerts: ['ElectrumXSessionsExhausted', 'ElectrumXSessionsNearLimit'],
    }),
    stat('Pending', gauge('electrumx_pending_requests'), {
      asks: 'How many requests wait for a reply?',
      normal: `Normal: few, and many for seconds after a block. Above ${limits.PENDING_TOO_MANY} requests time out.`,
      width: 3,
      unit: units.Number,
      steps: PENDING_STEPS,
      alerts: ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh'],
    }),
  ],
};
