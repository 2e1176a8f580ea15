// A real Prometheus that scrapes loopback ports, every second unless another interval is given, and its API.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDuration } from '../../../grafana/src/time.ts';
import { freePort, run, type Running } from './process.ts';
import { Hopeless, waitFor } from './wait.ts';

export interface PrometheusOptions {
  /** The program: `prometheus` on PATH unless given. */
  readonly command?: string;
  /** The targets of each job, by the job's name. */
  readonly jobs: Readonly<Record<string, readonly Target[]>>;
  /** More of what a scrape_config may hold, as `scheme` and `basic_auth`, by the job's name. */
  readonly scrapes?: Readonly<Record<string, object>>;
  /** Of scrapes and of evaluations. */
  readonly everyMs?: number;
  /** The text of a rule file. */
  readonly rules?: string;
  /** The loopback port of an Alertmanager. */
  readonly alertmanager?: number;
  /** How much faster than usual time passes for alerts; 1 if not given. */
  readonly timeScale?: number;
  /** A folder with blocks of the past, which are kept; otherwise it remembers nothing, and forgets all when it stops. */
  readonly data?: string;
  readonly flags?: readonly string[];
}

/** A loopback port, or one that is not scraped as often as the others. */
export type Target = number | { readonly port: number; readonly everyMs: number };

/** One series of a query's result: an instant vector has one point, a range `name[1m]` has many, oldest first. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

export interface Prometheus {
  readonly process: Running;
  readonly url: string;
  query(expression: string): Promise<Series[]>;
  /** Each rule that it has, with `health` (`ok`, `err` or `unknown`) and, if it failed, why. */
  rules(): Promise<{ name: string; health: string; lastError?: string }[]>;
  /** Removes targets from its configuration. */
  forget(...ports: readonly number[]): void;
  /** Ends the process and starts it again, with the same files and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one, with its files in a folder of its own. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const forgotten = new Set<number>();
  const writeTargets = () => {
    for (const [job, targets] of Object.entries(options.jobs)) {
      const left = targets.filter((target) => !forgotten.has(portOf(target)));
      // Renamed, so that Prometheus sees all of it or nothing.
      writeFileSync(join(folder, `${job}.new`), JSON.stringify(left.map(discovered)));
      renameSync(join(folder, `${job}.new`), join(folder, `${job}.json`));
    }
  };
  writeTargets();
  writeFileSync(join(folder, 'prometheus.yml'), configuration(options));
  writeFileSync(join(folder, 'rules.yml'), options.rules ?? '');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = () => runProcess(options, folder, port);
  let child = start();
  const stop = async () => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const ready = () =>
    waitFor('Prometheus to be ready', async () => {
      if (child.exited) throw new Hopeless(`Prometheus has ended:\n${child.output()}`);
      return (await fetch(`${url}/-/ready`)).ok ? true : undefined;
    });
  await ready().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    get process() {
      return child;
    },
    url,
    query: async (expression) => {
      const reply = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      return results(expression, await reply.json());
    },
    rules: async () => {
      const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      return data.groups.flatMap((group) => group.rules);
    },
    forget: (...ports) => {
      for (const gone of ports) forgotten.add(gone);
      writeTargets();
    },
    restart: async () => {
      await child.stop();
      child = start();
      await ready();
    },
    stop,
  };
}

function runProcess(options: PrometheusOptions, folder: string, port: number): Running {
  const { command = 'prometheus', data = join(folder, 'data'), flags = [], timeScale } = options;
  // Every alert is sent again after so long, and is resolved when it does not come for four times that.
  const resendDelay = timeScale === undefined ? '10s' : writeDuration('1m', timeScale);
  return run(command, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    `--rules.alert.resend-delay=${resendDelay}`,
    `--rules.alert.for-grace-period=${writeDuration('10m', timeScale ?? 1)}`,
    ...flags,
  ]);
}

function configuration({ jobs, scrapes = {}, everyMs = 1000, rules, alertmanager }: PrometheusOptions): string {
  const every = `${everyMs}ms`;
  // JSON is YAML.
  return JSON.stringify({
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    ...(rules !== undefined && { rule_files: ['rules.yml'] }),
    ...(alertmanager !== undefined && {
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanager}`] }] }] },
    }),
    scrape_configs: Object.keys(jobs).map((job) => ({
      job_name: job,
      file_sd_configs: [{ files: [`${job}.json`] }],
      ...scrapes[job],
    })),
  });
}

function portOf(target: Target): number {
  return typeof target === 'number' ? target : target.port;
}

/** An entry of a file of targets. */
function discovered(target: Target): object {
  const targets = [`127.0.0.1:${portOf(target)}`];
  if (typeof target === 'number') return { targets };
  const every = `${target.everyMs}ms`;
  return { targets, labels: { __scrape_interval__: every, __scrape_timeout__: every } };
}

interface ApiReply {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

function results(expression: string, json: unknown): Series[] {
  const reply = json as ApiReply;
  if (reply.status !== 'success') throw new Error(`${expression}: ${reply.error ?? 'failed'}`);
  return reply.data.result.map(({ metric, value, values }) => ({
    metric,
    values: (values ?? (value === undefined ? [] : [value])).map(([, text]) => Number(text)),
  }));
}
