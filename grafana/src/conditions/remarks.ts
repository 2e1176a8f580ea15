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
