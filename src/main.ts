#!/usr/bin/env node
// The process: arguments, environment, signals and exit codes. The only file that says `process`.
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describe, helpText } from './config/help.ts';
import { parseConfig, type Config } from './config/parse.ts';
import { startDemo } from './demo.ts';
import { startExporter, type Surroundings } from './exporter.ts';
import type { WebConfig } from './http/web-config.ts';
import { readWebConfig } from './http/web-config-file.ts';
import { createLog } from './log.ts';
import type { OwnProcess } from './metrics/define.ts';
import { simulateCommand } from './simulator/command.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === 'simulate') return simulate(rest);
  if (command === 'demo') return demo(rest);
  const parsed = parseConfig(argv, process.env);
  if (parsed.actions.has('help')) return say(helpText());
  if (parsed.actions.has('version')) return say(`electrumx-exporter ${version}\n`);
  if (!parsed.ok) return complain(parsed.mistakes);
  const { webConfigFile } = parsed.config;
  const read = webConfigFile === undefined ? undefined : readWebConfig(webConfigFile);
  if (read?.ok === false) return complain(read.mistakes);
  if (parsed.actions.has('config.check')) return say(`The configuration is valid:\n${describe(parsed.config)}\n`);
  return serve(parsed.config, read?.web);
}

async function serve(config: Config, web: WebConfig | undefined): Promise<number> {
  const around = surroundings(config);
  const exporter = await startExporter(config, around, web);
  around.log.info({ version, path: config.telemetryPath, electrumx: config.rpcAddress }, 'started');
  await stopSignal();
  await exporter.stop();
  return EXIT.ok;
}

async function demo(argv: readonly string[]): Promise<number> {
  const parsed = parseConfig(
    [...unlessGiven(argv, '--web.listen-address=127.0.0.1:10061', '--log.level=warn'), ...argv],
    {},
  );
  if (!parsed.ok) return complain(parsed.mistakes);
  if (parsed.config.webConfigFile !== undefined)
    return complain(['--web.config.file: not in the demo, which anyone on this machine may read']);
  const running = await startDemo(parsed.config, surroundings(parsed.config), (text) => void say(text));
  await stopSignal();
  await running.stop();
  return EXIT.ok;
}

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
    complain: (text) => void process.stderr.write(text),
    lines,
    signal: stop.signal,
  });
}

function surroundings(config: Config): Surroundings {
  return { log: createLog(config.logLevel, config.logFormat), own: readOwnProcess, now: Date.now };
}

function readOwnProcess(): OwnProcess {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage();
  return {
    version,
    nodeVersion: process.version,
    startTime: Math.round(Date.now() / 1000 - process.uptime()),
    cpuSeconds: { user: user / 1e6, system: system / 1e6 },
    residentMemoryBytes: memory.rss,
    heapUsedBytes: memory.heapUsed,
    heapTotalBytes: memory.heapTotal,
    openFds: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : undefined,
  };
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`electrumx-exporter: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = EXIT.failed;
}
