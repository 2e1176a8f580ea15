// What outlives a scrape. Pure: a state and a finding give the next state.
import type { GetInfo } from '../electrumx/getinfo.ts';
import type { ClientTraffic, Sessions } from '../electrumx/sessions.ts';
import { RPC_ERROR_KINDS, type RpcErrorKind } from '../localrpc/errors.ts';
import type { Finding } from './collect.ts';
import type { Outcome } from './collector.ts';
import { COLLECTORS, type CollectorName } from './collectors.ts';

/** A height, and when it last changed or was first seen, in seconds since the epoch. */
export interface Height {
  readonly value: number;
  readonly changedAt: number;
}

/** What clients have sent and received since this exporter first saw this server process: a lower bound. */
export interface Traffic {
  /** sessions the server has opened since it started, LocalRPC's included */
  readonly opened: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  /** the sessions of the last scrape */
  readonly live: ClientTraffic;
}

export interface State {
  /** the server process: its start, in seconds since the epoch, stays as first computed; `gone` once sessions show a new process */
  readonly server: { readonly pid: number | undefined; readonly startTime: number; readonly gone?: true } | undefined;
  readonly daemonHeight: Height | undefined;
  readonly dbHeight: Height | undefined;
  readonly traffic: Traffic | undefined;
  /** the keys of clients that have been shown: family and version */
  readonly clientsShown: ReadonlySet<string>;
  readonly failures: ReadonlyMap<CollectorName, ReadonlyMap<RpcErrorKind, number>>;
  readonly lastSuccess: ReadonlyMap<CollectorName, number>;
}

/** Collectors without a connection to LocalRPC fail only by an internal error, which counts as `protocol`. */
const FAILURE_KINDS = { 'in-turn': RPC_ERROR_KINDS, beside: ['protocol'] } as const;

/** Before the first scrape. Every kind of failure is at 0, so that the first one is an increase. */
export function initialState(): State {
  return {
    server: undefined,
    daemonHeight: undefined,
    dbHeight: undefined,
    traffic: undefined,
    clientsShown: new Set(),
    failures: new Map(
      COLLECTORS.map(({ name, runs }) => [name, new Map(FAILURE_KINDS[runs].map((kind) => [kind, 0]))]),
    ),
    lastSuccess: new Map(),
  };
}

const FROM_ZERO: Traffic = {
  opened: 0,
  receivedBytes: 0,
  sentBytes: 0,
  live: { ids: new Float64Array(), receivedBytes: new Float64Array(), sentBytes: new Float64Array() },
};

// An uptime is cut to the second, and from a day on to the minute; clocks of two machines drift a little.
const TOLERANCE_SECONDS = { exact: 10, cut: 70 };

/** The state after a finding of the time `now`, in seconds since the epoch. */
export function nextState(state: State, finding: Finding, now: number): State {
  const { name, outcome, result } = finding;
  const next = afterOutcome(state, name, outcome, now);
  if (result === undefined || (outcome.state === 'ok' && outcome.reused)) return next;
  if (name === 'getinfo') return afterGetInfo(next, result as GetInfo, now);
  if (name === 'sessions') return afterClients(afterSessions(next, result as Sessions), result as Sessions);
  return next;
}

/** Takes in a `getinfo` reply of the time `now`, in seconds since the epoch. */
export function afterGetInfo(state: State, info: GetInfo, now: number): State {
  const server = sameServer(state.server, info, now);
  const restarted = state.server && !state.server.gone && server !== state.server;
  return {
    ...state,
    server,
    traffic: restarted ? FROM_ZERO : state.traffic,
    daemonHeight: moved(state.daemonHeight, info.daemonHeight, now),
    dbHeight: moved(state.dbHeight, info.dbHeight, now),
  };
}

/** The known process, unless another pid, or a start later than rounding can explain, shows a new one. */
function sameServer(known: State['server'], { pid, uptime }: GetInfo, now: number): State['server'] {
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
 * Takes in a `sessions` reply. Session ids count up from 0 in each server process, so a lower highest id shows a new process, unless the
 * reply has bad rows, one of which may have had it. Traffic from before this exporter's first scrape is left out: after a restart of
 * the exporter it would look like new traffic.
 */
export function afterSessions(state: State, { highestId, badRows, clients: { traffic: live } }: Sessions): State {
  const known = state.traffic;
  const opened = highestId + 1;
  const restarted = known !== undefined && badRows === 0 && opened < known.opened;
  const before = restarted ? FROM_ZERO : known;
  const more = before ? increase(before, live) : FROM_ZERO;
  const traffic: Traffic = {
    opened: Math.max(opened, before?.opened ?? 0),
    receivedBytes: (before?.receivedBytes ?? 0) + more.receivedBytes,
    sentBytes: (before?.sentBytes ?? 0) + more.sentBytes,
    live,
  };
  // The next getinfo is of the new process, too: it must not start the counters a second time.
  return { ...state, traffic, server: restarted && state.server ? { ...state.server, gone: true } : state.server };
}

/** Walks through the earlier and the current sessions side by side. Both are ordered by id; an id that is listed twice counts once. */
function increase({ live, opened }: Traffic, now: ClientTraffic): Pick<Traffic, 'receivedBytes' | 'sentBytes'> {
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

/** A client that connects with a new version each minute would otherwise fill a database. */
const MAX_CLIENTS_SHOWN = 200;

/** Takes in the clients of a scrape, the most frequent first. After the limit new ones are not taken in. */
function afterClients(state: State, sessions: Sessions): State {
  const clientsShown = new Set(state.clientsShown);
  for (const client of sessions.clients.byLabels.keys()) {
    if (clientsShown.size < MAX_CLIENTS_SHOWN) clientsShown.add(client);
  }
  return { ...state, clientsShown };
}

function more(now = 0, before = 0): number {
  return Math.max(0, now - before);
}

/** Takes in the outcome of one collector at the time `now`, in seconds since the epoch. */
export function afterOutcome(state: State, name: CollectorName, outcome: Outcome, now: number): State {
  if (outcome.state === 'failed') {
    const kinds = new Map(state.failures.get(name));
    kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
    return { ...state, failures: new Map(state.failures).set(name, kinds) };
  }
  if (outcome.state !== 'ok' || outcome.reused) return state;
  return { ...state, lastSuccess: new Map(state.lastSuccess).set(name, now) };
}
