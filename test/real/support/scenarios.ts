// What can happen to a server, which notifications it causes, and which alerts fire without one.
import type { Scenario } from '../../../src/simulator/world/scenarios.ts';
import { selfSigned } from '../../../src/simulator/wallet/certificate.ts';
import type { Gauges } from './metrics-relay.ts';
import { waitFor } from './wait.ts';
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
  /** critical notifications that may come after the end */
  readonly mayFollow?: readonly string[];
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

/** What a host shows that this one does not, in trouble and after it. */
function host(
  title: string,
  notifies: readonly string[],
  { trouble, after }: Record<'trouble' | 'after', Gauges>,
): Case {
  return {
    title,
    // The relay adds what these collectors would have found.
    server: { relay: true, flags: ['--no-collector.process', '--no-collector.disk'] },
    begin: ({ relay }) => relay?.add(trouble),
    end: ({ relay }) => relay?.add(after),
    notifies,
    silent: [],
  };
}

/** One probe of so many fails, until it ends. */
function flaky(oneOf: number): Pick<Case, 'begin' | 'end'> {
  const over = new AbortController();
  const fail = async ({ simulator }: Watched) => {
    const begun = () => simulator.walletRequests.filter((method) => method === 'server.version').length;
    const probes = (count: number) => {
      const most = begun() + count * simulator.services.length;
      return waitFor('probes', () => begun() >= most || over.signal.aborted || undefined, {
        timeoutMs: 60_000,
        everyMs: 20,
      });
    };
    while (!over.signal.aborted) {
      await probes(oneOf - 1);
      simulator.failWallet('server.version', 'error');
      await probes(1);
      simulator.recover();
    }
  };
  return { begin: (watched) => void fail(watched).catch(() => undefined), end: () => over.abort() };
}

const DAY_MS = 86_400_000;
const GB = 1e9;

/** A self-signed certificate that ends so many days from now. */
function certificateFor(days: number) {
  const now = Date.now();
  return selfSigned({ commonName: 'localhost', notBefore: now - DAY_MS, notAfter: now + days * DAY_MS });
}

/** The free bytes of a disk that loses a gigabyte a second from when it is first read. */
function filling(): () => number {
  const since = performance.now();
  return () => 500 * GB - (performance.now() - since) * (GB / 1000);
}

