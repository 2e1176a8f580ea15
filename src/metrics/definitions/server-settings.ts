// What the operator told the exporter of ElectrumX's own settings, so that queries and alerts need no numbers of their own.
import { gauge, only } from '../metric.ts';

export const TOLD_METRICS = [
  gauge({
    name: 'electrumx_config_max_sessions',
    help: 'MAX_SESSIONS of ElectrumX, the limit of getinfo: sessions.count; only if the exporter was told.',
    source: 'environment: MAX_SESSIONS',
    read: ({ told }) => only(told.maxSessions),
  }),
  gauge({
    name: 'electrumx_config_cost_soft_limit',
    help: 'COST_SOFT_LIMIT of ElectrumX, above which groups and sessions are slowed down; only if the exporter was told.',
    source: 'environment: COST_SOFT_LIMIT',
    read: ({ told }) => only(told.costSoftLimit),
  }),
  gauge({
    name: 'electrumx_config_cost_hard_limit',
    help: 'COST_HARD_LIMIT of ElectrumX, above which groups and sessions are cut off, 0 = never; only if the exporter was told.',
    source: 'environment: COST_HARD_LIMIT',
    read: ({ told }) => only(told.costHardLimit),
  }),
  gauge({
    name: 'electrumx_config_block_interval_seconds',
    help: 'Mean time between blocks of the coin, as the exporter was told or knows it; absent for other coins and for test networks.',
    source: 'environment: COIN, NET; getinfo: coin',
    read: ({ told: { blockIntervalMs }, getinfo }) =>
      only((blockIntervalMs === undefined ? getinfo?.blockSeconds : blockIntervalMs / 1000) || undefined),
  }),
];
