// Pictures of the dashboards: five simulated servers over a day that ends in an incident of the first.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DashboardJson, Finding } from '../../grafana/preview/input.ts';
import { readDashboard, type Renderer } from '../../grafana/preview/render.ts';
import type { Era } from '../../src/simulator/eras.ts';
import { startPast, type PastServer } from '../../test/real/support/past.ts';
import { DASHBOARDS, INCIDENT } from './list.ts';

const FOLDER = 'grafana/dashboards';
const MINUTE_MS = 60_000;
/** An afternoon in March. */
const END = Date.parse('2026-03-14T16:20:30Z');
const BEFORE_THE_INCIDENT = END - 80 * MINUTE_MS;

const server = (number: number, era: Era, sessions: number): PastServer => ({
  instance: `electrum${number}.example.org:10061`,
  era,
  sessions,
  seed: number,
});

/** Draws each dashboard into the folder. Resolves with the findings, as `file, panel: what`. Takes two minutes. */
export async function pictureDashboards(renderer: Renderer, folder: string): Promise<string[]> {
  const past = await startPast({
    servers: [
      { ...server(1, 'F', 400), services: [{ transport: 'tcp' }, { transport: 'ssl' }] },
      server(2, 'G', 120),
      server(3, 'E3', 80),
      server(4, 'F', 150),
      server(5, 'F', 60),
    ],
    to: END,
    hours: 24,
    happenings: ({ simulator }) => [
      { at: END - 70 * MINUTE_MS, do: () => simulator.setScenario('daemon-failover') },
      { at: END - 40 * MINUTE_MS, do: () => simulator.setScenario('overloaded') },
    ],
  });
  const draw = async (dashboard: DashboardJson, file: string, to: number) => {
    const findings = await renderer.draw(await readDashboard(dashboard, past.source({ to })), join(folder, file));
    return findings.filter(isWrong).map(({ panel, kind, text }) => `${file}, ${panel}: ${kind}: ${text}`);
  };
  try {
    const wrong: string[] = [];
    for (const dashboard of readDashboards()) {
      const name = dashboard.uid.replace('electrumx-', '');
      const picture = DASHBOARDS[name];
      if (picture === undefined) throw new Error(`scripts/picture/list.ts has no picture of ${dashboard.uid}`);
      const isOnCall = name === 'on-call';
      wrong.push(...(await draw(dashboard, picture.file, isOnCall ? BEFORE_THE_INCIDENT : END)));
      if (isOnCall) wrong.push(...(await draw(dashboard, INCIDENT.file, END)));
    }
    return wrong;
  } finally {
    await past.stop();
  }
}

function isWrong({ kind }: Finding): boolean {
  return kind !== 'empty' && kind !== 'approximation';
}

function readDashboards(): DashboardJson[] {
  return readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as DashboardJson);
}
