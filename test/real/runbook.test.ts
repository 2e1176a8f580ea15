// The link to the runbook in a notification: a real Prometheus and a real Alertmanager deliver it, and Chromium opens it on a phone.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { alertmanagerFile } from '../../grafana/src/alertmanager.ts';
import { ruleFile } from '../../grafana/src/rules.ts';
import { startAlertmanager } from './support/alertmanager.ts';
import { startChromium } from './support/chromium.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { freePort } from './support/process.ts';
import { startPrometheus } from './support/prometheus.ts';
import { describeWith } from './support/tools.ts';
import { waitFor } from './support/wait.ts';
import { startWebhook, type Note } from './support/webhook.ts';

/** A minute takes 0.4 seconds. */
const TIME_SCALE = 150;
const PHONE = { width: 390, height: 844 };

const COMMANDS = ['prometheus', 'prometheus-alertmanager', 'chromium'];
describeWith({ commands: COMMANDS }, 'the runbook that a notification links to', () => {
  const closers = makeClosers();
  let exporter: Exporter;
  let browser: Browser;
  let note: Note;

  beforeAll(async () => {
    browser = closers.add(await startChromium(), (it) => it.close());
    exporter = closers.add(await startExporter(await freePort()), (it) => it.stop());
    const webhook = closers.add(await startWebhook(), (it) => it.stop());
    const routes = alertmanagerFile({ timeScale: TIME_SCALE, webhooks: { critical: webhook.url('critical') } });
    const alertmanager = closers.add(await startAlertmanager(routes), (it) => it.stop());
    const rules = ruleFile({ timeScale: TIME_SCALE });
    const options = { jobs: { electrumx: [exporter.port] }, rules, alertmanager: alertmanager.port };
    closers.add(await startPrometheus(options), (it) => it.stop());
    const down = () => webhook.notes.find(({ labels }) => labels['alertname'] === 'ElectrumXDown');
    note = await waitFor('a notification of ElectrumXDown', down, { timeoutMs: 90_000, everyMs: 200 });
  });

  afterAll(() => closers.closeAll());

  test.each(['light', 'dark'] as const)('opens at the section of the alert, at 390 px, %s', async (colorScheme) => {
    const page = await newPage({ viewport: PHONE, colorScheme });
    await page.goto(link());
    const heading = page.locator('h2:target');
    await expect.poll(() => heading.textContent()).toBe('ElectrumXDown');
    expect((await heading.boundingBox())?.y).toBeLessThan(PHONE.height / 4);
    expect(await scrollsSideways(page)).toBe(false);
    expect(await contrast(page)).toBeGreaterThan(7);
  });

  test('shows long lines of code in blocks that scroll, not the page', async () => {
    const page = await newPage({ viewport: PHONE });
    await page.goto(link());
    const added = `<pre><code>${'electrumx-rpc '.repeat(40)}</code></pre><p><code>${'x'.repeat(400)}</code></p>`;
    // Written as strings: this runs in the browser, and the tests have no types of the DOM.
    await page.evaluate(`document.querySelector('main').insertAdjacentHTML('beforeend', ${JSON.stringify(added)})`);
    expect(
      await page.evaluate(
        `(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('pre'))`,
      ),
    ).toBe(true);
    expect(await scrollsSideways(page)).toBe(false);
  });

  test('is linked on the landing page, and its table of contents leads to each alert', async () => {
    const page = await newPage({ viewport: PHONE });
    await page.goto(`http://127.0.0.1:${exporter.port}/`);
    await page.getByRole('link', { name: 'Runbook' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'ElectrumXFlushCountCritical' }).click();
    await expect.poll(() => page.locator('h2:target').textContent()).toBe('ElectrumXFlushCountCritical');
  });

  const link = () => note.annotations['runbook_url'] ?? '';

  async function newPage(options: Parameters<Browser['newPage']>[0]): Promise<Page> {
    const page = await browser.newPage(options);
    onTestFinished(() => page.close());
    return page;
  }
});

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** The contrast of text and background as WCAG 2 defines it, from 1 to 21. */
async function contrast(page: Page): Promise<number> {
  const colours = await page.evaluate(
    `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))`,
  );
  const [dark = 0, light = 0] = (colours as string[]).map(luminance).sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [...colour.matchAll(/\d+/g)].map(([digits]) => {
    const share = Number(digits) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
