// A real Prometheus that scrapes loopback ports every second, and its query API.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, run, type Running } from './process.ts';
import { Hopeless, waitFor } from './wait.ts';

/** One series of a query's result: an instant vector has one point, a range `name[1m]` has many, oldest first. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

export interface Prometheus {
  readonly process: Running;
  query(expression: string): Promise<Series[]>;
  stop(): Promise<void>;
}

/** Starts one; `jobs` gives each job's name the loopback port of its one target. */
export async function startPrometheus(jobs: Readonly<Record<string, number>>): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, configuration(jobs));
  const port = await freePort();
  const child = run('prometheus', [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  const base = `http://127.0.0.1:${port}`;
  await waitFor('Prometheus to be ready', async () => {
    if (child.exited) throw new Hopeless(`Prometheus has ended:\n${child.output()}`);
    return (await fetch(`${base}/-/ready`)).ok ? true : undefined;
  });
  return {
    process: child,
    query: async (expression) => {
      const reply = await fetch(`${base}/api/v1/query?query=${encodeURIComponent(expression)}`);
      return results(expression, await reply.json());
    },
    stop: async () => {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configuration(jobs: Readonly<Record<string, number>>): string {
  const scrapes = Object.entries(jobs).map(([job, port]) =>
    JSON.stringify({ job_name: job, static_configs: [{ targets: [`127.0.0.1:${port}`] }] }),
  );
  // JSON is YAML.
  return `{global: {scrape_interval: 1s, scrape_timeout: 1s}, scrape_configs: [${scrapes.join(', ')}]}`;
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
