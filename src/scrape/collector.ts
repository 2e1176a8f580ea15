// What a collector is: its name, its options, and how it gathers its part of a scrape.
import type { Option } from '../config/option.ts';
import type { Config } from '../config/parse.ts';
import type { Answer } from '../localrpc/client.ts';
import type { RpcErrorKind } from '../localrpc/errors.ts';
import type { CollectorName, Results } from './collectors.ts';

/** All that the exporter can send to LocalRPC, which has no authentication and offers `stop` and `reorg` as well. */
export type LocalRpcMethod = 'getinfo' | 'groups' | 'sessions' | 'peers';

/** What a collector can use while it gathers. */
export interface GatherContext {
  /** Sends a request over the LocalRPC connection of this scrape, within this collector's share of the time. Rejects with an RpcError. */
  readonly call: (method: LocalRpcMethod) => Promise<Answer>;
  /** what the collectors before this one found in this scrape */
  readonly results: Results;
  /** seconds since the epoch */
  readonly now: () => number;
}

/**
 * A result, or the reason in words why there was nothing to gather. `bytes` is the size of the reply, `badRows` how many
 * of its rows were left out. `incomplete` says in words why a part of the result is missing.
 */
export type Gathered<Result> =
  | { readonly result: Result; readonly bytes?: number; readonly badRows?: number; readonly incomplete?: string }
  | { readonly skipped: string };

/** Gathers once. A rejection is a failure of this collector only; an RpcError says of which kind. */
export type Gather<Result> = (context: GatherContext) => Promise<Gathered<Result>>;

/**
 * One collector. `Results`, the options and the success metrics of all collectors are derived from this.
 * - `in-turn` collectors query LocalRPC one after the other and share the time of the scrape.
 * - `beside` collectors run at the same time as those, once getinfo has settled. They have a time limit of their own, whatever
 *   that of the scrape is: a result that comes later is used in the next scrape.
 */
export interface Collector<Name extends string, Result, Options extends CollectorOptions> {
  readonly name: Name;
  /** what `--collector.NAME` switches on, for `--help` */
  readonly help: string;
  readonly runs: 'in-turn' | 'beside';
  /** default of `--collector.NAME.min-interval` */
  readonly minInterval: string;
  /** options other than `on` and `minIntervalMs`, by the key that they have in `config.collectors.NAME` */
  readonly options: Options;
  /** Called once for each exporter, with the version of the exporter. What the collector has to remember between scrapes lives in the function that it returns. */
  readonly create: (config: Config, version: string) => Gather<Result>;
}

export type CollectorOptions = Readonly<Record<string, Option<unknown>>>;

/** Checks a collector's types and gives it back. */
export function collector<const Name extends string, Result, Options extends CollectorOptions>(
  definition: Collector<Name, Result, Options>,
): Collector<Name, Result, Options> {
  return definition;
}

/**
 * - `ok`: there is a result; `reused` when an earlier scrape gathered it
 * - `failed`: there is none, with the reason in words for the log
 * - `skipped`: there was nothing to gather, or it was left out to spare the server
 * - `pending`: the first result is not there yet
 */
export type Outcome = { readonly durationSeconds: number } & (
  | {
      readonly state: 'ok';
      readonly bytes: number | undefined;
      readonly badRows: number | undefined;
      readonly incomplete: string | undefined;
      readonly reused: boolean;
    }
  | { readonly state: 'failed'; readonly kind: RpcErrorKind; readonly reason: string }
  | { readonly state: 'skipped'; readonly reason: string }
  | { readonly state: 'pending' }
);

/** One scrape in numbers. Collectors that are switched off are not in it. */
export interface ScrapeReport {
  /** whether ElectrumX answered `getinfo`, or anything when that is switched off */
  readonly up: boolean;
  readonly durationSeconds: number;
  readonly outcomes: ReadonlyMap<CollectorName, Outcome>;
}
