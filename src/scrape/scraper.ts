// One scrape: simultaneous ones share one pass over ElectrumX, each with its own deadline; what outlives it goes into the memory.
import { ask, modelsOf, type Finding, type FoundModels, type Questions } from './collect.ts';
import {
  NOTHING_SEEN,
  rememberClients,
  rememberGetInfo,
  rememberOutcome,
  rememberSessions,
  type Memory,
} from './state.ts';
import { clients } from '../metrics/definitions/sessions.ts';
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
  readonly timeoutMs: number;
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
        keep(finding, started);
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
    return { started, timeoutMs, findings, landed: land() };
  };

  const scrape = async (timeoutMs: number): Promise<Snapshot> => {
    const giveUpAt = performance.now() + timeoutMs;
    const current = (flight ??= takeOff(timeoutMs));
    const whole = await within(timeoutMs, current.landed);
    if (whole && wasHurried(current, whole, timeoutMs)) return scrape(giveUpAt - performance.now());
    return { models: modelsOf(current.findings), memory, report: whole ?? report(options.names, current) };
  };
  return { scrape, lastReport: () => last };
}

/** Whether it ran out of time under one who had less than half of this caller's: its timeouts prove nothing then. */
function wasHurried(flight: Flight, { outcomes }: ScrapeReport, timeoutMs: number): boolean {
  const late = (outcome: Outcome) => outcome.state === 'failed' && outcome.kind === 'timeout';
  return flight.timeoutMs < timeoutMs / 2 && [...outcomes.values()].some(late);
}

// Scrapes do not come to the millisecond: one that is meant to ask again must not find its answer a moment too young.
const YOUNG = 0.95;

/** Keeps the last findings of collectors with a min-interval, to be used again while they are young enough. */
function keeper(minIntervalMs: ScrapeOptions['minIntervalMs']) {
  const kept = new Map<CollectorName, { readonly finding: Finding; readonly scrapedAt: number }>();
  return {
    keep: (finding: Finding, scrapedAt: number) => {
      if (minIntervalMs[finding.name] > 0 && isNew(finding)) kept.set(finding.name, { finding, scrapedAt });
    },
    fresh: (name: CollectorName): Finding | undefined => {
      const earlier = kept.get(name);
      if (!earlier || performance.now() - earlier.scrapedAt >= minIntervalMs[name] * YOUNG) return undefined;
      const outcome = { ...earlier.finding.outcome, durationSeconds: 0, reused: true } as Outcome;
      return { ...earlier.finding, outcome };
    },
  };
}

/** Takes in what one collector found at the time `now`, in seconds since the epoch. */
export function remember(memory: Memory, finding: Finding, now: number): Memory {
  const next = rememberOutcome(memory, finding.name, finding.outcome, now);
  if (!finding.model || !isNew(finding)) return next;
  if (finding.name === 'getinfo') return rememberGetInfo(next, finding.model, now);
  if (finding.name === 'sessions') {
    return rememberClients(rememberSessions(next, finding.model), clients(finding.model).keys());
  }
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
