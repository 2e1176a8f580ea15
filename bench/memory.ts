// What the exporter's memory does in a thousand scrapes.
import { startExporter, startUpstream } from './processes.ts';

export interface Memory {
  readonly sessions: number;
  /** Resident bytes after so many scrapes. */
  readonly after: readonly (readonly [scrapes: number, rssBytes: number])[];
}

const SCRAPES = 1_000;
const LOOK_EVERY = 250;

export async function measureMemory(sessions: number): Promise<Memory> {
  const upstream = await startUpstream(sessions);
  const exporter = await startExporter(upstream);
  const after: [number, number][] = [];
  for (let scrapes = 1; scrapes <= SCRAPES; scrapes++) {
    await exporter.run();
    if (scrapes % LOOK_EVERY === 0) after.push([scrapes, (await exporter.usage()).rssBytes]);
  }
  exporter.stop();
  upstream.stop();
  return { sessions, after };
}
