#!/usr/bin/env node
// The exporter's process: arguments, environment, signals and exit codes.
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { describe, helpText } from './config/help.ts';
import { parseConfig, type Config } from './config/parse.ts';
import { startDemo } from './demo.ts';
import { startExporter, type Surroundings } from './exporter.ts';
import { isHealthy } from './http/healthcheck.ts';
import { readWebConfig, type WebConfigFile } from './http/web-config-file.ts';
import { createLog } from './log.ts';
import type { OwnProcess } from './metrics/metric.ts';
import { simulateCommand } from './simulator/simulate.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// A scrape makes garbage and keeps next to nothing: V8 had better look for it often than let some tens of megabytes of it lie.
for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=30']) setFlagsFromString(flag);

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === 'simulate') return simulate(rest);
  if (command === 'demo') return demo(rest);
  const parsed = parseConfig(argv, process.env);
  if (parsed.actions.has('help')) return say(helpText());
  if (parsed.actions.has('version')) return say(`electrumx-exporter ${version}\n`);
  if (!parsed.ok) return complain(parsed.mistakes);
  if (parsed.actions.has('healthcheck')) return healthcheck(parsed.config);
  const { webConfigFile } = parsed.config;
  const web = webConfigFile === undefined ? undefined : readWebConfig(webConfigFile);
  if (web?.ok === false) return web.unreadable ? fail(web.mistakes.join('; ')) : complain(web.mistakes);
  const { config, warnings } = parsed;
  if (parsed.actions.has('config.check')) {
    const also = warnings.map((text) => `Warning: ${text}.\n`).join('');
    return say(`The configuration is valid:\n${describe(config)}\n${also}`);
  }
  return serve(config, web, warnings);
}

async function healthcheck({ listenAddresses }: Config): Promise<number> {
  const [first] = listenAddresses;
  return first && (await isHealthy(first)) ? EXIT.ok : EXIT.failed;
}

async function serve(config: Config, web: WebConfigFile | undefined, warnings: readonly string[]): Promise<number> {
  const around = surroundings(config);
  for (const warning of warnings) around.log.warn(warning);
  const exporter = await startExporter(config, around, web);
  around.log.info({ version, path: config.telemetryPath, electrumx: config.rpcAddress }, 'started');
  await stopSignal();
  await exporter.stop();
  // Not by itself: passwords that nobody waits for any more may still be compared, and a scrape may still be waiting.
  process.exit(EXIT.ok);
}

async function demo(argv: readonly string[]): Promise<number> {
  const parsed = parseConfig(
    [...unlessGiven(argv, '--web.listen-address=127.0.0.1:10061', '--log.level=warn'), ...argv],
    {},
  );
  if (parsed.actions.has('help')) return say(helpText());
  if (parsed.actions.has('version')) return say(`electrumx-exporter ${version}\n`);
  const misplaced = argv
    .filter((flag) => NOT_IN_DEMO.test(flag))
    .map((flag) => `${flag}: not in the demo, which sets it itself`);
  if (!parsed.ok || misplaced.length > 0) return complain([...misplaced, ...(parsed.ok ? [] : parsed.mistakes)]);
  const running = await startDemo(parsed.config, surroundings(parsed.config), (text) => void say(text));
  await stopSignal();
  await running.stop();
  return EXIT.ok;
}

/** The demo asks its own simulator, tells its limits, and serves anyone on this machine. */
const NOT_IN_DEMO =
  /^--(electrumx\.(rpc-address|max-sessions|cost-|daemon-url|report-services)|web\.config\.file|config\.check|healthcheck)/;

function unlessGiven(argv: readonly string[], ...defaults: readonly string[]): string[] {
  return defaults.filter((flag) => !argv.some((given) => given.split('=', 1)[0] === flag.split('=', 1)[0]));
}

function simulate(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  const lines = createInterface({ input: process.stdin });
  // it serves its port, and goes on when those who read what it says have gone away
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return simulateCommand(argv, {
    write: (text) => void say(text),
    writeError: (text) => void process.stderr.write(text),
    lines,
    signal: stop.signal,
  });
}

function surroundings(config: Config): Surroundings {
  return { version, log: createLog(config.logLevel, config.logFormat), own: readOwnProcess, now: Date.now };
}

// Once: a clock that is set while the process runs must not move it.
const STARTED = Math.round(Date.now() / 1000 - process.uptime());

function readOwnProcess(): OwnProcess {
  const { user, system } = process.cpuUsage();
  const memory = readable(() => process.memoryUsage());
  const withReader = process.platform === 'linux' ? readable(() => readdirSync('/proc/self/fd').length) : undefined;
  return {
    nodeVersion: process.version,
    startTime: STARTED,
    cpuSeconds: { user: user / 1e6, system: system / 1e6 },
    residentMemoryBytes: memory?.rss,
    heapUsedBytes: memory?.heapUsed,
    heapTotalBytes: memory?.heapTotal,
    openFds: withReader === undefined ? undefined : withReader - 1,
  };
}

/** A number that cannot be read, for want of descriptors or of /proc, costs its metric and not the scrape. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(EXIT.failed);
      asked = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}

function say(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

function complain(mistakes: readonly string[]): number {
  const count = mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`;
  process.stderr.write(
    `electrumx-exporter: ${count} in the configuration:\n${mistakes.map((text) => `  ${text}\n`).join('')}`,
  );
  return EXIT.usage;
}

function fail(reason: string): number {
  process.stderr.write(`electrumx-exporter: ${reason}\n`);
  return EXIT.failed;
}

// A reader that goes away early, as `--help | head` does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error instanceof Error ? error.message : String(error));
}
