// ElectrumX's settings, so that queries and alerts need no numbers of their own.
import { sessionsLimit } from '../../electrumx/sessions-limit.ts';
import { gauge, sample, single, type ScrapeData } from '../metric.ts';

export const SERVER_SETTING_METRICS = [
  gauge({
    name: 'electrumx_config_max_sessions',
    help: 'MAX_SESSIONS of ElectrumX. Absent unless it is configured. The limit in force can be lower: see electrumx_sessions_limit.',
    source: 'environment: MAX_SESSIONS',
    read: ({ settings }) => single(settings.maxSessions),
  }),
  gauge({
    name: 'electrumx_sessions_limit',
    help: 'Sessions at which ElectrumX closes its client ports: MAX_SESSIONS or its default of 1000, or the limit of open files minus 350 if that is lower. Absent if MAX_SESSIONS is not known to the exporter and more than 1100 sessions are open.',
    source: 'environment: MAX_SESSIONS; /proc/PID/limits: Max open files',
    read: (data) => single(limitOf(data)?.limit),
  }),
  gauge({
    name: 'electrumx_sessions_limit_info',
    help: 'Always 1. Source of electrumx_sessions_limit: env (MAX_SESSIONS), default (MAX_SESSIONS is not known to the exporter), or open_files.',
    source: 'environment: MAX_SESSIONS; /proc/PID/limits: Max open files',
    labels: ['source'],
    read: (data) => {
      const limit = limitOf(data);
      return limit ? [sample({ source: limit.source }, 1)] : [];
    },
  }),
  gauge({
    name: 'electrumx_config_cost_soft_limit',
    help: 'COST_SOFT_LIMIT of ElectrumX, above which groups and sessions are throttled. Absent unless it is configured.',
    source: 'environment: COST_SOFT_LIMIT',
    read: ({ settings }) => single(settings.costSoftLimit),
  }),
  gauge({
    name: 'electrumx_config_cost_hard_limit',
    help: 'COST_HARD_LIMIT of ElectrumX, above which groups and sessions are disconnected. 0: no limits. Absent unless it is configured.',
    source: 'environment: COST_HARD_LIMIT',
    read: ({ settings }) => single(settings.costHardLimit),
  }),
  gauge({
    name: 'electrumx_config_block_interval_seconds',
    help: 'Mean time between blocks, as configured or as known for the coin. Absent for other coins and for test networks.',
    source: 'environment: COIN, NET; getinfo: coin',
    read: ({ settings: { blockIntervalMs }, results: { getinfo } }) =>
      single((blockIntervalMs === undefined ? getinfo?.blockSeconds : blockIntervalMs / 1000) || undefined),
  }),
];

/** `undefined` while ElectrumX is down, and if its limit is not known. */
function limitOf({ settings: { maxSessions }, results: { getinfo, process } }: ScrapeData) {
  return getinfo && sessionsLimit({ maxSessions, maxFds: process?.maxFds, sessions: getinfo.sessions });
}
