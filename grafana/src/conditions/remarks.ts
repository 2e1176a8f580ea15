// What remains of an alert under a condition: why it fires late, for a near miss, or never.
import type { AlertName } from '../rule.ts';
import type { ConditionName } from './conditions.ts';

interface Remark {
  readonly alerts: readonly AlertName[];
  readonly conditions: readonly ConditionName[];
  readonly remark: string;
}

export const REMARKS: readonly Remark[] = [
  {
    alerts: ['ElectrumXExporterDown'],
    conditions: ['every second scrape lost'],
    remark: 'The near miss fires: with four more scrapes lost in a row, most scrapes of 10 minutes are lost.',
  },
  {
    alerts: ['ElectrumXScrapesFailing'],
    conditions: ['every second scrape lost'],
    remark: 'The condition is what the alert is about: it fires for the near misses, too.',
  },
  {
    alerts: ['ElectrumXRestarting'],
    conditions: ['5 min'],
    remark: 'The restarts in the case are 4 minutes apart. Restarts between two scrapes count as one.',
  },
  {
    alerts: ['ElectrumXClockWrong'],
    conditions: ['5 min'],
    remark:
      'The near miss fires: its results are reused for 10 minutes and renewed between scrapes. The exporter renews results at scrapes.',
  },
  {
    alerts: ['ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'],
    conditions: ['5 min'],
    remark: 'Each failure in the case is between two scrapes. The client ports are probed at scrapes.',
  },
  {
    alerts: ['ElectrumXConnectionChurn'],
    conditions: ['5 min'],
    remark:
      'The near miss fires: a spike of 5 minutes is a third of the 15 minutes between the first and the last of 4 samples.',
  },
  {
    alerts: ['ElectrumXSessionsStuckClosing'],
    conditions: ['5 min', 'every second scrape lost'],
    remark:
      'The near miss fires: in an attack of 41 minutes, the one minute with few closing sessions is between two scrapes.',
  },
  {
    alerts: ['ElectrumXDaemonHeightStalled'],
    conditions: ['test networks'],
    remark:
      'The mean time between blocks of a test network is not known. With the probe, ElectrumXDaemonUnreachable notices a dead daemon.',
  },
];

/** `undefined` if there is nothing to say. */
export function remarkOf(alert: string, condition: ConditionName): string | undefined {
  return REMARKS.find(
    ({ alerts, conditions }) => (alerts as readonly string[]).includes(alert) && conditions.includes(condition),
  )?.remark;
}
