// Composition root: a Config becomes a running exporter.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { CATALOGUE } from './scrape/collectors.ts';
import type { Config } from './config/parse.ts';
import { listen } from './http/connections/listen.ts';
import type { LandingFacts } from './http/landing.ts';
import type { Pages } from './http/pages.ts';
import { createServer } from './http/server.ts';
import type { WebConfigFile } from './http/web-config/read.ts';
import { createLiveWebConfig } from './http/web-config/reload.ts';
import type { OwnProcess, View } from './metrics/metric.ts';
import { families, FORMATS, render } from './metrics/exposition.ts';
import { COLLECTOR_NAMES, type CollectorName, type Outcome, type ScrapeReport } from './scrape/outcome.ts';
import { createScraper, type Scraper, type Snapshot } from './scrape/scraper.ts';

/** What the exporter needs of the world around it. */
export interface Surroundings {
  readonly version: string;
  readonly log: FastifyBaseLogger;
  readonly own: () => OwnProcess;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

export interface Exporter {
  /** the ports in use, one for each address that is listened at */
  readonly ports: readonly number[];
  /** Answers what is being asked, then stops listening; connections that are still open after the timeout are cut. */
  readonly stop: () => Promise<void>;
  /** Reads the web configuration file again and logs the outcome. For SIGHUP. */
  readonly reload: () => void;
}

/**
 * Starts to serve, whether ElectrumX is there or not, over TLS and to users only if `web` says so. Rejects if an address cannot be
 * listened at; nothing listens then.
 */
export async function startExporter(config: Config, around: Surroundings, web?: WebConfigFile): Promise<Exporter> {
  const { log } = around;
  const live = web && createLiveWebConfig(web, log);
  const reload = live?.reload ?? (() => log.info('nothing to reload: --web.config.file is not set'));
  const scraper = createScraper(scrapeOptions(config), around.now, (report) => logReport(log, report));
  const pages = exporterPages(config, scraper, around);
  const servers: FastifyInstance[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    const ports: number[] = [];
    for (const place of config.listenAddresses) {
      const create = () => {
        const server = createServer(pages, log, live);
        servers.push(server);
        return server;
      };
      ports.push(...(await listen(place, create)));
    }
    return { ports, stop, reload };
  } catch (error) {
    await stop();
    throw error;
  }
}

function scrapeOptions(config: Config) {
  const perCollector = (name: CollectorName) => [name, config[name].minIntervalMs] as const;
  return {
    address: config.rpcAddress,
    maxResponseBytes: config.maxResponseBytes,
    maxPairs: config.maxPairs,
    names: COLLECTOR_NAMES.filter((name) => config[name].on),
    minIntervalMs: Object.fromEntries(COLLECTOR_NAMES.map(perCollector)) as Record<CollectorName, number>,
  };
}

function exporterPages(config: Config, scraper: Scraper, { own, version }: Surroundings): Pages {
  const { host, port } = config.rpcAddress;
  return {
    telemetryPath: config.telemetryPath,
    timeoutMs: config.timeoutMs,
    metrics: async (format, timeoutMs) => {
      const view = { ...viewOf(await scraper.scrape(timeoutMs), config), own: own(), version };
      return { contentType: FORMATS[format], body: await render(families(CATALOGUE, view), format) };
    },
    landing: () => ({
      version,
      telemetryPath: config.telemetryPath,
      target: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
      ...factsOf(scraper.lastReport()),
    }),
  };
}

function factsOf(report: ScrapeReport | undefined): Partial<LandingFacts> {
  if (report === undefined) return {};
  const collectors = [...report.outcomes].map(([name, outcome]) => ({
    name,
    state: outcome.state,
    seconds: outcome.durationSeconds,
    reason: inWords(outcome),
  }));
  return { up: report.up, collectors, downReason: collectors.find(({ name }) => name === 'getinfo')?.reason };
}

function inWords(outcome: Outcome): string | undefined {
  if (outcome.state === 'failed') return `(${outcome.kind}): ${outcome.reason}`;
  return outcome.state === 'skipped' ? 'too many sessions in one group' : undefined;
}

function viewOf({ models, memory, report }: Snapshot, config: Config): Omit<View, 'own' | 'version'> {
  const { getinfo, groups, sessions, peers } = models;
  return {
    getinfo,
    groups,
    sessions,
    peers,
    memory,
    scrape: report,
    told: { ...config, reportedHosts: config.reportedHosts ?? [] },
  };
}

/** One line for a scrape that failed, in part or in whole; nothing at info for a good one. */
function logReport(log: FastifyBaseLogger, { up, durationSeconds, outcomes }: ScrapeReport): void {
  const failed = [...outcomes].flatMap(([name, outcome]) =>
    outcome.state === 'failed' ? [[name, `${outcome.kind}: ${outcome.reason}`] as const] : [],
  );
  const seconds = Number(durationSeconds.toFixed(3));
  if (failed.length > 0) log.warn({ up, seconds, failed: Object.fromEntries(failed) }, 'scrape failed');
  else log.debug({ up, seconds }, 'scrape done');
}
