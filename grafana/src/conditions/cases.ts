// The cases of grafana/tests: for each alert, those in which it begins to fire, and the near misses in which it never does.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { AlertName } from '../rule.ts';
import { secondsIn } from '../time.ts';
import { firstChange, firstGap, lengthOf, parseValues, type TestSeries } from './series.ts';

export interface Case {
  readonly file: string;
  /** a sentence, as in the file; a near miss begins with `innocent` */
  readonly name: string;
  readonly alert: AlertName;
  readonly series: readonly TestSeries[];
  /** of the alert that begins to fire; `undefined` for a near miss */
  readonly labels?: Labels;
  /** seconds between two evaluations of the rules */
  readonly evaluation: number;
  /** seconds: when what the alert is about begins. 0 for a near miss */
  readonly begins: number;
  /** seconds: the case is over, or the alert is far too late */
  readonly ends: number;
}

export type Labels = Readonly<Record<string, string>>;

/** A case in promtool's format. */
interface RuleTest {
  readonly name: string;
  readonly interval: string;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test?: readonly Expectation[];
}

interface Expectation {
  readonly alertname: AlertName;
  readonly eval_time: string;
  readonly exp_alerts?: readonly { readonly exp_labels: Labels }[];
}

const FOLDER = new URL('../../tests/', import.meta.url);
const PATIENCE = 3600;

/** All of them, in the order of the files. */
export function readCases(): readonly Case[] {
  return readdirSync(FOLDER).flatMap((file) => casesOf(file, readFileSync(new URL(file, FOLDER), 'utf8')));
}

/** Those of one file, given as text. */
export function casesOf(file: string, text: string): readonly Case[] {
  const { tests, evaluation_interval } = parse(text) as { tests: readonly RuleTest[]; evaluation_interval: string };
  return tests.flatMap((test) => {
    const alerts = new Set((test.alert_rule_test ?? []).map(({ alertname }) => alertname));
    return [...alerts].flatMap((alert) =>
      judgedCase(test, alert).map((found) => ({
        ...found,
        file,
        evaluation: secondsIn(evaluation_interval),
      })),
    );
  });
}

/** None where the test does not show the beginning, and is no near miss. */
function judgedCase(test: RuleTest, alert: AlertName): Omit<Case, 'file' | 'evaluation'>[] {
  const expected = (test.alert_rule_test ?? []).filter(({ alertname }) => alertname === alert);
  const series = seriesOf(test);
  const { name } = test;
  if (isNearMiss(name) && expected.every(isSilent)) {
    return [{ name, alert, series, begins: 0, ends: Math.max(...series.map(lengthOf)) }];
  }
  const fires = expected.find((expectation) => !isSilent(expectation));
  const labels = fires?.exp_alerts?.[0]?.exp_labels;
  if (fires === undefined || labels === undefined || !expected.some((before) => isMinuteBefore(before, fires)))
    return [];
  return [
    { name, alert, series, labels, begins: beginning(series, labels), ends: secondsIn(fires.eval_time) + PATIENCE },
  ];
}

/** The series of a test in promtool's format. */
export function seriesOf({
  interval,
  input_series,
}: Pick<RuleTest, 'interval' | 'input_series'>): readonly TestSeries[] {
  return input_series.map(({ series, values }) => ({
    selector: series,
    stretches: parseValues(values),
    interval: secondsIn(interval),
  }));
}

/** Whether a case is one in which its alert must not fire, by its name. */
export function isNearMiss(name: string): boolean {
  return name.startsWith('innocent');
}

function isSilent({ exp_alerts = [] }: Expectation): boolean {
  return exp_alerts.length === 0;
}

function isMinuteBefore(before: Expectation, after: Expectation): boolean {
  return isSilent(before) && secondsIn(before.eval_time) === secondsIn(after.eval_time) - 60;
}

/** The first change of a series of that server, or the first gap, or the beginning of the case. */
function beginning(series: readonly TestSeries[], { instance }: Labels): number {
  const own = series.filter(({ selector }) => instance === undefined || selector.includes(`instance="${instance}"`));
  for (const first of [firstChange, firstGap]) {
    const times = own.map(first).filter((time) => time !== undefined);
    if (times.length > 0) return Math.min(...times);
  }
  return 0;
}
