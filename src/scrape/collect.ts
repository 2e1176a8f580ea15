// Asks ElectrumX one question after the other over one connection, under one deadline, and lets no failure take the others along.
import { COLLECTORS, type Models } from './collectors.ts';
import { sessionPairs } from '../electrumx/groups.ts';
import type { CollectorName, Outcome } from './outcome.ts';
import { connect, type Address, type Connection } from '../localrpc/client.ts';
import { RpcError } from '../localrpc/errors.ts';

/** What one collector found: how it went, and the model if there is one. */
export type Finding = {
  [Name in CollectorName]: {
    readonly name: Name;
    readonly outcome: Outcome;
    readonly model: Models[Name] | undefined;
    /** how many sessions the server had at that time */
    readonly sessionsThen?: number | undefined;
  };
}[CollectorName];

/** What has been found so far, by collector. */
export type FoundModels = { readonly [Name in CollectorName]?: Models[Name] | undefined };

export interface Questions {
  readonly address: Address;
  readonly maxResponseBytes: number;
  /** the collectors that are on, in order */
  readonly names: readonly CollectorName[];
  /** above this many pairs of sessions of the same group, summed over all groups, `sessions` is not asked */
  readonly maxPairs: number;
  /** the finding of an earlier scrape, if it is young enough to be used again */
  readonly fresh: (name: CollectorName) => Finding | undefined;
}

/**
 * Yields one finding for each collector, the last at `deadline` (on the clock of `performance.now`) at the latest. Each may use an equal
 * share of the time that is left, so that a hang at the first leaves time for the last. If nobody can be reached, all fail at once.
 * The name of a collector is all that can be sent from here.
 */
export async function* ask(questions: Questions, deadline: number): AsyncGenerator<Finding, void, void> {
  const { names, fresh } = questions;
  const line = reconnectingLine(questions);
  const share = (collectorsLeft: number) => (deadline - performance.now()) / collectorsLeft;
  const found: Found = new Map();
  try {
    const unreachable = names.every(fresh) ? undefined : await failure(line.connection(share(names.length)));
    for (const [index, name] of names.entries()) {
      const finding = unreachable
        ? failed(name, unreachable, performance.now())
        : await findOut(name, found, questions, line, share(names.length - index));
      found.set(name, finding);
      yield finding;
    }
  } finally {
    line.close();
  }
}

type Found = Map<CollectorName, Finding>;

/** Why the promise was rejected; `undefined` if it was not. */
function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** No getinfo, no peer, no group and no session has as much. What is larger would take longer than a scrape may. */
export const PARSE_LIMITS = { maxParsedBytes: 8 * 1024 * 1024, maxParsedValues: 2 ** 18 };

interface Line {
  connection(timeoutMs: number): Promise<Connection<CollectorName>>;
  close(): void;
}

/** One connection, and a new one only after the stream broke. */
function reconnectingLine({ address, maxResponseBytes }: Questions): Line {
  let connection: Connection<CollectorName> | undefined;
  return {
    connection: async (timeoutMs) => {
      if (!connection?.usable)
        connection = await connect<CollectorName>(address, {
          timeoutMs,
          maxResponseBytes,
          ...PARSE_LIMITS,
        });
      return connection;
    },
    close: () => connection?.close(),
  };
}

async function findOut(
  name: CollectorName,
  found: Found,
  { names, fresh, maxPairs }: Questions,
  line: Line,
  timeoutMs: number,
): Promise<Finding> {
  const models = modelsOf(found);
  const answersGetInfo = models.getinfo !== undefined || name === 'getinfo' || !names.includes('getinfo');
  const reusable = answersGetInfo ? fresh(name) : undefined;
  if (reusable) return reusable;
  if (name === 'sessions' && wouldHurt(models, found.get('groups')?.sessionsThen, maxPairs)) {
    return { name, model: undefined, outcome: { state: 'skipped', durationSeconds: 0 } };
  }
  const started = performance.now();
  try {
    return { ...(await question(name, line, started, timeoutMs)), sessionsThen: models.getinfo?.sessions };
  } catch (error) {
    return failed(name, error, started);
  }
}

/** The models of what has been found. */
export function modelsOf(found: ReadonlyMap<CollectorName, Finding>): FoundModels {
  return Object.fromEntries([...found].map(([name, { model }]) => [name, model]));
}

async function question(name: CollectorName, line: Line, started: number, timeoutMs: number): Promise<Finding> {
  const connection = await line.connection(timeoutMs);
  const timeLeft = () => timeoutMs - (performance.now() - started);
  const { result, line: reply } = await connection.call(name, [], timeLeft());
  /** Between parts of a long reply: others have their turn, and time may run out. */
  const pause = async () => {
    await new Promise(setImmediate);
    if (timeLeft() < 0) throw new RpcError('timeout', 'the reply was not read before the deadline');
  };
  const { decode, decodeInTurns = decode } = COLLECTORS[name];
  const model = await decodeInTurns(result, pause);
  if (!model) throw new RpcError('protocol', 'no known ElectrumX answers like this');
  const badRows = 'badRows' in model ? model.badRows : 0;
  const outcome = { state: 'ok', durationSeconds: secondsSince(started), bytes: reply.length, badRows, reused: false };
  return { name, model, outcome } as Finding; // the decoder of that name made the model
}

/** Whatever went wrong costs this collector only, even a mistake of our own. */
function failed(name: CollectorName, error: unknown, started: number): Finding {
  const failure = error instanceof RpcError ? error : new RpcError('protocol', `not understood: ${String(error)}`);
  const { kind } = failure;
  const outcome = { state: 'failed', durationSeconds: secondsSince(started), kind, reason: reasonOf(failure) } as const;
  return { name, model: undefined, outcome };
}

/** In words of our own: what the server says may hold a client's address. */
function reasonOf({ kind, code, message }: RpcError): string {
  return kind === 'remote' ? `the server answered with error ${code ?? 'without a code'}` : message;
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

/**
 * Whether `sessions` would make the server walk too many pairs: each row sums up its whole group. `sessionsThen` is how many sessions
 * there were when the groups were read. Without usable groups all are taken to be in one; if nothing is known, the server is in trouble.
 */
function wouldHurt({ groups, getinfo }: FoundModels, sessionsThen: number | undefined, maxPairs: number): boolean {
  const now = getinfo?.sessions;
  if (groups && (groups.rows.length > 0 || groups.badRows === 0)) {
    return sessionPairs(groups, Math.max(0, (now ?? 0) - (sessionsThen ?? now ?? 0))) > maxPairs;
  }
  if (getinfo && !getinfo.chargesCost) return false;
  return now === undefined || now ** 2 > maxPairs;
}
