// Composition root: a Config becomes a running exporter.
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Config } from './config/parse.ts';
import { listen } from './http/connections/listen.ts';
import type { Pages } from './http/pages.ts';
import { createServer } from './http/server.ts';
import type { WebConfigFile } from './http/web-config/read.ts';
import { landingFacts } from './landing-facts.ts';
import { CATALOGUE } from './metrics/catalogue.ts';
import { families, FORMATS, render } from './metrics/exposition.ts';
import type { ExporterProcess } from './metrics/metric.ts';
import type { Outcome, ScrapeReport } from './scrape/collector.ts';
import { createScraper, type Scraper } from './scrape/scraper.ts';

/** What the exporter takes from its process. */
export interface Runtime {
  readonly version: string;
  readonly log: FastifyBaseLogger;
  readonly readProcess: () => ExporterProcess;
  /** called at the end of each scrape, with the bytes of the replies that it has read */
  readonly onScrape?: (replyBytes: number) => void;
  /** the runbook as an HTML page; absent where it has not been built */
  readonly readRunbook?: (() => string) | undefined;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

export interface Exporter {
  /** the ports in use, one for each address */
  readonly ports: readonly number[];
  /** Reads the web configuration file again and logs the outcome. For SIGHUP. */
  readonly reload: () => void;
  /** Finishes the requests in progress, then stops listening. Connections that are still open after the timeout are cut. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts to serve, even while ElectrumX is down. `web` has the settings of TLS and authentication. Rejects if it cannot listen on one of the
 * addresses; then it listens on none.
 */
export async function startExporter(config: Config, runtime: Runtime, web?: WebConfigFile): Promise<Exporter> {
  const { log } = runtime;
  const protection = web && (await import('./http/protection.ts')).createProtection(web, log);
  const reload = protection?.reload ?? (() => log.info('nothing to reload: --web.config.file is not set'));
  const logReport = reportLogger(log);
  const scraper = createScraper(config, runtime, (report) => {
    logReport(report);
    runtime.onScrape?.(replyBytes(report));
  });
  const pages = exporterPages(config, scraper, runtime);
  const servers: FastifyInstance[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  try {
    const ports: number[] = [];
    for (const address of config.listenAddresses) {
      const create = () => {
        const server = createServer(pages, log, protection);
        servers.push(server);
        return server;
      };
      ports.push(...(await listen(address, create)));
    }
    return { ports, reload, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function exporterPages(settings: Config, scraper: Scraper, { readProcess, readRunbook, version }: Runtime): Pages {
  return {
    telemetryPath: settings.telemetryPath,
    timeoutMs: settings.timeoutMs,
    metrics: async (format, timeoutMs) => {
      const data = { ...(await scraper.scrape(timeoutMs)), settings, exporter: readProcess(), version };
      return { contentType: FORMATS[format], body: await render(families(CATALOGUE, data), format) };
    },
    landing: () => landingFacts(scraper.last(), settings, version),
    ...(readRunbook && { runbook: readRunbook }),
  };
}

/** The size of all replies that this scrape has read. */
function replyBytes({ outcomes }: ScrapeReport): number {
  return [...outcomes.values()].reduce(
    (sum, outcome) => sum + ((outcome.state === 'ok' && !outcome.reused && outcome.bytes) || 0),
    0,
  );
}

/** Logs one line for each scrape with a failed collector, and one whenever the list of data that is not collected changes. */
function reportLogger(log: FastifyBaseLogger): (report: ScrapeReport) => void {
  let missingBefore = '{}';
  return ({ up, durationSeconds, outcomes }) => {
    const reasons = [...outcomes].flatMap(([name, outcome]) =>
      outcome.state === 'failed' ? [[name, `${outcome.kind}: ${outcome.reason}`] as const] : [],
    );
    const seconds = Number(durationSeconds.toFixed(3));
    if (reasons.length > 0) log.warn({ up, seconds, failed: Object.fromEntries(reasons) }, 'scrape failed');
    else log.debug({ up, seconds }, 'scrape done');
    const missing = JSON.stringify(Object.fromEntries([...outcomes].flatMap(missingData)));
    if (missing !== missingBefore) log.info({ missing: JSON.parse(missing) as unknown }, 'data that is not collected');
    missingBefore = missing;
  };
}

/** Why a collector that did not fail has no data, or not all of it. */
function missingData([name, outcome]: [string, Outcome]): (readonly [string, string])[] {
  if (outcome.state === 'skipped') return [[name, outcome.reason]];
  return outcome.state === 'ok' && outcome.incomplete !== undefined ? [[name, outcome.incomplete]] : [];
}
