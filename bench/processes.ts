// The processes of a benchmark: an upstream, and the three that are measured, each alone in a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import type { FloorRun } from './floor.ts';
import type { Usage } from './probe.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const EXPORTER = file('../../../dist/main.js');
const PROBE = new URL('probe.js', import.meta.url).href;

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

export async function startUpstream(sessions: number): Promise<Upstream> {
  const child = fork(file('upstream.js'), [String(sessions)]);
  const { port, bytes } = await told<{ port: number; bytes: number }>(child);
  const requests = async () => (await asked<{ requests: number }>(child, 'requests')).requests;
  return { port, bytes, requests, stop: () => void child.kill() };
}

export async function startFloor(upstream: Upstream): Promise<Measured> {
  const child = fork(file('floor.js'), [String(upstream.port)], { execArgv: ['--import', PROBE] });
  await told(child);
  return measured(child, async () => ({ ...(await asked<FloorRun>(child, 'run')), bytesOut: 0 }));
}

export async function startNaive(upstream: Upstream): Promise<Measured> {
  const child = fork(file('naive.js'), [String(upstream.port)], { execArgv: ['--import', PROBE] });
  const { port } = await told<{ port: number }>(child);
  return measured(child, () => get(port));
}

/** The built exporter as its users run it, but for the guard, which would not ask a real server about so many sessions. */
export async function startExporter(upstream: Upstream): Promise<Measured> {
  const flags = [`--electrumx.rpc-address=127.0.0.1:${upstream.port}`, '--web.listen-address=127.0.0.1:0'];
  const child = fork(EXPORTER, [...flags, '--collector.sessions.max-pairs=1000000000000'], {
    execArgv: ['--import', PROBE],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const port = await listeningPort(child);
  return measured(child, () => get(port));
}

function measured(child: ChildProcess, run: Measured['run']): Measured {
  return { run, usage: () => asked<Usage>(child, 'usage'), stop: () => void child.kill() };
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

function asked<T>(child: ChildProcess, question: string): Promise<T> {
  const answer = told<T>(child);
  child.send(question);
  return answer;
}

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
