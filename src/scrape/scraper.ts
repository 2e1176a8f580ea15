// Scrapes: simultaneous ones share one pass over the collectors, each with its own deadline; recent results are reused.
import type { Config } from '../config/parse.ts';
import { collect, gatherBeside, type ActiveCollector, type Finding } from './collect.ts';
import type { Outcome, ScrapeReport } from './collector.ts';
import { COLLECTORS, type CollectorName, type Results } from './collectors.ts';
import { initialState, nextState, type State } from './state.ts';

/** Everything that a scrape collected. */
export interface Snapshot {
  readonly results: Results;
  readonly state: State;
  readonly report: ScrapeReport;
  /** milliseconds since the epoch */
  readonly finishedAt: number;
}

export interface Scraper {
  /** Never rejects, and resolves within `timeoutMs`. For this caller, collectors that have not answered by then have failed. */
  readonly scrape: (timeoutMs: number) => Promise<Snapshot>;
  /** The snapshot of the last pass that ended, for the landing page. */
  readonly last: () => Snapshot | undefined;
}

interface InFlightScrape {
  readonly started: number;
  readonly timeoutMs: number;
  readonly findings: Map<CollectorName, Finding>;
  readonly finished: Promise<Snapshot>;
}

// The last collector has to time out before its callers stop waiting, or its failure would not be counted.
const SHARE_OF_TIMEOUT = 0.97;

export interface ScraperContext {
  /** of this exporter */
  readonly version: string;
  /** milliseconds since the epoch */
  readonly now: () => number;
}

/** `onFinish` is called with the report of each pass when it ends. */
export function createScraper(
  config: Config,
  context: ScraperContext,
  onFinish: (report: ScrapeReport) => void = () => undefined,
): Scraper {
  const passes = createPasses(config, context);
  let inFlight: InFlightScrape | undefined;
  let last: Snapshot | undefined;

  const start = (timeoutMs: number): InFlightScrape => {
    const started = performance.now();
    const findings: InFlightScrape['findings'] = new Map();
    const finish = async () => {
      try {
        await within(timeoutMs, passes.run(started, timeoutMs, findings));
      } finally {
        inFlight = undefined; // at the deadline, whatever the work does
      }
      last = passes.snapshot({ started, findings });
      onFinish(last.report);
      return last;
    };
    return { started, timeoutMs, findings, finished: finish() };
  };

  const scrape = async (timeoutMs: number): Promise<Snapshot> => {
    const giveUpAt = performance.now() + timeoutMs;
    const current = (inFlight ??= start(timeoutMs));
    const whole = await within(timeoutMs, current.finished);
    if (whole && hadShorterDeadline(current, whole.report, timeoutMs)) return scrape(giveUpAt - performance.now());
    return whole ?? passes.snapshot(current);
  };
  return { scrape, last: () => last };
}

/** Passes over the collectors that are on, with the state and the results that outlive each. */
function createPasses(config: Config, { version, now: nowMs }: ScraperContext) {
  const now = () => nowMs() / 1000;
  const { rpcAddress: address, maxResponseBytes } = config;
  const active = activeCollectors(config, version);
  const inTurn = active.filter(({ runs }) => runs === 'in-turn');
  const beside = active.filter(({ runs }) => runs === 'beside');
  const cache = resultCache(config);
  let state = initialState();

  const take = (finding: Finding, started: number) => {
    cache.keep(finding, started);
    state = nextState(state, finding, now());
  };
  const runInBackground = backgroundRuns(take);

  const run = async (started: number, timeoutMs: number, findings: InFlightScrape['findings']) => {
    const gatherOthers = (results: Results) =>
      beside.map(async (collector) => {
        const { name } = collector;
        findings.set(name, cache.reusable(name) ?? (await runInBackground(collector, { results, now })));
      });
    let others: Promise<void>[] = [];
    const pass = { address, maxResponseBytes, collectors: inTurn, reusable: cache.reusable, now };
    const onFirst = (results: Results) => {
      others = gatherOthers(results);
    };
    if (inTurn.length === 0) onFirst({});
    await collect({ ...pass, onFirst }, started + timeoutMs * SHARE_OF_TIMEOUT, (finding) => {
      if (isNew(finding)) take(finding, started);
      findings.set(finding.name, finding);
    });
    await Promise.all(others);
  };

  const snapshot = (scrape: Pick<InFlightScrape, 'started' | 'findings'>): Snapshot => {
    const found = active.map((collector) => scrape.findings.get(collector.name) ?? late(collector, scrape, cache));
    return { results: resultsOf(found), state, report: report(found, scrape.started), finishedAt: now() * 1000 };
  };
  return { run, snapshot };
}

