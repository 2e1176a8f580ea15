// The pages: metrics, the landing page, the runbook, and two health checks that never contact ElectrumX.
import { landingPage, type LandingFacts } from './landing.ts';
import { acceptedFormat } from './negotiate.ts';
import { plugin } from './plugin.ts';
import { sendText } from './replies.ts';
import { scrapeTimeoutMs } from './scrape-timeout.ts';

/** The content of the pages. */
export interface Pages {
  readonly telemetryPath: string;
  readonly timeoutMs: number;
  /** Scrapes ElectrumX within `timeoutMs`, and renders the metrics. */
  readonly metrics: (
    format: 'text' | 'openmetrics',
    timeoutMs: number,
  ) => Promise<{ contentType: string; body: string }>;
  /** From the last scrape: it does not contact ElectrumX. */
  readonly landing: () => LandingFacts;
  /** The runbook as an HTML page; without it there is no `/runbook` and no link to it. */
  readonly runbook?: () => string;
}

/** Scrapes that are rendered at the same time. They share one scrape of ElectrumX. */
const MAX_SCRAPES = 40;

const RUNBOOK_PATH = '/runbook';
const HTML = 'text/html; charset=utf-8';

export const pageRoutes = plugin<{ readonly pages: Pages }>('pages', (app, { pages }) => {
  const { telemetryPath, runbook } = pages;
  let scrapes = 0;
  app.get(telemetryPath, async ({ headers }, reply) => {
    if (scrapes >= MAX_SCRAPES)
      return sendText(reply.header('retry-after', '1'), 503, 'Too many concurrent scrapes.\n');
    scrapes += 1;
    const timeoutMs = scrapeTimeoutMs(pages.timeoutMs, headers['x-prometheus-scrape-timeout-seconds']);
    const { contentType, body } = await pages
      .metrics(acceptedFormat(headers.accept), timeoutMs)
      .finally(() => (scrapes -= 1));
    return reply.header('content-type', contentType).header('cache-control', 'no-store').send(body);
  });
  app.get('/', (_, reply) => reply.type(HTML).send(landingPage(pages.landing(), runbook && RUNBOOK_PATH)));
  if (runbook) app.get(RUNBOOK_PATH, (_, reply) => reply.type(HTML).send(runbook()));
  app.get('/-/healthy', (_, reply) => sendText(reply, 200, 'The exporter is healthy.\n'));
  app.get('/-/ready', (_, reply) => sendText(reply, 200, 'The exporter is ready.\n'));
});
