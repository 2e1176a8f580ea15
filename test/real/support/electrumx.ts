// Starts a real ElectrumX on loopback, waits until it serves, and stops it; its log is in the error when it does not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectClient } from './electrum-client.ts';
import { openLine } from './json-lines.ts';
import { freePort, run, type Running } from './process.ts';
import type { Release } from './tools.ts';
import { Hopeless, waitFor } from './wait.ts';

export interface ElectrumX {
  readonly release: Release;
  readonly tcpPort: number;
  readonly rpcPort: number;
  readonly process: Running;
  /** Sends a request to LocalRPC on a connection of its own, which is closed again. */
  ask(method: string, params?: readonly unknown[] | Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Stops it by SIGTERM. The database stays, so that `startElectrumX` can use it again. */
  stop(): Promise<void>;
  readonly database: string;
}

/** What a server needs to know of its bitcoind. */
export interface Daemon {
  readonly url: string;
  readonly chain: { height(): number };
}

export interface StartOptions {
  /** More environment variables, which win over the standard ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** The command that runs the server, such as `prlimit --nofile=400`, and gives it its own pid. */
  readonly launcher?: readonly string[];
  /** A stopped server of the same release, whose ports and database are used again. */
  readonly again?: ElectrumX;
  /** Used instead of free ones. */
  readonly ports?: { readonly tcpPort: number; readonly rpcPort: number };
}

/** Starts `release` with `bitcoind` and waits until it has its height and accepts clients. */
export async function startElectrumX(
  release: Release,
  bitcoind: Daemon,
  options: StartOptions = {},
): Promise<ElectrumX> {
  const tcpPort = (options.ports ?? options.again)?.tcpPort ?? (await freePort());
  const rpcPort = (options.ports ?? options.again)?.rpcPort ?? (await freePort());
  const database = options.again?.database ?? mkdtempSync(join(tmpdir(), `${release.name}-`));
  const [command, ...args] = [...(options.launcher ?? []), release.python, release.server];
  const child = run(command, args, {
    ...environment(release, bitcoind, database, { tcpPort, rpcPort }),
    ...options.env,
  });
  const electrumx: ElectrumX = {
    release,
    tcpPort,
    rpcPort,
    process: child,
    database,
    ask: (method, params) => askLocalRpc(rpcPort, method, params),
    stop: async () => {
      await child.stop();
    },
  };
  await serving(electrumx, bitcoind).catch(async (error: unknown) => {
    await child.stop('SIGKILL');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${release.name} does not serve: ${reason}\n${child.output().slice(-4000)}`);
  });
  return electrumx;
}

/** Stops the server and removes its database. */
export async function dispose(electrumx: ElectrumX | undefined): Promise<void> {
  if (electrumx === undefined) return;
  await electrumx.stop();
  rmSync(electrumx.database, { recursive: true, force: true });
}

/** One request to LocalRPC on a connection of its own. */
export async function askLocalRpc(
  port: number,
  method: string,
  params: readonly unknown[] | Readonly<Record<string, unknown>> = [],
): Promise<unknown> {
  const line = await openLine(port);
  try {
    return await line.call(method, params);
  } finally {
    line.close();
    await line.closed;
  }
}

/** `daemon height` and `db height` of a nested getinfo: every release of the table is of that kind. */
export function heights(getinfo: unknown): { daemon: number; db: number } {
  const fields = getinfo as Record<string, number>;
  return { daemon: fields['daemon height'] ?? Number.NaN, db: fields['db height'] ?? Number.NaN };
}

async function serving(electrumx: ElectrumX, bitcoind: Daemon): Promise<void> {
  await waitFor('ElectrumX to serve at the height of its daemon', async () => {
    if (electrumx.process.exited) throw new Hopeless('it has ended');
    const { db } = heights(await electrumx.ask('getinfo'));
    if (db !== bitcoind.chain.height()) throw new Error(`it is at height ${db}`);
    const client = await connectClient(electrumx.tcpPort, { name: 'harness' });
    client.close();
    return true;
  });
  // The client above was a session; tests that count sessions need it gone.
  await waitFor('the session of the harness to end', async () => {
    const rows = (await electrumx.ask('sessions')) as unknown[];
    return rows.length === 1 ? true : undefined;
  });
}

function environment(
  release: Release,
  bitcoind: Daemon,
  database: string,
  ports: { tcpPort: number; rpcPort: number },
): Record<string, string> {
  return {
    ALLOW_ROOT: '1',
    COIN: release.coin,
    NET: 'regtest',
    DAEMON_URL: bitcoind.url,
    DB_DIRECTORY: database,
    DB_ENGINE: 'leveldb',
    CACHE_MB: '50',
    SERVICES: `tcp://127.0.0.1:${ports.tcpPort},rpc://127.0.0.1:${ports.rpcPort}`,
    DAEMON_POLL_INTERVAL_BLOCKS: '250',
    DAEMON_POLL_INTERVAL_MEMPOOL: '250',
    // Peers are looked after, but none can be found: nothing is announced, no list is fetched, no proxy is tried.
    PEER_DISCOVERY: 'on',
    PEER_ANNOUNCE: '',
    BLACKLIST_URL: '',
    TOR_PROXY_HOST: '127.0.0.1',
    TOR_PROXY_PORT: '1',
    PYTHONUNBUFFERED: '1',
  };
}
