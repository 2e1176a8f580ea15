// What can happen to a server, which notifications it causes, and which alerts fire without one.
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
  readonly notifies: readonly string[];
  /** alerts that fire without a notification: infos, and those that another alert inhibits */
  readonly silent: readonly string[];
}

/** A scenario of the simulator, between two times of calm. */
function scenario(
  name: Scenario,
  notifies: readonly string[],
  silent: readonly string[] = [],
  rest: Partial<Case> = {},
): Case {
  return {
    title: name,
    begin: ({ simulator }) => simulator.setScenario(name),
    end: ({ simulator }) => simulator.setScenario('calm'),
    notifies,
    silent,
    ...rest,
  };
}

/** Both fire whenever many probes fail, and most faults inhibit them. */
const BURN = ['ElectrumXErrorBudgetBurnFast', 'ElectrumXErrorBudgetBurnSlow'];

export const CASES: readonly Case[] = [
  {
    title: 'exporter gone',
    begin: ({ exporter }) => exporter.stop(),
    end: ({ exporter }) => exporter.start(),
    notifies: ['critical ElectrumXExporterDown'],
    silent: [],
  },
  {
    title: 'server gone',
    begin: ({ server }) => server.stop(),
    end: ({ server }) => server.start(),
    notifies: ['critical ElectrumXDown'],
    silent: [],
  },
  {
    title: 'peers refused',
    begin: ({ simulator }) => simulator.fail('peers', 'error'),
    end: ({ simulator }) => simulator.recover(),
    notifies: ['warning ElectrumXCollectorFailing'],
    silent: [],
  },
  {
    title: 'one of three scrapes lost',
    everyMs: 700,
    server: { relay: true },
    begin: ({ relay }) => relay?.lose(3),
    end: ({ relay }) => relay?.lose(),
    notifies: ['warning ElectrumXScrapesFailing'],
    silent: [],
  },
  {
    title: 'clock of the exporter wrong',
    begin: (watched) => watched.setClockOffset(-600_000),
    end: (watched) => watched.setClockOffset(0),
    notifies: ['warning ElectrumXClockWrong'],
    silent: [],
  },
  {
    title: 'daemon below the index',
    begin: ({ simulator: { world } }) => (world.daemon.height -= 1000),
    end: ({ simulator: { world } }) => (world.daemon.height = world.db.height),
    notifies: ['critical ElectrumXDaemonBelowIndex'],
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
  // The median of 15 minutes needs more scrapes than the others have.
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
  scenario('wallet-tip-frozen', ['critical ElectrumXWalletTipBehind']),
  scenario('balance-hang', ['critical ElectrumXWalletUnserved'], BURN),
  scenario('daemon-dead', ['critical ElectrumXDaemonUnreachable'], ['ElectrumXDaemonHeightStalled', ...BURN]),
  // Slower than the others, because a simulated server ends sessions that have been idle for 10 minutes.
  scenario('wallet-slow', ['warning ElectrumXWalletSlow'], [], {
    server: { speed: 20, probeTimeout: '10s' },
  }),
  scenario('port-closed', ['critical ElectrumXClientPortDown'], BURN),
  scenario('certificate-expiring', ['warning ElectrumXCertificateExpiring']),
  scenario('wrong-chain', ['critical ElectrumXWrongChain']),
  scenario('hostile-names', [], ['ElectrumXHostileInput']),
];
