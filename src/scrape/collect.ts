// One pass over all collectors, under one deadline. A collector that fails does not take the others along.
import { connect, type Address, type Connection } from '../localrpc/client.ts';
import { RpcError } from '../localrpc/errors.ts';
import { wrongPortHint } from '../localrpc/wrong-port.ts';
import type { Gather, Outcome, Gathered, GatherContext, LocalRpcMethod } from './collector.ts';
import type { CollectorName, Results } from './collectors.ts';

/** What one collector found in one scrape. */
export interface Finding {
  readonly name: CollectorName;
  readonly outcome: Outcome;
  readonly result?: Results[CollectorName];
}

/** A collector that is on. */
export interface ActiveCollector {
  readonly name: CollectorName;
  readonly runs: 'in-turn' | 'beside';
  readonly gather: Gather<Results[CollectorName]>;
}

export interface Pass {
  readonly address: Address;
  readonly maxResponseBytes: number;
  /** the collectors that run in turn, in order */
  readonly collectors: readonly ActiveCollector[];
  /** the finding of an earlier scrape, if it is recent enough to be reused */
  readonly reusable: (name: CollectorName) => Finding | undefined;
  /** seconds since the epoch */
  readonly now: () => number;
  /** called once, when the first collector has settled */
  readonly onFirst: (results: Results) => void;
}

/**
 * Reports one finding for each collector that runs in turn, the last at `deadline` (on the clock of `performance.now`) at the latest. Each
 * can use an equal share of the time that is left, so that a hang at the first one leaves time for the last. If LocalRPC cannot be
 * reached, all of them fail at once.
 */
export async function collect(pass: Pass, deadline: number, report: (finding: Finding) => void): Promise<void> {
  const { collectors } = pass;
  const connection = reconnecting(pass);
  const results: Record<string, Results[CollectorName]> = {};
  const share = (collectorsLeft: number) => (deadline - performance.now()) / collectorsLeft;
  try {
    const allReused = collectors.every(({ name }) => pass.reusable(name));
    const unreachable = allReused ? undefined : await rejection(connection.get(share(collectors.length)));
    for (const [index, collector] of collectors.entries()) {
      const found = unreachable
        ? failed(collector.name, unreachable, performance.now())
        : await gatherInTurn(collector, { pass, results, connection, timeoutMs: share(collectors.length - index) });
      results[found.name] = found.result;
      report(found);
      if (index === 0) pass.onFirst(results);
    }
  } finally {
    connection.close();
  }
}

interface Reconnecting {
  get(timeoutMs: number): Promise<Connection<LocalRpcMethod>>;
  close(): void;
}

/** One connection, and a new one only after the stream broke. */
function reconnecting({ address, maxResponseBytes }: Pass): Reconnecting {
  let connection: Connection<LocalRpcMethod> | undefined;
  return {
    get: async (timeoutMs) => {
      if (!connection?.usable) connection = await connect<LocalRpcMethod>(address, { timeoutMs, maxResponseBytes });
      return connection;
    },
    close: () => connection?.close(),
  };
}

/** The error of a promise that is rejected; `undefined` if it is not. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

interface Turn {
  readonly pass: Pass;
  readonly results: Results;
  readonly connection: Reconnecting;
  readonly timeoutMs: number;
}

async function gatherInTurn(collector: ActiveCollector, turn: Turn): Promise<Finding> {
  const { pass, results, connection, timeoutMs } = turn;
  const { name } = collector;
  // A result is reused only while the server replies.
  const getinfoIsOn = pass.collectors.some((other) => other.name === 'getinfo');
  const reused = name === 'getinfo' || !getinfoIsOn || results.getinfo ? pass.reusable(name) : undefined;
  if (reused) return reused;
  const started = performance.now();
  const call: GatherContext['call'] = async (method) => {
    const open = await connection.get(timeoutMs);
    return open.call(method, [], timeoutMs - (performance.now() - started));
  };
  return gatherOne(collector, { call, results, now: pass.now });
}

/** Runs a collector beside those of LocalRPC, to which it has no connection. */
export function gatherBeside(collector: ActiveCollector, context: Omit<GatherContext, 'call'>): Promise<Finding> {
  const call = () => Promise.reject(new RpcError('protocol', 'only collectors that run in turn can query LocalRPC'));
  return gatherOne(collector, { ...context, call });
}

/** Runs a collector. An error is a finding, never a rejection. */
export async function gatherOne({ name, gather }: ActiveCollector, context: GatherContext): Promise<Finding> {
  const started = performance.now();
  try {
    return finding(name, await gather(context), started);
  } catch (error) {
    return failed(name, error, started);
  }
}

function finding(name: CollectorName, gathered: Gathered<Results[CollectorName]>, started: number): Finding {
  const durationSeconds = secondsSince(started);
  if ('skipped' in gathered)
    return { name, outcome: { state: 'skipped', durationSeconds: 0, reason: gathered.skipped } };
  const { result, bytes, badRows, incomplete } = gathered;
  return { name, result, outcome: { state: 'ok', durationSeconds, bytes, badRows, incomplete, reused: false } };
}

/** Any error fails this collector only, even a bug. */
function failed(name: CollectorName, error: unknown, started: number): Finding {
  const failure = error instanceof RpcError ? error : new RpcError('protocol', `internal error: ${String(error)}`);
  const { kind } = failure;
  return {
    name,
    outcome: { state: 'failed', durationSeconds: secondsSince(started), kind, reason: reasonOf(failure) },
  };
}

/** Never the server's message, which can contain a client's address. */
function reasonOf({ kind, code, message, wrongPort }: RpcError): string {
  const reason = kind === 'remote' ? `the server answered with error ${code ?? 'without a code'}` : message;
  return wrongPort === undefined ? reason : `${reason}: ${wrongPortHint(wrongPort)}`;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
