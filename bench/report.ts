// The figures of a run as Markdown, and the verdict on each target.
import { availableParallelism, cpus } from 'node:os';
import type { Memory } from './memory.ts';
import type { Sidecar } from './sidecar.ts';
import type { Contestant, Summary } from './summary.ts';

const MB = 1e6;
const MAX_TIMES_FLOOR = 1.5;
const MAX_TIMES_PLAIN = 1.2;
const MAX_RESIDENT_BYTES = 120 * MB;
const MAX_IDLE_BYTES = 70 * MB;
const MAX_START_MS = 400;
const MAX_PROBE_MS = 10;
/** what differs between two medians of the same thing */
const NOISE_MS = 1;
/** Of the second half of the scrapes, in which nothing should be learnt any more. */
const MAX_GROWTH = 1.05;
/** With the number of sessions a scrape may grow as fast as its floor, which outgrows caches, and a fifth for noise. */
const MAX_TIMES_FLOOR_GROWTH = 1.2;

const NAMES: Readonly<Record<Contestant, string>> = {
  floor: 'reading and `JSON.parse` (the floor)',
  exporter: 'a scrape of electrumx-exporter',
  awkward: 'a scrape, with a quote and a non-ASCII letter in each name',
  naive: 'a naive exporter',
};

/** A whole page: facts of the machine, the table, the memory, the targets. */
export function report(summaries: readonly Summary[], memory: Memory, sidecar: Sidecar): string {
  const { model = 'unknown processor' } = cpus()[0] ?? {};
  return `Made by \`npm run bench\` with Node ${process.version} on ${availableParallelism()} cores (${model}).

${table(summaries)}

${rss(memory)}

${[...targets(summaries, memory), ...sidecarTargets(sidecar)]
  .map(([text, isMet]) => `- ${isMet ? 'met' : '**MISSED**'}: ${text}`)
  .join('\n')}
`;
}

function table(summaries: readonly Summary[]): string {
  const head =
    '| sessions | what | wall p50 ms | wall p99 ms | CPU p50 ms | loop blocked, max ms | peak RSS MB | bytes in | bytes out | requests | goes |';
  const rows = summaries.map((one) =>
    [
      one.sessions,
      NAMES[one.contestant],
      ...[one.wallMs.p50, one.wallMs.p99, one.cpuMs, one.blockedMs].map((ms) => ms.toFixed(1)),
      Math.round(one.peakRssBytes / MB),
      one.bytesIn,
      one.bytesOut,
      one.requests,
      one.goes,
    ].join(' | '),
  );
  return [
    head,
    '| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |',
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function rss({ sessions, after }: Memory): string {
  const looks = after.map(([scrapes, bytes]) => `${(bytes / MB).toFixed(0)} MB after ${scrapes}`);
  return `Resident memory of the exporter in a thousand scrapes of ${sessions} sessions: ${looks.join(', ')}.`;
}

function targets(summaries: readonly Summary[], { sessions, after }: Memory): (readonly [string, boolean])[] {
  const of = (contestant: Contestant, count: number): Summary => {
    const found = summaries.find((one) => one.contestant === contestant && one.sessions === count);
    if (!found) throw new Error(`${contestant} was not measured at ${count} sessions`);
    return found;
  };
  const ratios = [10_000, 100_000].map((count) => {
    const ratio = of('exporter', count).wallMs.p50 / of('floor', count).wallMs.p50;
    return [
      `at ${count} sessions a scrape takes ${ratio.toFixed(2)} times the floor; at most ${MAX_TIMES_FLOOR}`,
      ratio <= MAX_TIMES_FLOOR,
    ] as const;
  });
  const awkward = of('awkward', 10_000).wallMs.p50 / of('exporter', 10_000).wallMs.p50;
  const growth = (contestant: Contestant) => of(contestant, 100_000).wallMs.p50 / of(contestant, 10_000).wallMs.p50;
  const [growthOfScrape, growthOfFloor] = [growth('exporter'), growth('floor')];
  const [middle = 0, last = 0] = [after.at(after.length / 2 - 1)?.[1], after.at(-1)?.[1]];
  return [
    ...ratios,
    [
      `100,000 sessions take ${growthOfScrape.toFixed(1)} times as long as 10,000, and the floor ${growthOfFloor.toFixed(1)} times; at most ${MAX_TIMES_FLOOR_GROWTH} times the floor's growth`,
      growthOfScrape / growthOfFloor <= MAX_TIMES_FLOOR_GROWTH,
    ],
    [`${(last / MB).toFixed(0)} MB after a thousand scrapes of ${sessions}; at most 120`, last <= MAX_RESIDENT_BYTES],
    [
      `the second half of them adds ${((last / middle - 1) * 100).toFixed(1)}% to it; at most 5%`,
      last / middle <= MAX_GROWTH,
    ],
    [
      `at 10000 sessions, names with a quote and a non-ASCII letter take ${awkward.toFixed(2)} times as long as plain ones; at most ${MAX_TIMES_PLAIN}`,
      awkward <= MAX_TIMES_PLAIN,
    ],
  ];
}

function sidecarTargets({ startMs, rssBytes, cpuMs }: Sidecar): (readonly [string, boolean])[] {
  const { withoutProbe, probing, reusing } = cpuMs;
  return [
    [`${(startMs / 1000).toFixed(2)} s from the start to the first scrape; at most 0.4`, startMs <= MAX_START_MS],
    [`${(rssBytes / MB).toFixed(0)} MB after 100 scrapes of 100 sessions; at most 70`, rssBytes <= MAX_IDLE_BYTES],
    [
      `a scrape that probes four client ports takes ${(probing - withoutProbe).toFixed(1)} ms CPU more than without a probe; at most ${MAX_PROBE_MS}`,
      probing - withoutProbe <= MAX_PROBE_MS,
    ],
    [
      `a scrape that reuses the last probe takes ${(reusing - withoutProbe).toFixed(1)} ms CPU more; at most ${NOISE_MS}`,
      reusing - withoutProbe <= NOISE_MS,
    ],
  ];
}
