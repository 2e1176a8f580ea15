// A Prometheus with hours of simulated history: exporters are scraped while a virtual clock advances, and their samples are imported into
// Prometheus with the times of that clock. Ranges, rates and the `for` of rules are therefore the same as in production.
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { ruleFile } from '../../../grafana/src/rules.ts';
import { runToEnd } from './process.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

/** A clock that stays where it is until it is set. */
export interface Clock {
  /** milliseconds since the epoch */
  now: number;
}

export interface Target {
  /** the `instance` label */
  readonly instance: string;
  /** of the exporter; undefined while it does not run */
  readonly port: () => number | undefined;
}

/** Something that happens at a time of the clock. */
export interface Happening {
  readonly at: number;
  readonly do: () => unknown;
}

export interface HistoryOptions {
  readonly clock: Clock;
  readonly targets: readonly Target[];
  /** the last scrape; the first is at the clock's time */
  readonly to: number;
  readonly everyMs: number;
  readonly happenings?: readonly Happening[];
}

export interface History {
  readonly prometheus: Prometheus;
  stop(): Promise<void>;
}

/** Lives through the time from the clock's until `to`, and starts a Prometheus that remembers it: scrapes, recordings, firing alerts. */
export async function startHistory(options: HistoryOptions): Promise<History> {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const from = options.clock.now;
  try {
    const samples = join(folder, 'samples.om');
    await writeSamples(samples, options);
    const data = join(folder, 'data');
    await promtool('tsdb', 'create-blocks-from', 'openmetrics', samples, data);
    rmSync(samples);
    const memory = { ...options, from, folder, data };
    // Rules that use what others recorded need it on disk. Two levels: recordings of recordings, then alerts.
    await remember(memory, 'recordings', RECORDINGS);
    await remember(memory, 'recordings of recordings', RECORDINGS);
    await remember(memory, 'alerts', firing(options.everyMs));
    const prometheus = await open(memory);
    return {
      prometheus,
      stop: async () => {
        await prometheus.stop();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

async function writeSamples(
  path: string,
  { clock, targets, to, everyMs, happenings = [] }: HistoryOptions,
): Promise<void> {
  const file = createWriteStream(path);
  const waiting = [...happenings].sort((a, b) => a.at - b.at);
  for (; clock.now <= to; clock.now += everyMs) {
    for (let next = waiting[0]; next && next.at <= clock.now; next = waiting[0]) {
      await next.do();
      waiting.shift();
    }
    for (const target of targets) {
      if (!file.write(await scrape(target, clock.now))) await once(file, 'drain');
    }
  }
  clock.now = to;
  file.end('# EOF\n');
  await once(file, 'finish');
}

/** The samples of one scrape in the format that promtool reads, with the labels that Prometheus would add. */
async function scrape({ instance, port }: Target, now: number): Promise<string> {
  const labels = `job="electrumx",instance="${instance}"`;
  const time = now / 1000;
  const openPort = port();
  const started = performance.now();
  const body = openPort === undefined ? undefined : await (await fetch(`http://127.0.0.1:${openPort}/metrics`)).text();
  const seconds = (performance.now() - started) / 1000;
  const lines = (body ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const samples = lines.map((line) => {
    const end = line.search(/[{ ]/);
    const rest = line[end] === '{' ? `,${line.slice(end + 1)}` : `}${line.slice(end)}`;
    return `${line.slice(0, end)}{${labels}${rest} ${time}\n`;
  });
  samples.push(`scrape_samples_scraped{${labels}} ${lines.length} ${time}\n`);
  samples.push(`up{${labels}} ${body === undefined ? 0 : 1} ${time}\n`);
  samples.push(`scrape_duration_seconds{${labels}} ${seconds} ${time}\n`);
  return samples.join('');
}

interface RuleEntry {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const RULES = (parse(ruleFile()) as { groups: { rules: RuleEntry[] }[] }).groups.flatMap(({ rules }) => rules);
const RECORDINGS = RULES.filter(({ record }) => record !== undefined);

/** promtool can only compute recordings of the past: an alert fires where its expression has held for as long as it has to. */
function firing(everyMs: number): RuleEntry[] {
  return RULES.flatMap(({ alert, expr, for: hold = '0s', labels }) => {
    if (alert === undefined) return [];
    const looks = Math.max(1, Math.round((secondsOf(hold) * 1000) / everyMs));
    const held = looks === 1 ? expr : `count_over_time((${expr})[${hold}:${everyMs}ms]) >= ${looks}`;
    return [
      { record: 'ALERTS', expr: `(${held}) * 0 + 1`, labels: { ...labels, alertname: alert, alertstate: 'firing' } },
    ];
  });
}

function secondsOf(duration: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  if (count === undefined) throw new Error(`not a length of time: ${duration}`);
  return Number(count) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'];
}

interface Memory extends HistoryOptions {
  readonly from: number;
  readonly folder: string;
  readonly data: string;
}

/** Evaluates rules over the past, and puts their results next to the samples. */
async function remember(memory: Memory, name: string, rules: readonly RuleEntry[]): Promise<void> {
  const { from, to, everyMs, folder, data } = memory;
  const prometheus = await open(memory);
  try {
    const file = join(folder, 'rules.yml');
    writeFileSync(file, stringify({ groups: [{ name, rules }] }));
    const range = [`--start=${from / 1000}`, `--end=${to / 1000}`, `--eval-interval=${everyMs}ms`];
    const places = [`--url=${prometheus.url}`, `--output-dir=${data}`];
    await promtool('tsdb', 'create-blocks-from', 'rules', ...range, ...places, file);
  } finally {
    await prometheus.stop();
  }
}

/** A series that is in no scrape has ended: without stale markers, only the lookback says so. */
function open({ data, everyMs }: Memory): Promise<Prometheus> {
  return startPrometheus({ jobs: {}, data, flags: [`--query.lookback-delta=${2 * everyMs - 1}ms`] });
}

async function promtool(...args: readonly string[]): Promise<void> {
  const { code, output } = await runToEnd('promtool', args);
  if (code !== 0) throw new Error(`promtool ${args.slice(0, 3).join(' ')}: ${output}`);
}
