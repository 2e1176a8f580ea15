// An exporter in this process, on a port of its own, and what it serves.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { startExporter } from '../../src/exporter.ts';
import type { WebConfigFile } from '../../src/http/web-config/read.ts';
import type { ExporterProcess } from '../../src/metrics/metric.ts';
import { parseExposition, type Exposition } from './exposition.ts';

/** 2023-11-14T22:13:20Z, the time of tests unless they set another. */
export const TEST_TIME_MS = 1_700_000_000_000;

/** A process of which every number is known. */
export const EXPORTER_PROCESS: ExporterProcess = {
  nodeVersion: 'v20.0.0',
  startTime: TEST_TIME_MS / 1000 - 60,
  cpuSeconds: { user: 0.2, system: 0.1 },
  residentMemoryBytes: 5e7,
  heapUsedBytes: 1e7,
  heapTotalBytes: 2e7,
  openFds: 20,
};

export interface TestExporter {
  readonly url: string;
  /** the lines it has logged, as objects */
  readonly logged: readonly Record<string, unknown>[];
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly scrape: (headers?: Record<string, string>) => Promise<Exposition>;
  /** requests that have reached it so far, answered or not */
  readonly received: () => number;
  /** requests whose answers are out of Node's hands */
  readonly answered: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts an exporter for the ElectrumX at `rpcPort` of `rpcHost`; it stops when the test does. */
export async function exporterFor(
  rpcPort: number,
  {
    flags = [],
    env = {},
    now = () => TEST_TIME_MS,
    web,
    rpcHost = '127.0.0.1',
  }: {
    flags?: string[];
    env?: Record<string, string>;
    now?: () => number;
    web?: WebConfigFile;
    rpcHost?: string;
  } = {},
): Promise<TestExporter> {
  const target = [`--electrumx.rpc-address=${rpcHost}:${rpcPort}`, '--web.listen-address=127.0.0.1:0'];
  const parsed = parseConfig([...target, ...flags], env);
  if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
  const logged: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'debug', base: null },
    { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const exporter = await startExporter(
    parsed.config,
    { version: '1.2.3', log, readProcess: () => EXPORTER_PROCESS, now },
    web,
  );
  const port = exporter.ports[0] ?? 0;
  const url = `${web?.web.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  onTestFinished(() => exporter.stop());
  const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });
  return {
    url,
    logged,
    get,
    received: countMessages('http.server.request.start', port),
    answered: countMessages('http.server.response.finish', port),
    scrape: async (headers) => parseExposition(await (await get(parsed.config.telemetryPath, headers)).text()),
    stop: exporter.stop,
  };
}

/** Counts what happens at the port as Node itself sees it, so that a test can wait for it. */
function countMessages(channel: string, port: number): () => number {
  let count = 0;
  const note = (message: unknown) => {
    if ((message as { request: IncomingMessage }).request.socket.localPort === port) count += 1;
  };
  subscribe(channel, note);
  onTestFinished(() => void unsubscribe(channel, note));
  return () => count;
}
