// THE LIST of options: flag, environment variable, default and help. Config, --help and docs/configuration.md come from it.
import * as kinds from './option-types.ts';
import type { Kind } from './option-types.ts';
import {
  blockIntervalFromElectrumX,
  rpcAddressFromElectrumX,
  type Derived,
  type Environment,
} from './electrumx-env.ts';
import type { CollectorName } from '../scrape/outcome.ts';

export interface Option<T> {
  /** without the leading `--` */
  readonly flag: string;
  readonly env: string;
  readonly kind: Kind<T>;
  readonly help: string;
  /** as it would be written; without it the value is `undefined` when not given */
  readonly default?: string;
  /** looked for between the option and its default */
  readonly derive?: (env: Environment) => Derived | undefined;
  readonly repeatable?: true;
  /** the value is never shown, not even in an error */
  readonly secret?: true;
}

/** With the default the value is always there. */
type Given<T> = Option<T> & { readonly default: string };

const MINUTE = 60_000;

function named(flag: string): { flag: string; env: string } {
  return {
    flag,
    env: `ELECTRUMX_EXPORTER_${flag
      .replace(/^electrumx\./, '')
      .replace(/[.-]/g, '_')
      .toUpperCase()}`,
  };
}

function option<T>(
  flag: string,
  rest: Omit<Option<T>, 'flag' | 'env' | 'default'> & { env?: string; default: string },
): Given<T> {
  return { ...named(flag), ...rest };
}

/** A limit of ElectrumX itself, under the name that ElectrumX's own environment file gives it. */
function told<T>(flag: string, env: string, kind: Kind<T>, help: string): Option<T> {
  return { flag, env, kind, help };
}

function collectorOptions(name: CollectorName) {
  return {
    on: option(`collector.${name}`, { kind: kinds.toggle, default: 'true', help: `Ask for ${name}.` }),
    minIntervalMs: option(`collector.${name}.min-interval`, {
      kind: kinds.duration(0, 60 * MINUTE),
      default: '0s',
      help: `Use the last answer to ${name} again for this long; 0s asks on every scrape.`,
    }),
  };
}

export const OPTIONS = {
  rpcAddress: option('electrumx.rpc-address', {
    kind: kinds.address,
    derive: rpcAddressFromElectrumX,
    default: '127.0.0.1:8000',
    help: "Where LocalRPC listens. If not given: the rpc:// entry of ElectrumX's SERVICES, else its RPC_HOST and RPC_PORT.",
  }),
  timeoutMs: option('electrumx.timeout', {
    kind: kinds.duration(100, 10 * MINUTE),
    default: '8s',
    help: 'Longest time for asking ElectrumX in one scrape; Prometheus can shorten it, by its scrape timeout less 0.5 s.',
  }),
  maxResponseBytes: option('electrumx.max-response-bytes', {
    kind: kinds.size(2 ** 10, 256 * 2 ** 20),
    default: '64MiB',
    help: 'Largest answer that is read; a larger one fails its collector.',
  }),
  maxSessions: told(
    'electrumx.max-sessions',
    'MAX_SESSIONS',
    kinds.pythonInteger(0, 1e9),
    'MAX_SESSIONS of ElectrumX, to be exported.',
  ),
  costSoftLimit: told(
    'electrumx.cost-soft-limit',
    'COST_SOFT_LIMIT',
    kinds.pythonInteger(0, 1e12),
    'COST_SOFT_LIMIT of ElectrumX, to be exported and compared with; compared with 1000 if not given.',
  ),
  costHardLimit: told(
    'electrumx.cost-hard-limit',
    'COST_HARD_LIMIT',
    kinds.pythonInteger(0, 1e12),
    'COST_HARD_LIMIT of ElectrumX, to be exported and compared with; compared with 10000 if not given; 0 = no limits.',
  ),
  initialConcurrent: told(
    'electrumx.initial-concurrent',
    'INITIAL_CONCURRENT',
    kinds.pythonInteger(1, 1e6),
    'INITIAL_CONCURRENT of ElectrumX: sessions with less are counted as throttled; 10 if not given.',
  ),
  primaryDaemon: {
    ...told(
      'electrumx.daemon-url',
      'DAEMON_URL',
      kinds.daemonUrl,
      'DAEMON_URL of ElectrumX, to tell a failover; only host and port of the first are kept.',
    ),
    secret: true,
  },
  reportedHosts: told(
    'electrumx.report-services',
    'REPORT_SERVICES',
    kinds.reportedHosts,
    'REPORT_SERVICES of ElectrumX, to find this server among the peers.',
  ),
  blockIntervalMs: {
    ...named('electrumx.block-interval'),
    kind: kinds.duration(0, 24 * 60 * MINUTE),
    derive: blockIntervalFromElectrumX,
    help: "Mean time between blocks of the coin, to tell a daemon that stands still; 0s: unknown. If not given: by ElectrumX's COIN and NET, else by the coin in getinfo.",
  } as Option<number>,
  listenAddresses: {
    ...option('web.listen-address', {
      kind: kinds.listenAddress,
      default: ':10061',
      help: 'Where to serve; without a host on all interfaces. Can be given several times, in the environment with commas.',
    }),
    repeatable: true,
  },
  telemetryPath: option('web.telemetry-path', {
    kind: kinds.webPath,
    default: '/metrics',
    help: 'Path of the metrics.',
  }),
  webConfigFile: {
    ...named('web.config.file'),
    kind: kinds.path,
    help: "TLS and basic authentication, as a YAML file of exporter-toolkit's format: see docs/web-config.md.",
  } as Option<string>,
  getinfo: collectorOptions('getinfo'),
  groups: collectorOptions('groups'),
  sessions: collectorOptions('sessions'),
  peers: collectorOptions('peers'),
  maxPairs: option('collector.sessions.max-pairs', {
    kind: kinds.integer(0, 1e12),
    default: '500000',
    help: 'Skip sessions when the squared sizes of all groups add up to more: ElectrumX would stand still for too long.',
  }),
  topGroups: option('collector.groups.top', {
    kind: kinds.integer(0, 100),
    default: '10',
    help: 'How many groups to show, by rank.',
  }),
  groupNames: option('collector.groups.names', {
    kind: kinds.toggle,
    default: 'false',
    help: "Also show the groups' names: this puts subnets of clients, with some settings their addresses, into Prometheus.",
  }),
  logLevel: option('log.level', {
    kind: kinds.choice('debug', 'info', 'warn', 'error'),
    default: 'info',
    help: 'Least severe messages to log.',
  }),
  logFormat: option('log.format', {
    kind: kinds.choice('json', 'pretty'),
    default: 'json',
    help: 'Format of the log.',
  }),
} as const;

/** Every option, one after the other. */
export function allOptions(): readonly Option<unknown>[] {
  return Object.values(OPTIONS).flatMap((entry): Option<unknown>[] =>
    'on' in entry ? [entry.on, entry.minIntervalMs] : [entry],
  );
}

/** Flags that are no settings: what to do instead of serving. */
export const ACTIONS = {
  'config.check': 'Check the configuration, print it, and exit.',
  healthcheck: 'Ask the exporter that runs with the same configuration whether it is there; exit code 0 if so, else 1.',
  version: 'Print the version and exit.',
  help: 'Print this help and exit.',
} as const;
