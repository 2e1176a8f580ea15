// `npm run picture`: makes the pictures of docs/images from the real thing, a simulated server that is overloaded with the exporter and a
// Prometheus in front of it. It needs Debian's prometheus and chromium (on PATH, or where CHROMIUM says), and three minutes.
import type { Page } from 'playwright-core';
import { ruleFile } from '../grafana/src/rules.ts';
import { startSimulator } from '../src/simulator/server.ts';
import { startChromium } from '../test/real/support/chromium.ts';
import { makeClosers } from '../test/real/support/closers.ts';
import { startExporter } from '../test/real/support/exporter.ts';
import { startPrometheus } from '../test/real/support/prometheus.ts';
import { waitFor } from '../test/real/support/wait.ts';

const ALERT = 'ElectrumXOverloaded';
const IMAGES = 'docs/images';
/** For its rules to last, an alert needs minutes. */
const PATIENCE = { timeoutMs: 300_000, everyMs: 1000 };

const closers = makeClosers();
try {
  const simulator = await startSimulator({ era: 'F', sessions: 500, seed: 7, scenario: 'overloaded' });
  closers.add(simulator, (it) => it.stop());
  const exporter = closers.add(await startExporter(simulator.port), (it) => it.stop());
  const jobs = { electrumx: [exporter.port] };
  const prometheus = closers.add(await startPrometheus({ jobs, rules: ruleFile() }), (it) => it.stop());
  const fires = `ALERTS{alertname="${ALERT}",alertstate="firing"}`;
  await waitFor(ALERT, async () => ((await prometheus.query(fires)).length > 0 ? true : undefined), PATIENCE);
  const browser = closers.add(await startChromium(), (it) => it.close());
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  await pictureOfAlert(page, `${prometheus.url}/classic/alerts`);
  await page.goto(`http://127.0.0.1:${exporter.port}/`);
  await page.screenshot({ path: `${IMAGES}/landing-page.png` });
} finally {
  await closers.closeAll();
}

/** The alert as Prometheus shows it, from its name to the end of its annotations. */
async function pictureOfAlert(page: Page, url: string): Promise<void> {
  await page.goto(url);
  const head = page.locator('.alert_header', { hasText: ALERT });
  const details = page.locator(`.alert_header:has-text("${ALERT}") + .alert_details`);
  await head.click();
  await page.locator('button.show-annotations').click();
  await details.locator('.alert_annotations').last().waitFor();
  const [from, to] = [await head.boundingBox(), await details.boundingBox()];
  if (from === null || to === null) throw new Error(`${url} does not show ${ALERT}`);
  const clip = { x: from.x, y: from.y, width: from.width, height: to.y + to.height - from.y };
  await page.screenshot({ path: `${IMAGES}/alert.png`, clip, fullPage: true });
}
