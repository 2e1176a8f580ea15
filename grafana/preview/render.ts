// Draws dashboards in headless Chromium: from their JSON and a Prometheus to a PNG and its findings.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { makeBundle, type Bundle } from './bundle.ts';
import type { DashboardInput, DashboardJson, Finding } from './input.ts';
import { answerPanels, findMarks, startOf, type Source } from './queries.ts';
import { layOut } from './repeat.ts';

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--force-color-profile=srgb'],
];

export interface Renderer {
  readonly browser: Browser;
  /** Draws it; without a path nothing is written. */
  draw(dashboard: DashboardInput, path?: string): Promise<Finding[]>;
  stop(): Promise<void>;
}

/** Bundles, and starts a browser with an empty page without access to the network. */
export async function startRenderer(): Promise<Renderer> {
  const bundle = await makeBundle();
  const browser = await chromium.launch({ executablePath: pathOfChromium(), args: FLAGS });
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await open(page, bundle);
  return {
    browser,
    draw: async (dashboard, path) => {
      // Tables draw the rows that can be seen: all of the page has to be in view.
      await page.setViewportSize({ width: dashboard.width, height: heightOf(dashboard) });
      const findings = await page.evaluate((input) => window.drawDashboard(input), dashboard);
      const thrown = errors.splice(0).map((text) => ({ panel: dashboard.title, kind: 'threw', text }) as const);
      if (path !== undefined) await page.locator('#dashboard').screenshot({ path });
      return [...findings, ...thrown];
    },
    stop: () => browser.close(),
  };
}

/** What a dashboard shows of that source. */
export async function readDashboard(
  dashboard: DashboardJson,
  source: Source,
  theme: DashboardInput['theme'] = 'dark',
): Promise<DashboardInput> {
  const from = startOf(dashboard, source.to);
  const values = Object.fromEntries(Object.entries(source.variables).map(([name, value]) => [name, [value]]));
  const shown = dashboard.templating.list.filter(({ name }) => source.variables[name] !== undefined);
  return {
    title: dashboard.title,
    variables: shown.map(({ name, label = name, multi }) => ({
      label,
      value: multi === true && source.variables[name] === '.*' ? 'All' : (source.variables[name] ?? ''),
    })),
    panels: await answerPanels(layOut(dashboard, values), source, from),
    marks: await findMarks(dashboard.annotations.list, source, from),
    from,
    to: source.to,
    theme,
    width: source.width,
  };
}

function heightOf({ panels }: DashboardInput): number {
  const rows = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  return rows * 38 + 64;
}

/** Chromium on PATH, or where CHROMIUM says. */
export function pathOfChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = process.env['CHROMIUM'] ?? folders.map((folder) => join(folder, 'chromium')).find(existsSync);
  if (found === undefined) throw new Error('there is no chromium on PATH: install it, or set CHROMIUM to its path');
  return found;
}

const ORIGIN = 'http://preview.invalid';

async function open(page: Page, { script, styles, icons }: Bundle): Promise<void> {
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const icon = /\/img\/icons\/(.+\.svg)$/.exec(pathname)?.[1];
    if (origin !== ORIGIN) return route.abort();
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<div id="root"></div>' });
    if (icon !== undefined) return route.fulfill({ contentType: 'image/svg+xml', path: join(icons, icon) });
    return route.fulfill({ status: 404 });
  });
  await page.goto(ORIGIN);
  if (existsSync(styles)) await page.addStyleTag({ content: readFileSync(styles, 'utf8') });
  await page.addStyleTag({ content: 'body { margin: 0 }' });
  await page.addScriptTag({ path: script });
}

declare global {
  interface Window {
    drawDashboard: (dashboard: DashboardInput) => Promise<Finding[]>;
  }
  // The project is compiled without the names of browsers; this one is used inside the page only.
  const window: Window;
}
