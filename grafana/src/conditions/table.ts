// The verdicts as a table for people: an alert a row, a condition a column.
import type { AlertName } from '../rule.ts';
import { alerts } from '../rules.ts';
import { isNearMiss } from './cases.ts';
import { CONDITIONS, type ConditionName } from './conditions.ts';
import type { Verdicts } from './judge.ts';
import { remarkOf, REMARKS } from './remarks.ts';
import verdicts from './verdicts.json' with { type: 'json' };

/** What is committed. `npm run conditions` writes it, and a test of the real suite judges again. */
export const VERDICTS: Verdicts = verdicts;

export const HEAD: readonly string[] = ['Alert', ...CONDITIONS.map(({ name }) => name)];

/** A row for each alert that has a beginning. */
export function rows(judged: Verdicts = VERDICTS): readonly (readonly string[])[] {
  return alerts()
    .filter(({ alert }) => judged[alert] !== undefined)
    .map(({ alert }) => [alert, ...CONDITIONS.map(({ name }) => cell(judged, alert, name))]);
}

/** The numbered remarks below the table. */
export function remarks(): readonly string[] {
  return [...new Set(REMARKS.map(({ remark }) => remark))];
}

function cell(judged: Verdicts, alert: AlertName, condition: ConditionName): string {
  const { firing, nearMisses } = verdictsOf(judged, alert, condition);
  const remark = remarkOf(alert, condition);
  const mark = remark === undefined ? '' : ` (${remarks().indexOf(remark) + 1})`;
  return `${outcome(firing, nearMisses)}${mark}`;
}

function outcome(firing: readonly (number | null)[], nearMisses: readonly (number | null)[]): string {
  if (firing.length === 0) return nearMisses.length === 0 ? '-' : 'never';
  const times = firing.filter((time) => time !== null);
  return times.length < firing.length ? 'does not fire' : readable(Math.max(...times));
}

/** The times of the cases in which the alert has to fire, and of those in which it must not. */
export function verdictsOf(judged: Verdicts, alert: string, condition: string) {
  const all = Object.entries(judged[alert] ?? {}).flatMap(([name, times]) => {
    const time = times[condition];
    return time === undefined ? [] : [{ nearMiss: isNearMiss(name), time }];
  });
  return {
    firing: all.filter(({ nearMiss }) => !nearMiss).map(({ time }) => time),
    nearMisses: all.filter(({ nearMiss }) => nearMiss).map(({ time }) => time),
  };
}

const USUAL: ConditionName = '60 s';

/** More than twice the time that it takes at a scrape a minute, and more than 15 minutes after it. */
export function isMuchLater(judged: Verdicts, alert: string, condition: ConditionName): boolean {
  return Object.values(judged[alert] ?? {}).some(({ [USUAL]: usual, [condition]: time }) => {
    if (typeof usual !== 'number' || typeof time !== 'number') return false;
    return time > 2 * usual && time > usual + 15;
  });
}

function readable(minutes: number): string {
  return minutes <= 180 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
