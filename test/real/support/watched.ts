// A simulated server with an exporter in front of it, both in this process: either can go and come back where it was.
import { readdirSync } from 'node:fs';
import { pino } from 'pino';
import { parseConfig } from '../../../src/config/parse.ts';
import { startExporter, type Runtime } from '../../../src/exporter.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/server.ts';

export interface WatchedOptions extends SimulatorOptions {
  /** of the exporter, after those that tell it the limits of the server */
  readonly flags?: readonly string[];
}

export interface Watched {
  /** as Prometheus calls it */
  readonly instance: string;
  readonly port: number;
  /** The server that runs, or that ran last. */
  readonly simulator: Simulator;
  readonly server: {
    /** as another process, which may be of another release */
    start(changes?: Partial<SimulatorOptions>): Promise<void>;
    stop(): Promise<void>;
  };
  readonly exporter: { start(): Promise<void>; stop(): Promise<void> };
  stop(): Promise<void>;
}

/** What an operator would tell the exporter of the server that the simulator plays. */
export const TOLD = [
  '--electrumx.max-sessions=1000',
  '--electrumx.cost-soft-limit=1000',
  '--electrumx.cost-hard-limit=10000',
  '--electrumx.daemon-url=http://127.0.0.1:8332/',
  '--electrumx.report-services=ssl://electrum0.example.org:50002',
];

const runtime = (now: () => number): Runtime => ({
  version: '0',
  log: pino({ enabled: false }),
  now,
  readProcess: () => {
    const [cpu, memory] = [process.cpuUsage(), process.memoryUsage()];
    return {
      nodeVersion: process.version,
      startTime: Math.round(now() / 1000 - process.uptime()),
      cpuSeconds: { user: cpu.user / 1e6, system: cpu.system / 1e6 },
      residentMemoryBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      heapTotalBytes: memory.heapTotal,
      openFds: readdirSync('/proc/self/fd').length,
    };
  },
});

export async function startWatched({ flags = [], ...options }: WatchedOptions): Promise<Watched> {
  let simulator = await startSimulator(options);
  const rpcPort = simulator.port;
  const startWeb = async (port: number) => {
    const places = [`--electrumx.rpc-address=127.0.0.1:${rpcPort}`, `--web.listen-address=127.0.0.1:${port}`];
    const parsed = parseConfig([...places, ...TOLD, ...flags], {});
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
    return startExporter(parsed.config, runtime(options.now ?? Date.now));
  };
  let exporter = await startWeb(0);
  const port = exporter.ports[0] ?? 0;
  return {
    instance: `127.0.0.1:${port}`,
    port,
    get simulator() {
      return simulator;
    },
    server: {
      start: async (changes) => void (simulator = await startSimulator({ ...options, ...changes, port: rpcPort })),
      stop: () => simulator.stop(),
    },
    exporter: {
      start: async () => void (exporter = await startWeb(port)),
      stop: () => exporter.stop(),
    },
    stop: async () => {
      await exporter.stop();
      await simulator.stop();
    },
  };
}
