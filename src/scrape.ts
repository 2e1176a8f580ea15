// One scrape: simultaneous ones share one pass over ElectrumX, each with its own deadline; what outlives it goes into the memory.
import { ask, type Finding, type FoundModels, type Questions } from './ask.ts';
import type { GetInfo } from './electrumx/getinfo.ts';
import type { Sessions } from './electrumx/sessions.ts';
import { NOTHING_SEEN, rememberGetInfo, rememberOutcome, rememberSessions, type Memory } from './memory.ts';
import type { CollectorName, Outcome, ScrapeReport } from './outcome.ts';

export interface ScrapeOptions extends Omit<Questions, 'fresh'> {
  /** how long a model may be used again, in milliseconds; 0 = never */
  readonly minIntervalMs: Readonly<Record<CollectorName, number>>;
}

/** All that a scrape found out. */
export interface Snapshot {
  readonly models: Readonly<FoundModels>;
  readonly memory: Memory;
  readonly report: ScrapeReport;
}

export interface Scraper {
  /** Never rejects, and resolves within `timeoutMs`; collectors that have not answered by then have failed for this caller. */
  readonly scrape: (timeoutMs: number) => Promise<Snapshot>;
  /** The report of the last pass that ended, for people to look at. */
  readonly lastReport: () => ScrapeReport | undefined;
}

interface Flight {
  readonly started: number;
  readonly findings: Map<CollectorName, Finding>;
  readonly landed: Promise<ScrapeReport>;
}

// The last collector's own time has to run out before its callers give up, or its failure would go uncounted.
const TIME_TO_ASK = 0.97;

/** `landed` is told of each pass when it ends, for the log. `now` is the time since the epoch in milliseconds. */
export function createScraper(
  options: ScrapeOptions,
  now: () => number,
  landed: (report: ScrapeReport) => void,
): Scraper {
  let memory = NOTHING_SEEN;
  let flight: Flight | undefined;
  let last: ScrapeReport | undefined;
  const { fresh, keep } = keeper(options.minIntervalMs);

  const takeOff = (timeoutMs: number): Flight => {
    const started = performance.now();
    const findings = new Map<CollectorName, Finding>();
    const pass = async () => {
      for await (const finding of ask({ ...options, fresh }, started + timeoutMs * TIME_TO_ASK)) {
        keep(finding);
        memory = remember(memory, finding, now() / 1000);
        findings.set(finding.name, finding);
      }
    };
    const land = async () => {
      try {
        await within(timeoutMs, pass());
      } finally {
        flight = undefined; // by the deadline, whatever the work does
      }
      last = report(options.names, { started, findings });
      landed(last);
      return last;
    };
    return { started, findings, landed: land() };
  };

  return {
    lastReport: () => last,
    scrape: async (timeoutMs) => {
      const current = (flight ??= takeOff(timeoutMs));
      const whole = await within(timeoutMs, current.landed);
      return { models: modelsOf(current), memory, report: whole ?? report(options.names, current) };
    },
  };
}

function modelsOf({ findings }: Flight): FoundModels {
  return Object.fromEntries([...findings].map(([name, { model }]) => [name, model]));
}

/** Keeps the last findings of collectors with a min-interval, to be used again while they are young enough. */
function keeper(minIntervalMs: ScrapeOptions['minIntervalMs']) {
  const kept = new Map<CollectorName, { readonly finding: Finding; readonly at: number }>();
  return {
    keep: (finding: Finding) => {
      if (minIntervalMs[finding.name] > 0 && isNew(finding)) kept.set(finding.name, { finding, at: performance.now() });
    },
    fresh: (name: CollectorName): Finding | undefined => {
      const earlier = kept.get(name);
      if (!earlier || performance.now() - earlier.at >= minIntervalMs[name]) return undefined;
      const outcome = { ...earlier.finding.outcome, durationSeconds: 0, reused: true } as Outcome;
      return { ...earlier.finding, outcome };
    },
  };
}

function remember(memory: Memory, finding: Finding, now: number): Memory {
  const next = rememberOutcome(memory, finding.name, finding.outcome, now);
  if (!isNew(finding)) return next;
  if (finding.name === 'getinfo') return rememberGetInfo(next, finding.model as GetInfo, now);
  if (finding.name === 'sessions') return rememberSessions(next, finding.model as Sessions);
  return next;
}

function isNew({ outcome }: Finding): boolean {
  return outcome.state === 'ok' && !outcome.reused;
}

/** Collectors without a finding yet have run out of this caller's time. */
function report(
  names: readonly CollectorName[],
  { started, findings }: Pick<Flight, 'started' | 'findings'>,
): ScrapeReport {
  const durationSeconds = (performance.now() - started) / 1000;
  const late: Outcome = { state: 'failed', durationSeconds, kind: 'timeout', reason: 'no reply before the deadline' };
  const outcomes = new Map(names.map((name) => [name, findings.get(name)?.outcome ?? late]));
  const answered = ([name, { state }]: [CollectorName, Outcome]) =>
    state === 'ok' && (name === 'getinfo' || !outcomes.has('getinfo'));
  return { up: [...outcomes].some(answered), durationSeconds, outcomes };
}

/** What the promise resolves with, or `undefined` if that takes longer than `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
