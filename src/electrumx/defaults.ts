// ElectrumX's defaults for settings that its LocalRPC does not report.

/** Sessions, LocalRPC's included, above which the server closes its client ports. The default of every release since 0.8. */
export const MAX_SESSIONS = 1000;

/** Cost above which sessions and groups are throttled. The same since costs came with 1.10.1. */
export const COST_SOFT_LIMIT = 1000;

/** Cost at which sessions and groups are disconnected; 0 turns all cost limits off. */
export const COST_HARD_LIMIT = 10_000;

/** Requests that a new session may have in progress at a time. */
export const INITIAL_CONCURRENT = 10;

/** Requests that a session could have in progress at a time from 1.4 to 1.10.0. */
export const INITIAL_CONCURRENT_BEFORE_COSTS = 6;

/** Up to 1.3 the number in the flags is a priority. Above this one requests are delayed. */
export const HIGHEST_UNDELAYED_PRIORITY = 5;

/** What the operator has configured; `undefined` where the default is in force. */
export interface CostSettings {
  readonly costSoftLimit: number | undefined;
  readonly costHardLimit: number | undefined;
}

/** The cost limits in force; `undefined` where the operator has turned them off. */
export function costLimits(settings: CostSettings): { readonly soft: number; readonly hard: number } | undefined {
  const hard = settings.costHardLimit ?? COST_HARD_LIMIT;
  return hard === 0 ? undefined : { soft: settings.costSoftLimit ?? COST_SOFT_LIMIT, hard };
}
