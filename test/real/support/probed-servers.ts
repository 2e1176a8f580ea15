// Real servers of some releases on one bitcoind, each with an exporter that probes its client ports: the scene of a fault.
import { startBitcoindProcess, type BitcoindProcess } from './bitcoind-process.ts';
import {
  exporterFlags,
  PORTS_OF_A_SERVER,
  startClientPorts,
  type ClientPorts,
  type ClientPortsOptions,
} from './client-ports.ts';
import type { Closers } from './closers.ts';
import { startExporter, type Exporter } from './exporter.ts';
import { freePorts } from './process.ts';
import type { Release } from './tools.ts';

/** Dozens of servers that poll bitcoind four times a second would need most of a core. */
const SELDOM = { DAEMON_POLL_INTERVAL_BLOCKS: '1000', DAEMON_POLL_INTERVAL_MEMPOOL: '1000' };

export interface ProbedServer {
  readonly ports: ClientPorts;
  /** What the exporter probes, such as `ssl://127.0.0.1:50002`. */
  readonly services: readonly string[];
  readonly exporter: Exporter;
}

export interface Scene {
  readonly bitcoind: BitcoindProcess;
  readonly servers: readonly ProbedServer[];
  readonly closers: Closers;
}

/** How a scene differs from one of healthy servers. */
export interface Setup {
  readonly server?: ClientPortsOptions;
  /** Where the probe connects instead of the server's client ports. */
  readonly services?: (ports: ClientPorts, closers: Closers) => readonly string[] | Promise<readonly string[]>;
  /** More flags of the exporter. */
  readonly flags?: readonly string[];
}

export interface SceneOptions {
  readonly releases: readonly Release[];
  /** Of each probe, as the exporter's flag has it. */
  readonly timeout: string;
}

/** Starts it. `closers` closes it, also if it starts only in part. */
export async function startScene(setup: Setup, { releases, timeout }: SceneOptions, closers: Closers): Promise<Scene> {
  const bitcoind = closers.add(await startBitcoindProcess(110), (it) => it.close());
  const free = await freePorts(releases.length * PORTS_OF_A_SERVER);
  const startServer = async (release: Release) => {
    const env = { ...SELDOM, ...setup.server?.env };
    const options = { ...setup.server, env, ports: free.splice(0, PORTS_OF_A_SERVER) };
    return closers.add(await startClientPorts(release, bitcoind, options), (it) => it.close());
  };
  const startProbe = async (ports: ClientPorts): Promise<ProbedServer> => {
    const services = (await setup.services?.(ports, closers)) ?? [...ports.services.values()];
    const flags = [...exporterFlags(ports, services), `--collector.probe.timeout=${timeout}`, ...(setup.flags ?? [])];
    const exporter = closers.add(await startExporter(ports.electrumx.rpcPort, flags), (it) => it.stop());
    return { ports, services, exporter };
  };
  // The exporters find free ports when all servers have theirs.
  const servers = await allOf(releases.map(startServer));
  return { bitcoind, servers: await allOf(servers.map(startProbe)), closers };
}

/** Like Promise.all, but rejects only after the others have settled, so that nothing starts after the closers have run. */
async function allOf<T>(starts: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(starts);
  return Promise.all(starts);
}