function activeCollectors(config: Config, version: string): ActiveCollector[] {
  return COLLECTORS.filter(({ name }) => config.collectors[name].on).map(({ name, runs, create }) => ({
    name,
    runs,
    gather: create(config, version),
  }));
}

/** The results of some findings, by collector. */
export function resultsOf(findings: Iterable<Finding>): Results {
  return Object.fromEntries([...findings].map(({ name, result }) => [name, result]));
}

/** The finding for a collector that has none yet: one that runs in turn has timed out for this caller, one that runs beside may still run. */
function late(
  { name, runs }: ActiveCollector,
  { started }: Pick<InFlightScrape, 'started'>,
  cache: ResultCache,
): Finding {
  const durationSeconds = (performance.now() - started) / 1000;
  const reason = 'no reply before the deadline';
  if (runs === 'in-turn') return { name, outcome: { state: 'failed', durationSeconds, kind: 'timeout', reason } };
  return cache.latest(name) ?? { name, outcome: { state: 'pending', durationSeconds } };
}

/** Whether a collector timed out for a caller with less than half of this caller's time. It may not for this caller. */
function hadShorterDeadline(scrape: InFlightScrape, { outcomes }: ScrapeReport, timeoutMs: number): boolean {
  const timedOut = (outcome: Outcome) => outcome.state === 'failed' && outcome.kind === 'timeout';
  return scrape.timeoutMs < timeoutMs / 2 && [...outcomes.values()].some(timedOut);
}

// Scrapes are not exact to the millisecond: one that is due must not find the last result a moment too recent.
const REUSE_FACTOR = 0.95;

type ResultCache = ReturnType<typeof resultCache>;

/** The last finding of each collector, to be reused within its min-interval. */
function resultCache({ collectors }: Config) {
  const kept = new Map<CollectorName, { readonly finding: Finding; readonly gatheredAt: number }>();
  const latest = (name: CollectorName): Finding | undefined => {
    const finding = kept.get(name)?.finding;
    if (finding?.outcome.state !== 'ok') return finding;
    return { ...finding, outcome: { ...finding.outcome, durationSeconds: 0, reused: true } };
  };
  return {
    keep: (finding: Finding, gatheredAt: number) => {
      if (finding.outcome.state === 'ok') kept.set(finding.name, { finding, gatheredAt });
    },
    latest,
    reusable: (name: CollectorName): Finding | undefined => {
      const age = performance.now() - (kept.get(name)?.gatheredAt ?? -Infinity);
      return age < collectors[name].minIntervalMs * REUSE_FACTOR ? latest(name) : undefined;
    },
  };
}

/**
 * Runs a collector at most once at a time, for as long as it takes. A scrape that comes meanwhile waits for the same run. `take` gets
 * each finding once.
 */
function backgroundRuns(take: (finding: Finding, started: number) => void) {
  const running = new Map<CollectorName, Promise<Finding>>();
  return (collector: ActiveCollector, context: Parameters<typeof gatherBeside>[1]): Promise<Finding> => {
    const { name } = collector;
    const current = running.get(name);
    if (current) return current;
    const started = performance.now();
    const run = gatherBeside(collector, context).then((finding) => {
      running.delete(name);
      take(finding, started);
      return finding;
    });
    running.set(name, run);
    return run;
  };
}

/** Whether it was gathered in this scrape. */
function isNew({ outcome }: Finding): boolean {
  return outcome.state !== 'ok' || !outcome.reused;
}

function report(findings: readonly Finding[], started: number): ScrapeReport {
  const outcomes = new Map(findings.map(({ name, outcome }) => [name, outcome]));
  const answered = (name: CollectorName) => IN_TURN.has(name) && outcomes.get(name)?.state === 'ok';
  const up = outcomes.has('getinfo') ? answered('getinfo') : [...outcomes.keys()].some(answered);
  return { up, durationSeconds: (performance.now() - started) / 1000, outcomes };
}

const IN_TURN: ReadonlySet<CollectorName> = new Set(
  COLLECTORS.filter(({ runs }) => runs === 'in-turn').map(({ name }) => name),
);

/** What the promise resolves with, or `undefined` if that takes longer than `ms`. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
