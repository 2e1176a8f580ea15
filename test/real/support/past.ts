// Simulated servers with exporters, and a Prometheus that has scraped them for hours: all that a dashboard can show.
import type { Source } from '../../../grafana/preview/queries.ts';
import { makeClosers } from './closers.ts';
import { startHistory, type Clock, type Happening } from './history.ts';
import type { Prometheus } from './prometheus.ts';
import { startWatched, type Watched, type WatchedOptions } from './watched.ts';

export interface PastServer extends Omit<WatchedOptions, 'now'> {
  readonly instance: string;
}

export interface PastOptions {
  readonly servers: readonly [PastServer, ...PastServer[]];
  /** the end, in milliseconds since the epoch */
  readonly to: number;
  readonly hours: number;
  /** between scrapes; a minute if not given */
  readonly everyMs?: number;
  /** what happens to the first server */
  readonly happenings?: (first: Watched) => readonly Happening[];
}

export interface Past {
  readonly prometheus: Prometheus;
  readonly watched: readonly Watched[];
  /** For dashboards of the first server, or of all: at the end, or at an earlier time. */
  source(changes?: Partial<Source>): Source;
  stop(): Promise<void>;
}

/** Otherwise results are reused for minutes of real time, which are hours on the virtual clock. */
const GATHER_EACH_TIME = ['--collector.probe.min-interval=0s', '--collector.disk.min-interval=0s'];

export async function startPast({ servers, to, hours, everyMs = 60_000, happenings }: PastOptions): Promise<Past> {
  const closers = makeClosers();
  const clock: Clock = { now: to - hours * 3_600_000 };
  try {
    const watched: Watched[] = [];
    for (const server of servers) {
      const flags = [...GATHER_EACH_TIME, ...(server.flags ?? [])];
      watched.push(closers.add(await startWatched({ ...server, flags, now: () => clock.now }), (it) => it.stop()));
    }
    const targets = servers.map(({ instance }, index) => ({ instance, port: () => watched[index]?.port }));
    const [first] = watched;
    const events = first && happenings ? happenings(first) : [];
    const history = await startHistory({ clock, targets, to, everyMs, happenings: events });
    const { prometheus } = closers.add(history, (it) => it.stop());
    const variables = { datasource: 'Prometheus', job: 'electrumx', instance: servers[0].instance };
    const source = { url: prometheus.url, scrapeIntervalMs: everyMs, to, variables, width: 1600 };
    return {
      prometheus,
      watched,
      source: (changes = {}) => ({ ...source, ...changes }),
      stop: () => closers.closeAll(),
    };
  } catch (error) {
    await closers.closeAll();
    throw error;
  }
}