const WITH_TLS = [{ transport: 'tcp' }, { transport: 'ssl' }] as const;

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
  // Not slow: times that it wrote down would seem to be hours ago here.
  {
    title: 'clock of the exporter ten minutes fast',
    begin: (watched) => watched.setClockOffset(600_000),
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
  // At the usual speed no scrape would be over before the next crash.
  scenario('crash-loop', ['critical ElectrumXRestarting'], [], {
    server: { speed: 15 },
    // Blocks come ten times too slowly for the rules.
    mayFollow: ['critical ElectrumXDaemonHeightStalled'],
  }),
  scenario('daemon-stalled', ['critical ElectrumXDaemonHeightStalled']),
  scenario('index-behind', ['critical ElectrumXBlocksBehind']),
  scenario('initial-sync', [], ['ElectrumXSyncing'], { server: { scenario: 'initial-sync' } }),
  scenario(
    'sync-stalled',
    ['warning ElectrumXSyncStalled'],
    ['ElectrumXNoGoodPeers', 'ElectrumXNotAdvertised', 'ElectrumXSyncing'],
    {
      server: { scenario: 'sync-stalled' },
    },
  ),
  scenario('daemon-failover', ['warning ElectrumXDaemonFailedOver']),
  scenario('flood', ['warning ElectrumXSubnetDominates'], ['ElectrumXCollectorSkipped'], {
    server: { flags: ['--collector.sessions.max-pairs=100000'] },
  }),
  scenario('churn', ['warning ElectrumXConnectionChurn'], [], { server: { sessions: 300 } }),
  // The median of 15 minutes needs more scrapes than the others have.
  scenario(
    'overloaded',
    ['critical ElectrumXOverloaded'],
    ['ElectrumXClientsThrottled', 'ElectrumXPendingRequestsHigh'],
    {
      everyMs: 700,
      server: { sessions: 400 },
    },
  ),
  scenario('overloaded', ['warning ElectrumXClientsThrottled', 'warning ElectrumXPendingRequestsHigh'], [], {
    title: 'overloaded, with few clients',
    server: { sessions: 150 },
  }),
  scenario('throttled', ['warning ElectrumXClientsThrottled']),
  scenario('locked-out', ['warning ElectrumXClientsThrottled'], ['ElectrumXGroupsLockedOut']),
  scenario('slow', ['warning ElectrumXEventLoopSlow'], [], {
    everyMs: 2500,
    server: {
      probeTimeout: '10s',
      flags: ['--no-collector.groups', '--no-collector.sessions', '--no-collector.peers'],
    },
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
  // A probe that hangs for long would have an old tip by the fast clock of the simulator.
  scenario('balance-hang', ['critical ElectrumXWalletUnserved'], [], { server: { probeTimeout: '500ms' } }),
  scenario('daemon-dead', ['critical ElectrumXDaemonUnreachable'], ['ElectrumXDaemonHeightStalled'], {
    end: ({ simulator }) => {
      simulator.setScenario('calm');
      simulator.world.daemon.height += 12; // found meanwhile
    },
  }),
  // Slower than the others, because a simulated server ends sessions that have been idle for 10 minutes.
  scenario('wallet-slow', ['warning ElectrumXWalletSlow'], [], {
    // It has no blocks, which is not the point here.
    server: { speed: 20, probeTimeout: '10s', flags: ['--electrumx.block-interval=0s'] },
  }),
  scenario('port-closed', ['critical ElectrumXClientPortDown'], [], { server: { services: WITH_TLS } }),
  scenario('certificate-expiring', ['warning ElectrumXCertificateExpiring'], [], { server: { services: WITH_TLS } }),
  scenario('wrong-chain', ['critical ElectrumXWrongChain']),
  {
    title: 'certificate of a day',
    server: { services: WITH_TLS },
    begin: async ({ server }) => {
      await server.stop();
      await server.start({ certificate: certificateFor(1) });
    },
    end: async ({ server }) => {
      await server.stop();
      await server.start();
    },
    notifies: ['critical ElectrumXCertificateExpiresSoon'],
    silent: ['ElectrumXCertificateExpiring'],
  },
  {
    title: 'certificate replaced on disk',
    server: { services: WITH_TLS, certificateFile: true },
    begin: (watched) => watched.writeCertificate(certificateFor(90).cert),
    end: (watched) => watched.writeCertificate(),
    notifies: ['warning ElectrumXCertificateNotServed'],
    silent: [],
  },
  {
    title: 'one of four probes fails',
    everyMs: 700,
    ...flaky(4),
    notifies: ['critical ElectrumXErrorBudgetBurnFast'],
    silent: [],
  },
  host('memory near its limit', ['warning ElectrumXMemoryNearLimit'], {
    trouble: { electrumx_process_resident_memory_bytes: 15 * GB, electrumx_process_memory_limit_bytes: 16 * GB },
    after: { electrumx_process_resident_memory_bytes: 8 * GB, electrumx_process_memory_limit_bytes: 16 * GB },
  }),
  host('open files near their limit', ['warning ElectrumXFileDescriptorsHigh'], {
    trouble: { electrumx_process_open_fds: 980, electrumx_process_max_fds: 1024 },
    after: { electrumx_process_open_fds: 400, electrumx_process_max_fds: 1024 },
  }),
  host('disk filling', ['warning ElectrumXDiskFilling'], {
    trouble: { electrumx_db_filesystem_avail_bytes: filling(), electrumx_db_filesystem_size_bytes: 1000 * GB },
    after: { electrumx_db_filesystem_avail_bytes: 200 * GB, electrumx_db_filesystem_size_bytes: 1000 * GB },
  }),
  host('disk full', ['critical ElectrumXDiskFull'], {
    trouble: { electrumx_db_filesystem_avail_bytes: GB, electrumx_db_filesystem_size_bytes: 1000 * GB },
    after: { electrumx_db_filesystem_avail_bytes: 500 * GB, electrumx_db_filesystem_size_bytes: 1000 * GB },
  }),
  host('inodes used up', ['critical ElectrumXDiskOutOfInodes'], {
    trouble: { electrumx_db_filesystem_files_free: 100 },
    after: { electrumx_db_filesystem_files_free: 1_000_000 },
  }),
  scenario('hostile-names', [], ['ElectrumXHostileInput']),
];
