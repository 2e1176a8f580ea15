// `npm run bench`: a scrape beside its floor and beside a naive exporter, in one run; prints tables and whether the targets are met.
import { writeFileSync } from 'node:fs';
import { startExporter, startFloor, startNaive, startUpstream, type Measured, type Upstream } from './processes.ts';
import { measureMemory, type Memory } from './memory.ts';
import { report } from './report.ts';
import { summarise, type Goes, type Summary } from './summary.ts';

/**
 * Rounds are bounded so that all takes some minutes; the naive exporter sits most of the large ones out, because it takes seconds. The first
 * rounds are not counted: an exporter runs for months, and V8 has compiled what it runs all the time after some minutes of them.
 */
const SIZES = [
  { sessions: 100, warmUp: 100, rounds: 200, naiveEvery: 2 },
  { sessions: 1_000, warmUp: 60, rounds: 120, naiveEvery: 2 },
  { sessions: 10_000, warmUp: 60, rounds: 120, naiveEvery: 12 },
  { sessions: 100_000, warmUp: 8, rounds: 32, naiveEvery: 16 },
] as const;
const MEMORY_SESSIONS = 10_000;

/** The three take turns, so that what else the machine does falls on all of them. */
async function compare(size: (typeof SIZES)[number]): Promise<readonly Summary[]> {
  const upstream = await startUpstream(size.sessions);
  const measured = {
    floor: await startFloor(upstream),
    exporter: await startExporter(upstream),
    naive: await startNaive(upstream),
  };
  const goes: Record<keyof typeof measured, Goes[]> = { floor: [], exporter: [], naive: [] };
  for (let round = -size.warmUp; round < size.rounds; round++) {
    for (const name of ['floor', 'exporter', 'naive'] as const) {
      if (name === 'naive' && round % size.naiveEvery !== 0) continue;
      const go = await once(measured[name], upstream);
      if (round >= 0) goes[name].push(go);
    }
  }
  for (const { stop } of [...Object.values(measured), upstream]) stop();
  return Object.entries(goes).map(([name, all]) =>
    summarise(name as keyof typeof goes, size.sessions, upstream.bytes, all),
  );
}

async function once(measured: Measured, upstream: Upstream): Promise<Goes> {
  const asked = await upstream.requests();
  await measured.usage();
  const run = await measured.run();
  const usage = await measured.usage();
  return { ...run, ...usage, requests: (await upstream.requests()) - asked };
}

const summaries: Summary[] = [];
for (const size of SIZES) {
  process.stderr.write(`${size.sessions} sessions ...\n`);
  summaries.push(...(await compare(size)));
}
process.stderr.write(`1,000 scrapes of ${MEMORY_SESSIONS} sessions ...\n`);
const memory: Memory = await measureMemory(MEMORY_SESSIONS);
const text = report(summaries, memory);
process.stdout.write(text);

const [flag, path] = process.argv.slice(2);
if (flag === '--write' && path !== undefined) writeFileSync(path, text);
process.exit();
