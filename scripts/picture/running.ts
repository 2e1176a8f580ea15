// Pictures of what runs now: a simulated server that is overloaded, with the built exporter, Prometheus and electrumx-rpc.
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ruleFile } from '../../grafana/src/rules.ts';
import { startSimulator } from '../../src/simulator/server.ts';
import { makeClosers } from '../../test/real/support/closers.ts';
import { startExporter } from '../../test/real/support/exporter.ts';
import { startPrometheus, type Prometheus } from '../../test/real/support/prometheus.ts';
import { waitFor } from '../../test/real/support/wait.ts';
import { probeFlags, SERVER_FLAGS } from '../../test/real/support/watched.ts';
import { ALERT, LANDING_PAGE, LANDING_PAGE_ON_A_PHONE, WATCH } from './list.ts';
import { pictureTerminal } from './terminal.ts';

const CLIENT_PORTS = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;
const ALERT_NAME = 'ElectrumXOverloaded';
/** The alert's expression has to hold for minutes. */
const PATIENCE = { timeoutMs: 600_000, everyMs: 1000 };

/** Makes the pictures in the folder. Takes three minutes: an alert has to fire. */
export async function pictureRunning(browser: Browser, folder: string): Promise<void> {
  const closers = makeClosers();
  try {
    const options = { era: 'F', sessions: 500, seed: 7, scenario: 'overloaded', services: CLIENT_PORTS } as const;
    const simulator = closers.add(await startSimulator(options), (it) => it.stop());
    const flags = [...SERVER_FLAGS, ...probeFlags(simulator)];
    const exporter = closers.add(await startExporter(simulator.port, flags), (it) => it.stop());
    const chain = { jobs: { electrumx: [exporter.port] }, rules: ruleFile() };
    const prometheus = closers.add(await startPrometheus(chain), (it) => it.stop());
    await pictureAlert(browser, prometheus, join(folder, ALERT.file));
    await pictureLandingPage(browser, `http://127.0.0.1:${exporter.port}/`, folder);
    const command = `${process.execPath} dist/cli/main.js sessions --watch --sort cost -p ${simulator.port}`;
    await pictureTerminal(browser, { command, columns: 120, rows: 32, shows: /Cost/ }, join(folder, WATCH.file));
  } finally {
    await closers.closeAll();
  }
}

async function pictureAlert(browser: Browser, prometheus: Prometheus, path: string): Promise<void> {
  const firing = `ALERTS{alertname="${ALERT_NAME}",alertstate="firing"}`;
  const fires = async () => ((await prometheus.query(firing)).length > 0 ? true : undefined);
  await waitFor(ALERT_NAME, fires, PATIENCE);
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  await page.goto(`${prometheus.url}/classic/alerts`);
  const head = page.locator('.alert_header', { hasText: ALERT_NAME });
  const details = page.locator(`.alert_header:has-text("${ALERT_NAME}") + .alert_details`);
  await head.click();
  await page.locator('button.show-annotations').click();
  await details.locator('.alert_annotations').last().waitFor();
  const [from, to] = [await head.boundingBox(), await details.boundingBox()];
  if (from === null || to === null) throw new Error(`Prometheus does not show ${ALERT_NAME}`);
  const clip = { x: from.x, y: from.y, width: from.width, height: to.y + to.height - from.y };
  await page.screenshot({ path, clip, fullPage: true });
  await page.close();
}

async function pictureLandingPage(browser: Browser, url: string, folder: string): Promise<void> {
  const sizes = [
    { picture: LANDING_PAGE, width: 1280, colorScheme: 'light' },
    { picture: LANDING_PAGE_ON_A_PHONE, width: 390, colorScheme: 'dark' },
  ] as const;
  for (const { picture, width, colorScheme } of sizes) {
    const page: Page = await browser.newPage({ viewport: { width, height: 640 }, colorScheme });
    await page.goto(url);
    await page.screenshot({ path: join(folder, picture.file), fullPage: true });
    await page.close();
  }
}
