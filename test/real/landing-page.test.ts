// The landing page in Chromium: on a phone and on a desk, in light and dark, with ElectrumX up and down.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Browser } from 'playwright-core';
import { startSimulator, type Simulator } from '../../src/simulator/server.ts';
import { startChromium } from './support/chromium.ts';
import { makeClosers } from './support/closers.ts';
import { startExporter, type Exporter } from './support/exporter.ts';
import { describeWith } from './support/tools.ts';

const WIDTHS = [390, 1280] as const;
const SCHEMES = ['light', 'dark'] as const;

describeWith({ commands: ['chromium'] }, 'the landing page', () => {
  const closers = makeClosers();
  let browser: Browser;
  let simulator: Simulator;
  let exporter: Exporter;

  beforeAll(async () => {
    browser = closers.add(await startChromium(), (it) => it.close());
    simulator = closers.add(await startSimulator({ era: 'G', sessions: 40, seed: 7 }), (it) => it.stop());
    exporter = closers.add(await startExporter(simulator.port), (it) => it.stop());
  });

  afterAll(() => closers.closeAll());

  const cases = WIDTHS.flatMap((width) => SCHEMES.map((colorScheme) => ({ width, colorScheme })));

  test.each(cases)('fits $width px, $colorScheme, and names version and heights', async ({ width, colorScheme }) => {
    await fetch(`http://127.0.0.1:${exporter.port}/metrics`);
    const { text, scrollsSideways } = await open(width, colorScheme);
    expect(text).toMatch(/ElectrumX is up/);
    expect(text).toContain('2.0.0');
    expect(text).toContain(simulator.world.daemon.height.toLocaleString('en'));
    expect(scrollsSideways).toBe(false);
  });

  test.each(cases)('says why ElectrumX is down, at $width px, $colorScheme', async ({ width, colorScheme }) => {
    simulator.fail('*', 'garbage');
    await fetch(`http://127.0.0.1:${exporter.port}/metrics`);
    const { text, scrollsSideways } = await open(width, colorScheme);
    simulator.recover();
    expect(text).toMatch(/ElectrumX is down.*the reply is not JSON/s);
    expect(scrollsSideways).toBe(false);
  });

  async function open(width: number, colorScheme: 'light' | 'dark') {
    const page = await browser.newPage({ viewport: { width, height: 844 }, colorScheme });
    onTestFinished(() => page.close());
    await page.goto(`http://127.0.0.1:${exporter.port}/`);
    const text = await page.locator('body').innerText();
    // Written as a string: it runs in the browser, and the tests have no types of the DOM.
    const scrollsSideways = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
    return { text, scrollsSideways };
  }
});
