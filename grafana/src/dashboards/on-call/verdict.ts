// The row that is read first: what fires, and numbers with a colour.
import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Row } from '../../dashboard.ts';
import * as limits from '../../limits.ts';
import { dial, firingAlerts, stat } from '../../panel/numbers.ts';
import { gauge } from '../../promql.ts';
import { sessionsUtilisation } from '../../rules/capacity.ts';
import { blocksBehind } from '../../rules/chain.ts';
import { goodPeers } from '../../rules/peers.ts';
import { daemonSilence, uptime } from '../expressions.ts';
import { ANSWERS, BEHIND_STEPS, PENDING_STEPS, SESSIONS_STEPS, SILENCE_STEPS, UPTIME_STEPS } from '../steps.ts';

export const VERDICT: Row = {
  title: 'Verdict: is anything wrong?',
  height: 4,
  panels: [
    firingAlerts('Firing alerts', '{{severity}}: {{alertname}}', {
      asks: 'What fires?',
      normal: 'Normal: nothing. Red is critical, orange a warning, blue an info. A click leads to the runbook.',
      width: 6,
      unit: units.Number,
    }),
    stat('LocalRPC', gauge('electrumx_up'), {
      asks: 'Did ElectrumX answer getinfo in the last scrape?',
      normal: 'Normal: UP. While it is DOWN all other numbers are missing.',
      width: 2,
      unit: units.Number,
      ...ANSWERS,
      alerts: ['ElectrumXDown', 'ElectrumXExporterDown'],
    }),
    stat('Blocks behind', blocksBehind, {
      asks: 'How far is the index behind the daemon?',
      normal: `Normal: 0, for seconds 1. Critical above ${limits.BLOCKS_BEHIND}, and below -${limits.BLOCKS_BEHIND}, where the daemon lacks blocks. With a dead daemon it stays 0.`,
      width: 3,
      unit: units.Number,
      steps: BEHIND_STEPS,
      alerts: ['ElectrumXBlocksBehind', 'ElectrumXDaemonBelowIndex', 'ElectrumXSyncing'],
    }),
    dial('Daemon silent', daemonSilence, {
      asks: 'How long has the daemon told no block, measured by what happens by chance?',
      normal: 'Normal: below half. At 100 % it pages. A daemon that died shows here and nowhere else.',
      width: 3,
      unit: units.PercentUnit,
      min: 0,
      max: 1,
      steps: SILENCE_STEPS,
      alerts: ['ElectrumXDaemonHeightStalled'],
    }),
    dial('Sessions used', sessionsUtilisation, {
      asks: 'How full is the server?',
      normal: 'At MAX_SESSIONS it stops listening, and wallets are refused.',
      width: 3,
      unit: units.PercentUnit,
      min: 0,
      max: 1,
      steps: SESSIONS_STEPS,
      alerts: ['ElectrumXSessionsExhausted', 'ElectrumXSessionsNearLimit'],
    }),
    stat('Pending requests', gauge('electrumx_pending_requests'), {
      asks: 'How many requests wait for an answer?',
      normal: `Normal: few, for seconds many after a block. Above ${limits.PENDING_TOO_MANY} wallets give up.`,
      width: 3,
      unit: units.Number,
      steps: PENDING_STEPS,
      alerts: ['ElectrumXOverloaded', 'ElectrumXPendingRequestsHigh'],
    }),
    stat('Good peers', goodPeers, {
      asks: 'How many other servers could be verified?',
      normal: 'Normal: dozens, or 0 where peer discovery is off. It wakes nobody.',
      width: 2,
      unit: units.Number,
      steps: ['orange', [1, 'green']],
      alerts: ['ElectrumXNoGoodPeers'],
    }),
    stat('Uptime', uptime, {
      asks: 'How long ago did ElectrumX start?',
      normal: 'Normal: days. Each restart drops all wallets.',
      width: 2,
      unit: units.Seconds,
      decimals: 1,
      steps: UPTIME_STEPS,
      alerts: ['ElectrumXRestarting'],
    }),
  ],
};
