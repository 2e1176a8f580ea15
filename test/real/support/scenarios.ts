// What can happen to a server, what is told of it to whom, and what stays silent although it fires.
import type { Scenario } from '../../../src/simulator/world/scenarios.ts';
import type { Watched, WatchedOptions } from './watched.ts';

export interface Case {
  readonly title: string;
  /** how this server differs from the others */
  readonly server?: Partial<WatchedOptions>;
  /** between scrapes, if not as for the others */
  readonly everyMs?: number;
  readonly begin: (watched: Watched) => unknown;
  readonly end: (watched: Watched) => unknown;
  /** as `receiver alert` */
  readonly tells: readonly string[];
  /** alerts that fire, but are inhibited or only infos */
  readonly silent: readonly string[];
}

/** A scenario of the simulator, after calm and until calm. */
function scenario(
  name: Scenario,
  tells: readonly string[],
  silent: readonly string[] = [],
  rest: Partial<Case> = {},
): Case {
  return {
    title: name,
    begin: ({ simulator }) => simulator.setScenario(name),
    end: ({ simulator }) => simulator.setScenario('calm'),
    tells,
    silent,
    ...rest,
  };
}

export const CASES: readonly Case[] = [
  {
    title: 'exporter gone',
    begin: ({ exporter }) => exporter.stop(),
    end: ({ exporter }) => exporter.start(),
    tells: ['critical ElectrumXExporterDown'],
    silent: [],
  },
  {
    title: 'server gone',
    begin: ({ server }) => server.stop(),
    end: ({ server }) => server.start(),
    tells: ['critical ElectrumXDown'],
    silent: [],
  },
  {
    title: 'peers refused',
    begin: ({ simulator }) => simulator.fail('peers', 'error'),
    end: ({ simulator }) => simulator.recover(),
    tells: ['warning ElectrumXCollectorFailing'],
    silent: [],
  },
  scenario('crash-loop', ['critical ElectrumXRestarting']),
  scenario('daemon-stalled', ['critical ElectrumXDaemonHeightStalled']),
  scenario('index-behind', ['critical ElectrumXBlocksBehind']),
  scenario('initial-sync', [], ['ElectrumXSyncing'], { server: { scenario: 'initial-sync' } }),
  scenario('sync-stalled', ['warning ElectrumXSyncStalled'], ['ElectrumXNotAdvertised', 'ElectrumXSyncing'], {
    server: { scenario: 'sync-stalled' },
  }),
  scenario('daemon-failover', ['warning ElectrumXDaemonFailedOver']),
  scenario('flood', ['warning ElectrumXSubnetDominates'], ['ElectrumXCollectorSkipped'], {
    server: { flags: ['--collector.sessions.max-pairs=100000'] },
  }),
  scenario('churn', ['warning ElectrumXConnectionChurn'], [], { server: { sessions: 300 } }),
  // The alert looks at the lowest of five minutes, which is three looks here and twenty where nothing is faster.
  scenario('overloaded', ['critical ElectrumXOverloaded'], ['ElectrumXPendingRequestsHigh'], {
    everyMs: 700,
    server: { sessions: 400 },
  }),
  scenario('overloaded', ['warning ElectrumXPendingRequestsHigh'], [], {
    title: 'overloaded, with few clients',
    server: { sessions: 150 },
  }),
  scenario('throttled', ['warning ElectrumXClientsThrottled']),
  scenario('locked-out', ['warning ElectrumXClientsThrottled'], ['ElectrumXGroupsLockedOut']),
  scenario('slow', ['warning ElectrumXEventLoopSlow'], [], {
    everyMs: 2500,
    server: { flags: ['--no-collector.groups', '--no-collector.sessions', '--no-collector.peers'] },
  }),
  scenario('sessions-many', ['warning ElectrumXSessionsNearLimit']),
  scenario('sessions-full', ['critical ElectrumXSessionsExhausted'], ['ElectrumXSessionsNearLimit']),
  scenario('logging', [], ['ElectrumXSessionLoggingOn']),
  scenario('peers-lost', [
    'warning ElectrumXNoGoodPeers',
    'warning ElectrumXNotAdvertised',
    'warning ElectrumXPeerDiscoveryStalled',
  ]),
  scenario('discovery-stalled', ['warning ElectrumXPeerDiscoveryStalled']),
  scenario('not-advertised', ['warning ElectrumXNotAdvertised']),
  scenario('flush-count-high', ['warning ElectrumXFlushCountHigh']),
  scenario('flush-count-critical', ['critical ElectrumXFlushCountCritical'], ['ElectrumXFlushCountHigh']),
  scenario('stuck-closing', ['warning ElectrumXSessionsStuckClosing']),
  scenario('hostile-names', [], ['ElectrumXHostileInput']),
];
