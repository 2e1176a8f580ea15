// Every dashboard, rendered with Grafana's public components from a real Prometheus: of a calm server, in an incident, of the oldest and
// the newest era, of a fleet. The pictures are in .cache/preview/.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DashboardJson, Finding } from '../../grafana/preview/input.ts';
import { readDashboard, startRenderer, type Renderer } from '../../grafana/preview/render.ts';
import type { Era } from '../../src/simulator/eras.ts';
import { mayBeEmpty, queries } from '../support/dashboard-queries.ts';
import { startPast, type Past, type PastOptions, type PastServer } from './support/past.ts';
import { describeWith } from './support/tools.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'grafana/dashboards');
const PICTURES = join(ROOT, '.cache/preview');
const BUNDLE_LIMIT_MS = 120_000;
/** An afternoon in March. */
const TO = Date.parse('2026-03-14T16:20:30Z');
const MINUTE = 60_000;

const DASHBOARDS = readdirSync(FOLDER).map(
  (file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardJson,
);

const server = (era: Era, number = 1): PastServer => ({
  instance: `electrum${number}.example.org:10061`,
  era,
  sessions: era === 'F' && number === 1 ? 400 : 100,
  seed: number,
  services: [{ transport: 'tcp' }, { transport: 'ssl' }],
});

interface Case extends Omit<PastOptions, 'to' | 'hours'> {
  /** of the folder with its pictures */
  readonly name: string;
  readonly title: string;
  readonly era: Era;
}

const CASES: readonly Case[] = [
  { name: 'calm', title: 'a calm server', era: 'F', servers: [server('F')] },
  {
    name: 'incident',
    title: 'a server in an incident',
    era: 'F',
    servers: [server('F')],
    happenings: ({ simulator }) => [
      { at: TO - 70 * MINUTE, do: () => simulator.setScenario('daemon-failover') },
      { at: TO - 40 * MINUTE, do: () => simulator.setScenario('overloaded') },
    ],
  },
  { name: 'oldest', title: 'the oldest era', era: 'B1', servers: [server('B1')] },
  { name: 'newest', title: 'the newest era', era: 'G', servers: [server('G')] },
  {
    name: 'fleet',
    title: 'a fleet',
    era: 'F',
    servers: [server('F'), server('G', 2), server('E3', 3), server('C2', 4), server('F', 5)],
  },
];

describeWith({ commands: ['prometheus', 'promtool', 'chromium'] }, 'the rendered dashboards', () => {
  let renderer: Renderer;
  let bundleMs: number;

  beforeAll(async () => {
    const started = performance.now();
    renderer = await startRenderer();
    bundleMs = performance.now() - started;
  }, 300_000);

  afterAll(() => renderer.stop());

  test('are bundled within two minutes', () => {
    expect(bundleMs).toBeLessThan(BUNDLE_LIMIT_MS);
  });

  test('come from browser code that compiles', () => {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    execFileSync(tsc, ['--noEmit', '-p', join(ROOT, 'grafana/preview/browser')], { encoding: 'utf8' });
  });

  describe.each(CASES)('of $title', ({ name, era, ...options }) => {
    const findings = new Map<string, readonly Finding[]>();
    let past: Past;

    beforeAll(async () => {
      past = await startPast({ ...options, to: TO, hours: 2 });
      mkdirSync(join(PICTURES, name), { recursive: true });
      for (const dashboard of DASHBOARDS) {
        const input = await readDashboard(dashboard, past.source());
        findings.set(dashboard.uid, await renderer.draw(input, join(PICTURES, name, `${dashboard.uid}.png`)));
      }
    });

    afterAll(() => past.stop());

    const found = (kind: Finding['kind']) =>
      DASHBOARDS.flatMap(({ uid }) =>
        (findings.get(uid) ?? [])
          .filter((finding) => finding.kind === kind)
          .map(({ panel, text }) => `${uid}, ${panel}: ${text}`),
      );

    test('throw in no panel', () => {
      expect(found('threw')).toEqual([]);
    });

    test('leave a panel empty only where its metrics may be absent, and show the reason there', () => {
      const allowed = DASHBOARDS.flatMap(({ uid, panels }) =>
        panels.filter(({ title }) => panelMayBeEmpty(uid, title, era)).map(({ title }) => `${uid}, ${title}`),
      );
      expect(found('empty').filter((text) => !allowed.some((panel) => text.startsWith(`${panel}: `)))).toEqual([]);
      expect(found('unexplained')).toEqual([]);
    });

    test('cut off no text', () => {
      expect(found('overflow')).toEqual([]);
    });

    test('use only units that Grafana knows', () => {
      expect(found('unit')).toEqual([]);
    });
  });

  test.each(['dark', 'light'] as const)('show a reason in each panel without data, in %s', async (theme) => {
    const past = await startPast({ servers: [server('F')], to: TO, hours: 0.1 });
    try {
      const source = past.source({ variables: { datasource: 'Prometheus', job: 'other', instance: 'other:1' } });
      for (const dashboard of DASHBOARDS) {
        const drawn = await renderer.draw(await readDashboard(dashboard, source, theme));
        expect(
          drawn.filter(({ kind, text }) => kind === 'threw' || kind === 'unexplained' || text === 'No data'),
        ).toEqual([]);
      }
    } finally {
      await past.stop();
    }
  });
});

function panelMayBeEmpty(uid: string, title: string, era: Era): boolean {
  const its = queries().filter(({ dashboard, panel }) => dashboard === uid && panel === title);
  return its.every((query) => mayBeEmpty(query, era));
}
