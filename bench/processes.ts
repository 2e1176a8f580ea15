// The processes of a benchmark: an upstream, and the three that are measured, each alone in a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import type { FloorRun } from './floor.ts';
import type { Usage } from './usage.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const EXPORTER = file('../../../dist/main.js');
const USAGE = new URL('usage.js', import.meta.url).href;

export interface Upstream {
  readonly port: number;
  /** of the four replies together */
  readonly bytes: number;
  /** how many requests it has answered so far */
  readonly requests: () => Promise<number>;
  readonly stop: () => void;
}

/** One go: in milliseconds, and in bytes of what came out. */
export interface Run {
  readonly wallMs: number;
  readonly bytesOut: number;
  /** the floor only: the longest JSON.parse */
  readonly parseMs?: number;
}

export interface Measured {
  readonly run: () => Promise<Run>;
  /** what the process has used since it was last asked */
  readonly usage: () => Promise<Usage>;
  readonly stop: () => void;
}

/** How clients call themselves: as wallets do, or each with a quote and a non-ASCII letter in its name. */
export type Names = 'plain' | 'awkward';

export async function startUpstream(sessions: number, names: Names = 'plain'): Promise<Upstream> {
  const child = fork(file('upstream.js'), [String(sessions), names]);
  const { port, bytes } = await reply<{ port: number; bytes: number }>(child);
  const requests = async () => (await query<{ requests: number }>(child, 'requests')).requests;
  return { port, bytes, requests, stop: () => void child.kill() };
}

export async function startFloor(upstream: Upstream): Promise<Measured> {
  const child = fork(file('floor.js'), [String(upstream.port)], { execArgv: ['--import', USAGE] });
  await reply(child);
  return measured(child, async () => ({ ...(await query<FloorRun>(child, 'run')), bytesOut: 0 }));
}

export async function startNaive(upstream: Upstream): Promise<Measured> {
  const child = fork(file('naive.js'), [String(upstream.port)], { execArgv: ['--import', USAGE] });
  const { port } = await reply<{ port: number }>(child);
  return measured(child, () => get(port));
}

export interface ServerWithClientPorts {
  readonly port: number;
  /** as `--collector.probe.services` takes them */
  readonly services: string;
  readonly stop: () => void;
}

/** A simulated ElectrumX that opens a client port for each transport. */
export async function startServerWithClientPorts(): Promise<ServerWithClientPorts> {
  const child = fork(file('client-ports.js'));
  const server = await reply<{ port: number; services: string }>(child);
  return { ...server, stop: () => void child.kill() };
}

/** The built exporter as users run it, but for the guard, which would not query a real server with so many sessions. */
export async function startExporter(
  { port: rpcPort }: { port: number },
  flags: readonly string[] = [],
): Promise<Measured> {
  const child = forkExporter(rpcPort, ['--collector.sessions.max-pairs=1000000000000', ...flags], ['--import', USAGE]);
  const port = await listeningPort(child);
  return measured(child, () => get(port));
}

/** From the start of the process to the first scrape that is answered, in milliseconds. */
export async function timeToFirstScrape({ port: rpcPort }: { port: number }): Promise<number> {
  const started = performance.now();
  const child = forkExporter(rpcPort, [], []);
  await get(await listeningPort(child));
  const ms = performance.now() - started;
  child.kill();
  return ms;
}

function forkExporter(rpcPort: number, flags: readonly string[], execArgv: string[]): ChildProcess {
  const target = [`--electrumx.rpc-address=127.0.0.1:${rpcPort}`, '--web.listen-address=127.0.0.1:0'];
  return fork(EXPORTER, [...target, ...flags], { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

function measured(child: ChildProcess, run: Measured['run']): Measured {
  return { run, usage: () => query<Usage>(child, 'usage'), stop: () => void child.kill() };
}

async function listeningPort({ stderr }: ChildProcess): Promise<number> {
  let log = '';
  for await (const chunk of stderr ?? []) {
    log += String(chunk);
    const port = /listening at http:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error(`the exporter did not start: ${log}`);
}

/** One GET as Prometheus sends it, on a connection that is kept. */
function get(port: number): Promise<Run> {
  const started = performance.now();
  const headers = {
    accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
    'accept-encoding': 'gzip',
  };
  return new Promise((resolve, reject) => {
    const request = http.get({ host: '127.0.0.1', port, path: '/metrics', headers, agent: AGENT }, (response) => {
      let bytesOut = 0;
      response.on('data', (chunk: Buffer) => (bytesOut += chunk.length));
      response.on('end', () => resolve({ wallMs: performance.now() - started, bytesOut }));
    });
    request.on('error', reject);
  });
}

const AGENT = new http.Agent({ keepAlive: true });

function query<T>(child: ChildProcess, question: string): Promise<T> {
  const answer = reply<T>(child);
  child.send(question);
  return answer;
}

async function reply<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
