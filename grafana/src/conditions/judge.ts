// Judges every alert under every condition with a real promtool: when it begins to fire, and whether near misses are silent.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertName } from '../rule.ts';
import { alerts } from '../rules.ts';
import { readCases, type Case, type Labels } from './cases.ts';
import { conditionsOf, TICK, type Condition } from './conditions.ts';
import { rulesFor } from './needed-rules.ts';
import { COINS, scrapedCase } from './scraped.ts';

/**
 * Alert -> case -> condition -> minutes until the alert fires. They count from the beginning of what it is about. `null`: it does not fire,
 * which is right for a near miss. A number for a near miss is wrong, and counts from the beginning of the case.
 */
export type Verdicts = Record<string, Record<string, Record<string, number | null>>>;

interface Judgement {
  readonly judged: Case;
  readonly condition: Condition;
}

/** Runs promtool once, for all alerts. `promtool`: a command on PATH or an absolute path. Throws with its output if it cannot judge one. */
export function judge(promtool: string, cases: readonly Case[] = readCases()): Verdicts {
  const judgements = cases.flatMap((judged) => conditionsFor(judged).map((condition) => ({ judged, condition })));
  const times = firingTimes(promtool, judgements);
  const verdicts: Verdicts = {};
  judgements.forEach(({ judged: { alert, name, begins }, condition }, index) => {
    const time = times[index] ?? NEVER;
    if (time === NEIGHBOUR) throw new Error(`${alert} fires for the other coin: ${name}`);
    const ofCase = ((verdicts[alert] ??= {})[name] ??= {});
    ofCase[condition.name] = time === NEVER ? null : Math.round((time - begins) / 60);
  });
  return verdicts;
}

/** An alert about a whole job has no instance that a second server could share. */
function conditionsFor({ file, alert }: Case): readonly Condition[] {
  const about = alerts().find((candidate) => candidate.alert === alert)?.about;
  return conditionsOf(file).filter(({ neighbour }) => !neighbour || about === undefined);
}

const NEVER = -1;
const NEIGHBOUR = -2;

/** For each judgement the second at which the alert begins to fire, or NEVER. */
function firingTimes(promtool: string, judgements: readonly Judgement[]): readonly number[] {
  const folder = mkdtempSync(join(tmpdir(), 'conditions-'));
  try {
    const files = ruleTests(judgements).map((test, index) => {
      const [rules, path] = [`rules-${index}.json`, join(folder, `test-${index}.json`)];
      writeFileSync(join(folder, rules), JSON.stringify(rulesFor(test.alert)));
      writeFileSync(
        path,
        JSON.stringify({ rule_files: [rules], evaluation_interval: `${test.evaluation}s`, tests: test.tests }),
      );
      return path;
    });
    const { stdout, stderr, error } = spawnSync(promtool, ['test', 'rules', ...files], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (error) throw error;
    const found = reportedTimes(stdout + stderr);
    const missing = judgements.findIndex((_, index) => !found.has(index));
    if (missing !== -1)
      throw new Error(
        `${promtool} does not judge "${judgements[missing]?.judged.name}":\n${(stdout + stderr).slice(-5000)}`,
      );
    return judgements.map((_, index) => found.get(index) ?? NEVER);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** promtool prints what an expression gives where that is not what was expected: every test expects nothing, and gets a time. */
export function reportedTimes(output: string): ReadonlyMap<number, number> {
  const lines = output.matchAll(/got: *"?\{judgement=\\?"(\d+)\\?"\} (\S+?)"?$/gm);
  return new Map([...lines].map(([, index, value]) => [Number(index), Number(value)]));
}

interface RuleTests {
  readonly alert: AlertName;
  readonly evaluation: number;
  readonly tests: object[];
}

/** A file of tests for each alert. */
function ruleTests(judgements: readonly Judgement[]): RuleTests[] {
  const files = new Map<string, RuleTests>();
  judgements.forEach((judgement, index) => {
    const { alert, evaluation } = judgement.judged;
    const key = `${alert} ${evaluation}`;
    const file = files.get(key) ?? { alert, evaluation, tests: [] };
    files.set(key, file);
    file.tests.push(ruleTest(judgement, index));
  });
  return [...files.values()];
}

function ruleTest({ judged, condition }: Judgement, index: number): object {
  const { ends, evaluation } = judged;
  const last = Math.floor(ends / evaluation) * evaluation;
  const firing = `(${firingTime(judged, condition)}) or vector(${NEVER})`;
  return {
    interval: `${TICK}s`,
    input_series: scrapedCase(judged, condition),
    promql_expr_test: [
      { expr: `label_replace(${firing}, "judgement", "${index}", "", "")`, eval_time: `${last}s`, exp_samples: [] },
    ],
  };
}

/** PromQL: when the alert begins to fire. NEIGHBOUR: it does so for the other coin as well. */
function firingTime({ alert, labels = {}, ends, evaluation }: Case, { neighbour }: Condition): string {
  const begins = (more: Labels) => {
    const matchers = Object.entries({ alertname: alert, alertstate: 'firing', ...more }).map(
      ([name, value]) => `${name}="${value}"`,
    );
    return `min(min_over_time(timestamp(ALERTS{${matchers.join(',')}})[${ends}s:${evaluation}s]))`;
  };
  if (!neighbour) return begins(labels);
  return `${begins({ coin: COINS.calm })} * 0 + (${NEIGHBOUR}) or ${begins({ ...labels, coin: COINS.judged })}`;
}
