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

/**
 * The cost limits in force; `undefined` where there are none. A hard limit below the soft one turns both off (`recalc_concurrency` of
 * aiorpcX), except in e-x, which does not start then.
 */
export function costLimits(settings: CostSettings): { readonly soft: number; readonly hard: number } | undefined {
  const { costSoftLimit: soft = COST_SOFT_LIMIT, costHardLimit: hard = COST_HARD_LIMIT } = settings;
  return hard <= 0 || hard < soft ? undefined : { soft, hard };
}
