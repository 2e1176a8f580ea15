// How asking ElectrumX went: one outcome for each collector.
import type { RpcErrorKind } from '../localrpc/errors.ts';

/** The collectors, in the order in which they ask. Each is the one LocalRPC method of that name. */
export const COLLECTOR_NAMES = ['getinfo', 'groups', 'sessions', 'peers'] as const;
export type CollectorName = (typeof COLLECTOR_NAMES)[number];

/**
 * - `ok`: there is a model; `reused` when it is one of an earlier scrape, within the collector's min-interval
 * - `failed`: asked in vain, with the reason in words for the log
 * - `skipped`: not asked, to spare the server
 */
export type Outcome = { readonly durationSeconds: number } & (
  | { readonly state: 'ok'; readonly bytes: number; readonly badRows: number; readonly reused: boolean }
  | { readonly state: 'failed'; readonly kind: RpcErrorKind; readonly reason: string }
  | { readonly state: 'skipped' }
);

/** One scrape in numbers. Collectors that are switched off are not in it. */
export interface ScrapeReport {
  /** ElectrumX answered (`getinfo`, or anything at all when that is switched off) */
  readonly up: boolean;
  readonly durationSeconds: number;
  readonly outcomes: ReadonlyMap<CollectorName, Outcome>;
}
