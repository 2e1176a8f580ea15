// Judges every alert under every condition with a real promtool: when it begins to fire, and whether near misses are silent.
import { execFile, type ExecFileException } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AlertName } from '../rule.ts';
import { alerts } from '../rules.ts';
import { readCases, type Case, type Labels } from './cases.ts';
import { conditionsOf, type Condition } from './conditions.ts';
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
export async function judge(promtool: string, cases: readonly Case[] = readCases()): Promise<Verdicts> {
  const judgements = cases.flatMap((judged) => conditionsFor(judged).map((condition) => ({ judged, condition })));
  const output = await outputOf(promtool, ruleTests(judgements));
  const times = reportedTimes(output);
  const verdicts: Verdicts = {};
  for (const [index, { judged, condition }] of judgements.entries()) {
    const time = times.get(index);
    if (time === undefined) throw new Error(`${promtool} does not judge "${judged.name}":\n${output.slice(-5000)}`);
    if (time === NEIGHBOUR) throw new Error(`${judged.alert} fires for the other coin: ${judged.name}`);
    const ofCase = ((verdicts[judged.alert] ??= {})[judged.name] ??= {});
    ofCase[condition.name] = time === NEVER ? null : Math.max(0, Math.round((time - judged.begins) / 60));
  }
  return verdicts;
}

/** An alert about a whole job has no instance that a second server could share. */
function conditionsFor({ file, alert }: Case): readonly Condition[] {
  const about = alerts().find((candidate) => candidate.alert === alert)?.about;
  return conditionsOf(file).filter(({ neighbour }) => !neighbour || about === undefined);
}

/** What an expression gives instead of the second at which an alert begins to fire. */
const NEVER = -1;
const NEIGHBOUR = -2;

async function outputOf(promtool: string, files: readonly RuleTests[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'conditions-'));
  try {
    const paths = files.map(({ alert, evaluation, tests }, index) => {
      const [rules, path] = [`rules-${index}.json`, join(folder, `test-${index}.json`)];
      writeFileSync(join(folder, rules), JSON.stringify(rulesFor(alert)));
      writeFileSync(path, JSON.stringify({ rule_files: [rules], evaluation_interval: `${evaluation}s`, tests }));
      return path;
    });
    return await failing(promtool, ['test', 'rules', ...paths]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The output of a command that is expected to fail, as promtool does where a test does. */
async function failing(command: string, args: readonly string[]): Promise<string> {
  const run = promisify(execFile)(command, args, { maxBuffer: 2 ** 28 });
  const { stdout, stderr } = await run.catch((error: unknown) => {
    const { code, stdout = '', stderr = '' } = error as ExecFileException;
    if (typeof code === 'string') throw error;
    return { stdout, stderr };
  });
  return stdout + stderr;
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
    interval: `${condition.tick}s`,
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
