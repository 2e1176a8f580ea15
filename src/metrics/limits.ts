// The cost limits that a server has unless its operator set others.
import type { Told } from './metric.ts';

/** ElectrumX's own defaults, the same since costs came with 1.10.1. A hard limit of 0 means that there are no limits. */
const DEFAULTS = { soft: 1000, hard: 10_000, initialConcurrent: 10 };

/** The limits in force; `undefined` where the operator switched them off. */
export function costLimits(told: Told): { readonly soft: number; readonly hard: number } | undefined {
  const hard = told.costHardLimit ?? DEFAULTS.hard;
  return hard === 0 ? undefined : { soft: told.costSoftLimit ?? DEFAULTS.soft, hard };
}

/** Requests at a time that a client begins with. */
export function initialConcurrent(told: Told): number {
  return told.initialConcurrent ?? DEFAULTS.initialConcurrent;
}
