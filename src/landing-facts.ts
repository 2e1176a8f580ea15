// What the landing page shows, from the last scrape.
import type { Config } from './config/parse.ts';
import type { ServiceResult } from './electrum/probe-service.ts';
import { formatHostPort } from './electrumx/address.ts';
import { sessionsLimit } from './electrumx/sessions-limit.ts';
import type { CollectorFacts, LandingFacts, ProbeFacts } from './http/landing.ts';
import type { Outcome } from './scrape/collector.ts';
import type { Snapshot } from './scrape/scraper.ts';

/** `last` is the snapshot of the last scrape, if there was one. */
export function landingFacts(last: Snapshot | undefined, settings: Config, version: string): LandingFacts {
  const page = { version, telemetryPath: settings.telemetryPath, target: formatHostPort(settings.rpcAddress) };
  if (!last) return page;
  const { results, report } = last;
  const { getinfo } = results;
  const collectors = [...report.outcomes].map(([name, outcome]) => collectorFacts(name, outcome));
  return {
    ...page,
    scrapedAt: last.finishedAt,
    up: report.up,
    downReason: collectors.find(({ name }) => name === 'getinfo')?.reason,
    electrumxVersion: getinfo?.version,
    coin: getinfo?.coin,
    daemonHeight: getinfo?.daemonHeight,
    dbHeight: getinfo?.dbHeight,
    sessions: getinfo?.sessions,
    sessionsLimit: sessionsLimit({
      maxSessions: settings.maxSessions,
      maxFds: results.process?.maxFds,
      sessions: getinfo?.sessions,
    })?.limit,
    probe: results.probe?.services.map(probeFacts),
    collectors,
  };
}

function probeFacts({ service: { transport, port }, ok, steps }: ServiceResult): ProbeFacts {
  const failedStep = [...steps].find(([, step]) => !step.ok)?.[0];
  return { transport, port, ok, failedStep };
}

function collectorFacts(name: string, outcome: Outcome): CollectorFacts {
  const { state, durationSeconds: seconds } = outcome;
  if (state === 'pending') return { name, state: 'skipped', seconds, reason: 'not finished yet' };
  if (state === 'failed') return { name, state, seconds, reason: `${outcome.reason} (${outcome.kind})` };
  return { name, state, seconds, reason: state === 'skipped' ? outcome.reason : outcome.incomplete };
}
