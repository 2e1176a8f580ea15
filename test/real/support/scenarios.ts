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
    tells: ['page ElectrumXExporterDown'],
    silent: [],
  },
  {
    title: 'server gone',
    begin: ({ server }) => server.stop(),
    end: ({ server }) => server.start(),
    tells: ['page ElectrumXDown'],
    silent: [],
  },
  {
    title: 'peers refused',
    begin: ({ simulator }) => simulator.fail('peers', 'error'),
    end: ({ simulator }) => simulator.recover(),
    tells: ['ticket ElectrumXCollectorFailing'],
    silent: [],
  },
  scenario('crash-loop', ['page ElectrumXRestarting']),
  scenario('daemon-stalled', ['page ElectrumXDaemonHeightStalled']),
  scenario('index-behind', ['page ElectrumXBlocksBehind']),
  scenario('initial-sync', [], ['ElectrumXSyncing'], { server: { scenario: 'initial-sync' } }),
  scenario('sync-stalled', ['ticket ElectrumXSyncStalled'], ['ElectrumXNotAdvertised', 'ElectrumXSyncing'], {
    server: { scenario: 'sync-stalled' },
  }),
  scenario('daemon-failover', ['ticket ElectrumXDaemonFailedOver']),
  scenario('flood', ['ticket ElectrumXSubnetDominates'], ['ElectrumXCollectorSkipped'], {
    server: { flags: ['--collector.sessions.max-pairs=100000'] },
  }),
  scenario('churn', ['ticket ElectrumXConnectionChurn'], [], { server: { sessions: 300 } }),
  // The alert looks at the lowest of five minutes, which is three looks here and twenty where nothing is faster.
  scenario('overloaded', ['page ElectrumXOverloaded'], ['ElectrumXPendingRequestsHigh'], {
    everyMs: 700,
    server: { sessions: 400 },
  }),
  scenario('overloaded', ['ticket ElectrumXPendingRequestsHigh'], [], {
    title: 'overloaded, with few clients',
    server: { sessions: 150 },
  }),
  scenario('throttled', ['ticket ElectrumXClientsThrottled']),
  scenario('locked-out', ['ticket ElectrumXClientsThrottled'], ['ElectrumXGroupsLockedOut']),
  scenario('slow', ['ticket ElectrumXEventLoopSlow'], [], {
    everyMs: 2500,
    server: { flags: ['--no-collector.groups', '--no-collector.sessions', '--no-collector.peers'] },
  }),
  scenario('sessions-many', ['ticket ElectrumXSessionsNearLimit']),
  scenario('sessions-full', ['page ElectrumXSessionsExhausted'], ['ElectrumXSessionsNearLimit']),
  scenario('logging', [], ['ElectrumXSessionLoggingOn']),
  scenario('peers-lost', [
    'ticket ElectrumXNoGoodPeers',
    'ticket ElectrumXNotAdvertised',
    'ticket ElectrumXPeerDiscoveryStalled',
  ]),
  scenario('discovery-stalled', ['ticket ElectrumXPeerDiscoveryStalled']),
  scenario('not-advertised', ['ticket ElectrumXNotAdvertised']),
  scenario('flush-count-high', ['ticket ElectrumXFlushCountHigh']),
  scenario('flush-count-critical', ['page ElectrumXFlushCountCritical'], ['ElectrumXFlushCountHigh']),
  scenario('stuck-closing', ['ticket ElectrumXSessionsStuckClosing']),
  scenario('hostile-names', [], ['ElectrumXHostileInput']),
];
