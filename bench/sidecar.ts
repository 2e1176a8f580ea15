// What a sidecar costs that has little to do: its start, its memory, and its probe of the client ports.
import {
  startExporter,
  startServerWithClientPorts,
  startUpstream,
  timeToFirstScrape,
  type Measured,
} from './processes.ts';

const SESSIONS = 100;
const STARTS = 11;
const SCRAPES = 100;
const PROBES = 100;

export interface Sidecar {
  /** median from the start of the process to the first scrape that is answered */
  readonly startMs: number;
  /** resident bytes after 100 scrapes of 100 sessions */
  readonly rssBytes: number;
  /** median CPU of a scrape without the probe, on which a probe runs, and with one whose last result is reused */
  readonly cpuMs: { readonly withoutProbe: number; readonly probing: number; readonly reusing: number };
}

export async function measureSidecar(): Promise<Sidecar> {
  const upstream = await startUpstream(SESSIONS);
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await timeToFirstScrape(upstream));
  const exporter = await startExporter(upstream);
  for (let i = 0; i < SCRAPES; i++) await exporter.run();
  const { rssBytes } = await exporter.usage();
  exporter.stop();
  upstream.stop();
  return { startMs: median(starts), rssBytes, cpuMs: await measureProbe() };
}

async function measureProbe(): Promise<Sidecar['cpuMs']> {
  const server = await startServerWithClientPorts();
  const services = `--collector.probe.services=${server.services}`;
  const exporters = {
    withoutProbe: await startExporter(server, ['--no-collector.probe']),
    probing: await startExporter(server, [services, '--collector.probe.min-interval=0s']),
    reusing: await startExporter(server, [services, '--collector.probe.min-interval=60m']),
  };
  const costs: Record<keyof typeof exporters, number[]> = { withoutProbe: [], probing: [], reusing: [] };
  for (let round = -PROBES / 2; round < PROBES; round++) {
    for (const name of Object.keys(exporters) as (keyof typeof exporters)[]) {
      const cpuMs = await cpuOfScrape(exporters[name]);
      if (round >= 0) costs[name].push(cpuMs);
    }
  }
  for (const { stop } of [...Object.values(exporters), server]) stop();
  const { withoutProbe, probing, reusing } = costs;
  return { withoutProbe: median(withoutProbe), probing: median(probing), reusing: median(reusing) };
}

async function cpuOfScrape(exporter: Measured): Promise<number> {
  await exporter.usage();
  await exporter.run();
  return (await exporter.usage()).cpuMs;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
