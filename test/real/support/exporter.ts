// Runs the built exporter as an operator does, as a process with flags, and scrapes it over HTTP.
import { resolve } from 'node:path';
import { parseExposition, type Exposition } from '../../support/exposition.ts';
import { freePort, run, type Running } from './process.ts';
import { Hopeless, waitFor } from './wait.ts';

const MAIN = resolve(import.meta.dirname, '../../../dist/main.js');

/** The media types with which Prometheus requests each of the two formats. */
export const ACCEPT = {
  text: 'text/plain;version=0.0.4',
  openmetrics: 'application/openmetrics-text;version=1.0.0',
} as const;
export type Format = keyof typeof ACCEPT;

export interface Exporter {
  readonly port: number;
  /** The process that runs, or that ran last. */
  readonly process: Running;
  /** The body of `GET /metrics`; throws unless the status is 200. */
  fetch(format?: Format): Promise<string>;
  scrape(format?: Format): Promise<Exposition>;
  /** Ends the process and starts it again, on the same port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs the exporter with these arguments. */
export type Launch = (args: readonly string[]) => Running;

const fromDist: Launch = (args) => run(process.execPath, [MAIN, ...args]);

/** Starts it for the LocalRPC port `rpcPort` and waits until it is healthy, which does not mean that ElectrumX is up. */
export async function startExporter(
  rpcPort: number,
  flags: readonly string[] = [],
  launch = fromDist,
): Promise<Exporter> {
  const port = await freePort();
  const start = () =>
    launch([`--electrumx.rpc-address=127.0.0.1:${rpcPort}`, `--web.listen-address=127.0.0.1:${port}`, ...flags]);
  const base = `http://127.0.0.1:${port}`;
  let child = start();
  const healthy = () =>
    waitFor('the exporter to be healthy', async () => {
      if (child.exited) throw new Hopeless(`the exporter has ended:\n${child.output()}`);
      return (await fetch(`${base}/-/healthy`)).ok ? true : undefined;
    }).catch(async (error: unknown) => {
      await child.stop('SIGKILL');
      throw error;
    });
  await healthy();
  const body = async (format: Format = 'text'): Promise<string> => {
    const reply = await fetch(`${base}/metrics`, { headers: { Accept: ACCEPT[format] } });
    if (!reply.ok) throw new Error(`/metrics answers ${reply.status}`);
    return reply.text();
  };
  return {
    port,
    get process() {
      return child;
    },
    fetch: body,
    scrape: async (format) => parseExposition(await body(format)),
    restart: async () => {
      await child.stop();
      child = start();
      await healthy();
    },
    stop: async () => {
      await child.stop();
    },
  };
}
