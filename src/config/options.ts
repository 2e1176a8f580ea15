// The list of all options: flag, environment variable, default and help. Config, --help and docs/configuration.md are derived from it.
import { COLLECTORS } from '../scrape/collectors.ts';
import { blockIntervalFromElectrumX, rpcAddressFromElectrumX, type Environment } from './electrumx-env.ts';
import { named, option, serverSetting, type Option } from './option.ts';
import * as types from './option-types.ts';

const MINUTE = 60_000;

/** For variables that ElectrumX reads as off when they are empty, and not as their default. */
function keepEmpty(variable: string) {
  return (env: Environment) => (env[variable]?.trim() === '' ? { origin: variable, given: '', text: '' } : undefined);
}

/** The settings of the exporter and of the ElectrumX server. Those of collectors are in COLLECTOR_OPTIONS. */
export const OPTIONS = {
  rpcAddress: option('electrumx.rpc-address', {
    type: types.address,
    derive: rpcAddressFromElectrumX,
    default: '127.0.0.1:8000',
    help: "Address of ElectrumX's LocalRPC. If not given: the rpc:// entry of ElectrumX's SERVICES, else its RPC_HOST and RPC_PORT.",
  }),
  timeoutMs: option('electrumx.timeout', {
    type: types.duration(100, 10 * MINUTE),
    default: '8s',
    help: 'Time limit for querying ElectrumX in one scrape. The scrape timeout of Prometheus less 0.5 s shortens it.',
  }),
  maxResponseBytes: option('electrumx.max-response-bytes', {
    type: types.size(2 ** 10, 256 * 2 ** 20),
    default: '16MiB',
    help: 'Largest reply that is read. A larger one fails its collector. 16MiB is enough for 100,000 sessions.',
  }),
  maxSessions: serverSetting(
    'electrumx.max-sessions',
    'MAX_SESSIONS',
    types.serverInteger(0),
    "ElectrumX's MAX_SESSIONS. Assumed if not given: 1000.",
  ),
  costSoftLimit: serverSetting(
    'electrumx.cost-soft-limit',
    'COST_SOFT_LIMIT',
    types.serverInteger(0),
    "ElectrumX's COST_SOFT_LIMIT. Assumed if not given: 1000.",
  ),
  costHardLimit: serverSetting(
    'electrumx.cost-hard-limit',
    'COST_HARD_LIMIT',
    types.serverInteger(0),
    "ElectrumX's COST_HARD_LIMIT. Assumed if not given: 10000. 0: no limits.",
  ),
  initialConcurrent: serverSetting(
    'electrumx.initial-concurrent',
    'INITIAL_CONCURRENT',
    types.serverInteger(1),
    "ElectrumX's INITIAL_CONCURRENT. Sessions with a lower concurrency are counted as throttled. Assumed if not given: 10.",
  ),
  daemons: {
    ...serverSetting(
      'electrumx.daemon-url',
      'DAEMON_URL',
      types.daemonUrls,
      "ElectrumX's DAEMON_URL, used to detect a failover. Only hosts and ports are kept.",
    ),
    secret: true,
  },
  reportedHosts: serverSetting(
    'electrumx.report-services',
    'REPORT_SERVICES',
    types.reportedHosts,
    "ElectrumX's REPORT_SERVICES, used to find this server among the peers.",
  ),
  peerDiscovery: {
    ...serverSetting(
      'electrumx.peer-discovery',
      'PEER_DISCOVERY',
      types.peerDiscovery,
      "ElectrumX's PEER_DISCOVERY. With off and self the server does not verify itself, and electrumx_peer_self_good is absent.",
    ),
    derive: keepEmpty('PEER_DISCOVERY'),
    default: 'on',
  },
  peerAnnounce: {
    ...serverSetting(
      'electrumx.peer-announce',
      'PEER_ANNOUNCE',
      types.peerAnnounce,
      "ElectrumX's PEER_ANNOUNCE. If it is empty, the server does not announce itself, and electrumx_peer_self_good is absent.",
    ),
    derive: keepEmpty('PEER_ANNOUNCE'),
    default: 'on',
  },
  blockIntervalMs: {
    ...named('electrumx.block-interval'),
    type: types.duration(0, 24 * 60 * MINUTE),
    derive: blockIntervalFromElectrumX,
    help: "Mean time between blocks, used to detect a stalled daemon. 0s: unknown. If not given: from ElectrumX's COIN and NET, else from the coin in getinfo.",
  } as Option<number>,
  listenAddresses: {
    ...option('web.listen-address', {
      type: types.listenAddress,
      default: ':10061',
      help: 'Address to listen on; without a host, all interfaces. Can be repeated; in the environment, separate addresses by commas.',
    }),
    repeatable: true,
  },
  telemetryPath: option('web.telemetry-path', {
    type: types.webPath,
    default: '/metrics',
    help: 'Path under which to serve metrics.',
  }),
  webConfigFile: {
    ...named('web.config.file'),
    type: types.path,
    help: "File with TLS and basic authentication settings, in exporter-toolkit's format: see docs/web-config.md.",
  } as Option<string>,
  logLevel: option('log.level', {
    type: types.choice('debug', 'info', 'warn', 'error'),
    default: 'info',
    help: 'Only log messages with this severity or above.',
  }),
  logFormat: option('log.format', {
    type: types.choice('json', 'pretty'),
    default: 'json',
    help: 'Format of log messages.',
  }),
} as const;

type AnyCollector = (typeof COLLECTORS)[number];

/** The options of each collector, by its name and by their key in the configuration. */
export type CollectorOptionsByName = {
  readonly [C in AnyCollector as C['name']]: ReturnType<typeof commonOptions> & C['options'];
};

export const COLLECTOR_OPTIONS = Object.fromEntries(
  COLLECTORS.map((collector) => [collector.name, { ...commonOptions(collector), ...collector.options }]),
) as CollectorOptionsByName;

function commonOptions({ name, help, minInterval }: Pick<AnyCollector, 'name' | 'help' | 'minInterval'>) {
  return {
    on: option(`collector.${name}`, { type: types.toggle, default: 'true', help }),
    minIntervalMs: option(`collector.${name}.min-interval`, {
      type: types.duration(0, 60 * MINUTE),
      default: minInterval,
      help: `Reuse the last result of ${name} for this long. 0s: collect on every scrape.`,
    }),
  };
}

/** Every option, in the order of `--help`. */
export function allOptions(): readonly Option<unknown>[] {
  const lists: readonly Readonly<Record<string, Option<unknown>>>[] = [OPTIONS, ...Object.values(COLLECTOR_OPTIONS)];
  return lists.flatMap((options) => Object.values<Option<unknown>>(options));
}

/** Flags that are not settings: what to do instead of serving. */
export const ACTIONS = {
  'config.check': 'Check the configuration, print it, and exit.',
  healthcheck: 'Check whether an exporter with this configuration is running. Exit code 0 if so, else 1.',
  version: 'Print the version and exit.',
  help: 'Print this help and exit.',
} as const;
