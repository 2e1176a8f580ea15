// All that outlives a scrape. Pure: a memory and what a scrape saw give the next memory.
import type { GetInfo } from '../electrumx/getinfo.ts';
import type { Moved, Sessions } from '../electrumx/sessions.ts';
import { COLLECTOR_NAMES, type CollectorName, type Outcome } from './outcome.ts';
import { RPC_ERROR_KINDS, type RpcErrorKind } from '../localrpc/errors.ts';

/** A height and when it last moved (or was first seen), in seconds since the epoch. */
export interface Height {
  readonly value: number;
  readonly changedAt: number;
}

/** What clients' sessions have moved since this exporter first saw this server process: a lower bound. */
export interface Traffic {
  /** sessions the server has opened since it started, LocalRPC's included */
  readonly opened: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** what those that were there last had moved by then */
  readonly live: Moved;
}

export interface Memory {
  /** the server process: its start, in seconds since the epoch, stays as first computed; `gone` once sessions show another */
  readonly server: { readonly pid: number | undefined; readonly startTime: number; readonly gone?: true } | undefined;
  readonly daemonHeight: Height | undefined;
  readonly dbHeight: Height | undefined;
  readonly traffic: Traffic | undefined;
  /** the labels of clients, as JSON, that have been shown */
  readonly clientsShown: ReadonlySet<string>;
  readonly failures: ReadonlyMap<CollectorName, ReadonlyMap<RpcErrorKind, number>>;
  readonly lastSuccess: ReadonlyMap<CollectorName, number>;
}

/** Nothing seen yet; each way to fail stands at 0, so that its first failure is an increase. */
export const NOTHING_SEEN: Memory = {
  server: undefined,
  daemonHeight: undefined,
  dbHeight: undefined,
  traffic: undefined,
  clientsShown: new Set(),
  failures: new Map(COLLECTOR_NAMES.map((name) => [name, new Map(RPC_ERROR_KINDS.map((kind) => [kind, 0]))])),
  lastSuccess: new Map(),
};

const FROM_ZERO: Traffic = {
  opened: 0,
  receivedBytes: 0,
  sentBytes: 0,
  live: { ids: new Float64Array(), receivedBytes: new Float64Array(), sentBytes: new Float64Array() },
};

// An uptime is cut to the second, and from a day on to the minute; clocks of two machines drift a little.
const TOLERANCE_SECONDS = { exact: 10, cut: 70 };

/** Takes in a `getinfo` answer of the time `now`, in seconds since the epoch. */
export function rememberGetInfo(memory: Memory, info: GetInfo, now: number): Memory {
  const server = sameServer(memory.server, info, now);
  const restarted = memory.server && !memory.server.gone && server !== memory.server;
  return {
    ...memory,
    server,
    traffic: restarted ? FROM_ZERO : memory.traffic,
    daemonHeight: moved(memory.daemonHeight, info.daemonHeight, now),
    dbHeight: moved(memory.dbHeight, info.dbHeight, now),
  };
}

/** The process as it was known, unless another pid, or a start later than any rounding explains, shows a new one. */
function sameServer(known: Memory['server'], { pid, uptime }: GetInfo, now: number): Memory['server'] {
  if (!uptime) return known;
  const startTime = Math.round(now - uptime.seconds);
  const tolerance = uptime.exact ? TOLERANCE_SECONDS.exact : TOLERANCE_SECONDS.cut;
  const same = known && !known.gone && (pid === undefined || known.pid === pid);
  return same && startTime <= known.startTime + tolerance ? known : { pid, startTime };
}

function moved(known: Height | undefined, value: number | undefined, now: number): Height | undefined {
  return value === undefined || value === known?.value ? known : { value, changedAt: now };
}

/**
 * Takes in a `sessions` answer. Session ids count up from 0 for each server process, so a highest id that fell shows a new process;
 * not so in an answer with unreadable rows, which may have had it. What sessions had moved before this exporter first looked is left
 * out: after a restart of the exporter it would look like traffic.
 */
export function rememberSessions(memory: Memory, { highestId, badRows, clients: { moved } }: Sessions): Memory {
  const known = memory.traffic;
  const opened = highestId + 1;
  const restarted = known !== undefined && badRows === 0 && opened < known.opened;
  const before = restarted ? FROM_ZERO : known;
  const more = before ? increase(before, moved) : FROM_ZERO;
  const traffic: Traffic = {
    opened: Math.max(opened, before?.opened ?? 0),
    receivedBytes: (before?.receivedBytes ?? 0) + more.receivedBytes,
    sentBytes: (before?.sentBytes ?? 0) + more.sentBytes,
    live: moved,
  };
  // The next getinfo is of the new process, too: it must not start the counters a second time.
  return { ...memory, traffic, server: restarted && memory.server ? { ...memory.server, gone: true } : memory.server };
}

/** Walks through the sessions of then and of now side by side: both in order of their ids, of which one that comes again counts once. */
function increase({ live, opened }: Traffic, now: Moved): Pick<Traffic, 'receivedBytes' | 'sentBytes'> {
  let receivedBytes = 0;
  let sentBytes = 0;
  let next = 0;
  for (let i = 0; i < now.ids.length; i += 1) {
    const id = now.ids[i] ?? 0;
    while (next < live.ids.length && (live.ids[next] ?? 0) <= id) next += 1;
    const wasThere = next > 0 && live.ids[next - 1] === id;
    if (now.ids[i + 1] === id || (!wasThere && id < opened)) continue;
    receivedBytes += more(now.receivedBytes[i], wasThere ? live.receivedBytes[next - 1] : 0);
    sentBytes += more(now.sentBytes[i], wasThere ? live.sentBytes[next - 1] : 0);
  }
  return { receivedBytes, sentBytes };
}

/** So many kinds of clients are ever shown: whoever connects with a new version each minute would fill a database otherwise. */
const MOST_CLIENTS_SHOWN = 200;

/** Takes in the clients of a scrape, the most frequent first; beyond the limit new ones are not taken. */
export function rememberClients(memory: Memory, clients: Iterable<string>): Memory {
  const clientsShown = new Set(memory.clientsShown);
  for (const client of clients) if (clientsShown.size < MOST_CLIENTS_SHOWN) clientsShown.add(client);
  return { ...memory, clientsShown };
}

function more(now = 0, before = 0): number {
  return Math.max(0, now - before);
}

/** Takes in how one collector fared at the time `now`, in seconds since the epoch. */
export function rememberOutcome(memory: Memory, name: CollectorName, outcome: Outcome, now: number): Memory {
  if (outcome.state === 'failed') {
    const kinds = new Map(memory.failures.get(name));
    kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
    return { ...memory, failures: new Map(memory.failures).set(name, kinds) };
  }
  if (outcome.state === 'skipped' || outcome.reused) return memory;
  return { ...memory, lastSuccess: new Map(memory.lastSuccess).set(name, now) };
}
