// `npm run bench`: compares a scrape with its floor and with a naive exporter, in one run; prints tables and whether the targets are met.
import { writeFileSync } from 'node:fs';
import { startExporter, startFloor, startNaive, startUpstream, type Measured, type Upstream } from './processes.ts';
import { measureMemory, type Memory } from './memory.ts';
import { report } from './report.ts';
import { measureSidecar } from './sidecar.ts';
import { summarise, type Contestant, type Goes, type Summary } from './summary.ts';

/**
 * Rounds are bounded so that all takes some minutes. The naive exporter skips most of the large ones, because it takes seconds. The first
 * rounds are not counted: an exporter runs for months, and V8 has compiled it after a few minutes.
 */
const SIZES = [
  { sessions: 100, warmUp: 100, rounds: 200, naiveEvery: 2 },
  { sessions: 1_000, warmUp: 60, rounds: 120, naiveEvery: 2 },
  { sessions: 10_000, warmUp: 60, rounds: 120, naiveEvery: 12 },
  { sessions: 100_000, warmUp: 8, rounds: 32, naiveEvery: 16 },
] as const;
const MEMORY_SESSIONS = 10_000;
const AWKWARD_SESSIONS = 10_000;

/** The contestants take turns, so that what else the machine does falls on all of them. */
async function compare(size: (typeof SIZES)[number]): Promise<readonly Summary[]> {
  const upstream = await startUpstream(size.sessions);
  const awkward = size.sessions === AWKWARD_SESSIONS ? await startUpstream(size.sessions, 'awkward') : undefined;
  const contestants: Partial<Record<Contestant, { measured: Measured; upstream: Upstream; every: number }>> = {
    floor: { measured: await startFloor(upstream), upstream, every: 1 },
    exporter: { measured: await startExporter(upstream), upstream, every: 1 },
    ...(awkward && { awkward: { measured: await startExporter(awkward), upstream: awkward, every: 1 } }),
    naive: { measured: await startNaive(upstream), upstream, every: size.naiveEvery },
  };
  const goes = new Map<Contestant, Goes[]>();
  for (let round = -size.warmUp; round < size.rounds; round++) {
    for (const [name, { measured, upstream: its, every }] of Object.entries(contestants)) {
      if (round % every !== 0) continue;
      const go = await once(measured, its);
      if (round >= 0) goes.set(name as Contestant, [...(goes.get(name as Contestant) ?? []), go]);
    }
  }
  for (const { measured } of Object.values(contestants)) measured.stop();
  for (const server of [upstream, awkward]) server?.stop();
  return [...goes].map(([name, all]) => summarise(name, size.sessions, upstream.bytes, all));
}

async function once(measured: Measured, upstream: Upstream): Promise<Goes> {
  const requests = await upstream.requests();
  await measured.usage();
  const run = await measured.run();
  const usage = await measured.usage();
  return { ...run, ...usage, requests: (await upstream.requests()) - requests };
}

const summaries: Summary[] = [];
for (const size of SIZES) {
  process.stderr.write(`${size.sessions} sessions ...\n`);
  summaries.push(...(await compare(size)));
}
process.stderr.write(`1,000 scrapes of ${MEMORY_SESSIONS} sessions ...\n`);
const memory: Memory = await measureMemory(MEMORY_SESSIONS);
process.stderr.write('start, memory and probe of a sidecar ...\n');
const text = report(summaries, memory, await measureSidecar());
process.stdout.write(text);

const [flag, path] = process.argv.slice(2);
if (flag === '--write' && path !== undefined) writeFileSync(path, text);
process.exit();
