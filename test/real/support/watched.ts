// A simulated server with an exporter in front of it, both in this process: either can go and come back where it was.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { parseConfig } from '../../../src/config/parse.ts';
import { startExporter, type Runtime } from '../../../src/exporter.ts';

import { startSimulator, type Simulator, type SimulatorOptions } from '../../../src/simulator/server.ts';
import { startMetricsRelay, type MetricsRelay } from './metrics-relay.ts';
import { waitFor } from './wait.ts';

export interface WatchedOptions extends SimulatorOptions {
  /** of the exporter, after SERVER_FLAGS */
  readonly flags?: readonly string[];
  /** of a probe, as the exporter's flag has it */
  readonly probeTimeout?: string;
  /** whether the exporter is given the file of the certificate that the server serves */
  readonly certificateFile?: true;
  /** whether Prometheus scrapes through a relay */
  readonly relay?: true;
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
  /** Sets the clock of the exporter's host wrong, or right with 0. */
  setClockOffset(milliseconds: number): void;
  readonly relay: MetricsRelay | undefined;
  /** With `certificateFile`: replaces it; with the served certificate if none is given. */
  writeCertificate(pem?: string): void;
  stop(): Promise<void>;
}

/** The configuration of the simulated server, as an operator gives it to the exporter. */
export const SERVER_FLAGS = [
  '--electrumx.max-sessions=1000',
  '--electrumx.cost-soft-limit=1000',
  '--electrumx.cost-hard-limit=10000',
  '--electrumx.daemon-url=http://127.0.0.1:8332/',
  '--electrumx.report-services=ssl://electrum0.example.org:50002',
  `--collector.disk.path=${import.meta.dirname}`,
];

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8')) as {
  version: string;
};

/** The exporter's process is this one, as old on the clock as it is. */
function runtime(now: () => number): Runtime {
  const startTime = Math.round(now() / 1000 - process.uptime());
  return {
    version,
    log: pino({ enabled: false }),
    now,
    readProcess: () => {
      const [cpu, memory] = [process.cpuUsage(), process.memoryUsage()];
      return {
        nodeVersion: process.version,
        startTime,
        cpuSeconds: { user: cpu.user / 1e6, system: cpu.system / 1e6 },
        residentMemoryBytes: memory.rss,
        heapUsedBytes: memory.heapUsed,
        heapTotalBytes: memory.heapTotal,
        openFds: readdirSync('/proc/self/fd').length,
      };
    },
  };
}

/** The client ports of the simulator, for the exporter to probe. */
export function probeFlags({ services }: Simulator, timeout?: string): string[] {
  const urls = services.map(({ transport, host, port }) => `${transport}://${host}:${port}`);
  if (urls.length === 0) return [];
  const limit = timeout === undefined ? [] : [`--collector.probe.timeout=${timeout}`];
  return [`--collector.probe.services=${urls.join(',')}`, ...limit];
}

/** A file with the certificate that a server serves, in a folder of its own. */
function certificateFile({ certificate: served = '' }: Simulator) {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const path = join(folder, 'server.pem');
  const write = (pem = served) => writeFileSync(path, pem);
  write();
  return { flags: [`--electrumx.ssl-certfile=${path}`], write, remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts both, and probes the client ports if the server has any. */
export async function startWatched({ flags = [], ...options }: WatchedOptions): Promise<Watched> {
  const clock = { offset: 0 };
  const io = runtime(() => (options.now ?? Date.now)() + clock.offset);
  let simulator = await startSimulator(options);
  const { port: rpcPort, services } = simulator;
  const certificate = options.certificateFile && certificateFile(simulator);
  const startWeb = async (port: number) => {
    const places = [`--electrumx.rpc-address=127.0.0.1:${rpcPort}`, `--web.listen-address=127.0.0.1:${port}`];
    const given = [...SERVER_FLAGS, ...probeFlags(simulator, options.probeTimeout), ...(certificate?.flags ?? [])];
    const parsed = parseConfig([...places, ...given, ...flags], {});
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'));
    return startExporter(parsed.config, io);
  };
  let exporter = await startWeb(0);
  const webPort = exporter.ports[0] ?? 0;
  const relay = options.relay && (await startMetricsRelay(webPort));
  const port = relay?.port ?? webPort;
  return {
    instance: `127.0.0.1:${port}`,
    port,
    get simulator() {
      return simulator;
    },
    server: {
      start: async (changes) => {
        // A connection of any process may have taken one of its ports for a moment.
        const start = () => startSimulator({ ...options, services, ...changes, port: rpcPort });
        simulator = await waitFor('the ports of the server', start);
      },
      stop: () => simulator.stop(),
    },
    exporter: {
      start: async () => void (exporter = await waitFor('the port of the exporter', () => startWeb(webPort))),
      stop: () => exporter.stop(),
    },
    setClockOffset: (milliseconds) => void (clock.offset = milliseconds),
    relay,
    writeCertificate: (pem) => certificate?.write(pem),
    stop: async () => {
      certificate?.remove();
      await relay?.close();
      await exporter.stop();
      await simulator.stop();
    },
  };
}
