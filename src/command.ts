// The exporter's process: arguments, environment, signals and exit codes. What a command does not use is not loaded.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Config } from './config/parse.ts';
import type { Runtime } from './exporter.ts';
import { keepHeapSmall } from './heap.ts';
import type { WebConfigFile } from './http/web-config/read.ts';
import type { ExporterProcess } from './metrics/metric.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const adaptHeap = keepHeapSmall(process.version);

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

async function main(argv: readonly string[]): Promise<number> {
  process.on('SIGHUP', () => undefined); // SIGHUP does not end it: not while it starts, and not when its terminal is closed
  const [command, ...rest] = argv;
  if (command === 'simulate') return simulate(rest);
  if (command === 'demo') return demo(rest);
  const { parseConfig } = await import('./config/parse.ts');
  const parsed = parseConfig(argv, process.env);
  const answer = await answerAction(parsed.actions);
  if (answer !== undefined) return print(answer);
  if (!parsed.ok) return reportErrors(parsed.errors);
  if (parsed.actions.has('healthcheck')) return healthcheck(parsed.config);
  const web = await readWebConfigFile(parsed.config);
  if (web?.ok === false) return web.unreadable ? fail(web.errors.join('; ')) : reportErrors(web.errors);
  const { config, warnings } = parsed;
  if (parsed.actions.has('config.check')) {
    const { describe } = await import('./config/help.ts');
    const lines = warnings.map((text) => `Warning: ${text}.\n`).join('');
    return print(`The configuration is valid:\n${describe(config)}\n${lines}`);
  }
  return serve(config, web, warnings);
}

/** The output of --help or --version. */
async function answerAction(actions: ReadonlySet<string>): Promise<string | undefined> {
  if (actions.has('help')) return (await import('./config/help.ts')).helpText();
  return actions.has('version') ? `electrumx-exporter ${version}\n` : undefined;
}

async function readWebConfigFile({ webConfigFile }: Config) {
  if (webConfigFile === undefined) return undefined;
  const { readWebConfig } = await import('./http/web-config/read.ts');
  return readWebConfig(webConfigFile);
}

async function healthcheck({ listenAddresses }: Config): Promise<number> {
  const { isHealthy } = await import('./http/healthcheck.ts');
  const [first] = listenAddresses;
  return first && (await isHealthy(first)) ? EXIT.ok : EXIT.failed;
}

async function serve(config: Config, web: WebConfigFile | undefined, warnings: readonly string[]): Promise<number> {
  const { startExporter } = await import('./exporter.ts');
  const runtime = await runtimeFor(config);
  for (const warning of warnings) runtime.log.warn(warning);
  const exporter = await startExporter(config, runtime, web);
  process.on('SIGHUP', exporter.reload);
  runtime.log.info({ version, path: config.telemetryPath, electrumx: config.rpcAddress }, 'started');
  await stopSignal();
  await exporter.stop();
  // Exits explicitly: comparisons of passwords and a scrape can still be in progress.
  process.exit(EXIT.ok);
}

async function demo(argv: readonly string[]): Promise<number> {
  const { demoConfig, startDemo } = await import('./demo.ts');
  const parsed = demoConfig(argv);
  const answer = await answerAction(parsed.actions);
  if (answer !== undefined) return print(answer);
  if (!parsed.ok) return reportErrors(parsed.errors);
  const running = await startDemo(parsed.config, await runtimeFor(parsed.config), (text) => void print(text));
  await stopSignal();
  await running.stop();
  return EXIT.ok;
}

async function simulate(argv: readonly string[]): Promise<number> {
  const [{ createInterface }, { simulateCommand }] = await Promise.all([
    import('node:readline'),
    import('./simulator/simulate.ts'),
  ]);
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  const lines = createInterface({ input: process.stdin });
  // It serves its port, and continues when the readers of its output have gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return simulateCommand(argv, {
    write: (text) => void print(text),
    writeError: (text) => void process.stderr.write(text),
    lines,
    signal: stop.signal,
  });
}

async function runtimeFor({ logLevel, logFormat }: Config): Promise<Runtime> {
  const { createLog } = await import('./log.ts');
  const log = await createLog(logLevel, logFormat);
  return { version, log, readProcess, onScrape: adaptHeap, readRunbook: runbook(), now: Date.now };
}

/** Reads the runbook at its first use. Undefined where there is none: a run from the sources has no built files. */
function runbook(): (() => string) | undefined {
  const file = new URL('./runbook.html', import.meta.url);
  if (!existsSync(file)) return undefined;
  let html: string | undefined;
  return () => (html ??= readFileSync(file, 'utf8'));
}

// Once: setting the clock while the process runs must not move it.
const STARTED = Math.round(Date.now() / 1000 - process.uptime());

function readProcess(): ExporterProcess {
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

/** Resolves at the first SIGINT or SIGTERM. A second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = () => {
      if (stopping) process.exit(EXIT.failed);
      stopping = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  });
}

function print(text: string): number {
  process.stdout.write(text);
  return EXIT.ok;
}

function reportErrors(errors: readonly string[]): number {
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  process.stderr.write(
    `electrumx-exporter: ${count} in the configuration:\n${errors.map((text) => `  ${text}\n`).join('')}`,
  );
  return EXIT.usage;
}

function fail(reason: string): number {
  process.stderr.write(`electrumx-exporter: ${reason}\n`);
  return EXIT.failed;
}

// A reader that stops early, as in `--help | head`, is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = fail(error instanceof Error ? error.message : String(error));
}
