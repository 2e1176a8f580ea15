// A child process with its output kept, which ends with the test run whatever happens.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

export interface Running {
  readonly pid: number;
  /** Everything it has written so far, stdout and stderr mixed. */
  output(): string;
  readonly stdout: () => string;
  readonly exited: boolean;
  /** Resolves when it ends: its exit code, or the name of the signal that ended it. */
  readonly end: Promise<number | string>;
  /** Asks it to end, insists after `patienceMs`, and gives what it ended with. */
  stop(signal?: NodeJS.Signals, patienceMs?: number): Promise<number | string>;
}

/** Starts `command` without a shell. `env` is the whole environment but for PATH and HOME. */
export function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const last = (): void => void child.kill('SIGKILL');
  process.once('exit', last);
  const texts = { all: '', out: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.all += text;
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.all += text;
  });
  const end = ending(child);
  void end.then(() => process.removeListener('exit', last));
  return {
    pid: child.pid ?? -1,
    output: () => texts.all,
    stdout: () => texts.out,
    get exited() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    end,
    stop: async (signal = 'SIGTERM', patienceMs = 15_000) => {
      child.kill(signal);
      const insist = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      const how = await end;
      clearTimeout(insist);
      return how;
    },
  };
}

function ending(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'ended'));
  });
}

/** What a command that ends by itself printed, and how it ended. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  { env = {}, timeoutMs = 60_000 }: { env?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<{ code: number | string; stdout: string; output: string }> {
  const child = run(command, args, env);
  const timer = setTimeout(() => void child.stop('SIGKILL'), timeoutMs);
  const code = await child.end;
  clearTimeout(timer);
  return { code, stdout: child.stdout(), output: child.output() };
}

/** Below the range of ports that Linux gives to outgoing connections: none of those can take a free port before it is used. */
const FIRST_PORT = 15_000;
const LAST_PORT = 32_000;

/** Loopback TCP ports that were free a moment ago, all different, for programs that cannot announce a port they were given by the system. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenOnAFreePort));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listenOnAFreePort(): Promise<net.Server> {
  const server = net.createServer().listen(randomInt(FIRST_PORT, LAST_PORT), '127.0.0.1');
  return once(server, 'listening').then(() => server, listenOnAFreePort);
}

/** One such port. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}
