// What outlives a scrape: one start for each server process, when heights moved, and counters that only rise while the server lives.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeGetInfo, type GetInfo } from '../electrumx/getinfo.ts';
import { decodeSessions, type Sessions } from '../electrumx/sessions.ts';
import type { Outcome } from './collector.ts';
import { COLLECTORS } from './collectors.ts';
import { afterGetInfo, afterOutcome, afterSessions, initialState, type State } from './state.ts';
import { RPC_ERROR_KINDS } from '../localrpc/errors.ts';

const NOW = 1_700_000_000;
const INITIAL = initialState();
/** Those that query LocalRPC. */
const COLLECTOR_NAMES = COLLECTORS.filter(({ runs }) => runs === 'in-turn').map(({ name }) => name);
const DAY = 86_400;

/** An uptime as ElectrumX writes it: without seconds from a day on. */
function uptimeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const [d, h, m, s] = [whole / DAY, (whole % DAY) / 3600, (whole % 3600) / 60, whole % 60].map(Math.floor);
  return d ? `${d}d ${h ?? 0}h ${m ?? 0}m` : `${h ?? 0}h ${m ?? 0}m ${s ?? 0}s`;
}

function info(uptimeSeconds: number, rest: Readonly<Record<string, unknown>> = {}): GetInfo {
  const decoded = decodeGetInfo({ pid: 1, uptime: uptimeText(uptimeSeconds), ...rest });
  if (!decoded) throw new Error('not decoded');
  return decoded;
}

interface Row {
  id: number;
  in?: number;
  out?: number;
  flags?: string;
}

function table(rows: readonly Row[]): Sessions {
  const cells = rows.map(({ id, in: received = 0, out = 0, flags = 'T10' }) => [
    ...[id, flags, '203.0.113.7:5', 'a', '1.4', 0, 0, 0, 0, 0, 1, received, 1, out, 1],
  ]);
  const decoded = decodeSessions(cells);
  if (!decoded || decoded.badRows > 0) throw new Error('not decoded');
  return decoded;
}

/** What a run of scrapes of sessions leaves behind. */
const seen = (...tables: readonly Row[][]): State =>
  tables.reduce((state, rows) => afterSessions(state, table(rows)), INITIAL);

const traffic = ({ traffic }: State) => traffic && [traffic.opened, traffic.receivedBytes, traffic.sentBytes];

describe('the start of the server', () => {
  /** Scrapes one server at the given ages. */
  function starts(ages: readonly number[], clock: (age: number) => number = (age) => NOW + age): number[] {
    let state = INITIAL;
    return ages.map((age) => {
      state = afterGetInfo(state, info(age), clock(age));
      return state.server?.startTime ?? Number.NaN;
    });
  }

  test('is the current time minus the uptime', () => {
    expect(starts([42])).toEqual([NOW]);
  });

  test('stays as first computed when the uptime loses its seconds after a day', () => {
    expect(new Set(starts([DAY - 30, DAY - 1, DAY, DAY + 29, DAY + 59, DAY + 60, 2 * DAY - 1]))).toEqual(
      new Set([NOW]),
    );
  });

  test('never changes while the process runs, whenever it is scraped', () => {
    const ages = fc.array(fc.double({ min: 0, max: 5 * DAY, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(ages, (scraped) => {
        const moments = new Set(starts([...scraped].sort((a, b) => a - b)));
        expect(moments.size).toBe(1);
        expect(Math.abs((moments.values().next().value ?? 0) - NOW)).toBeLessThanOrEqual(60);
      }),
    );
  });

  test('never changes while the clocks of the two machines differ by a constant, and drift by a few seconds', () => {
    const drifts = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: -5000, max: 5000 }), drifts, (offset, drift) => {
        const scrapes = drift.map((_, i) => i * 15_000);
        const clock = (age: number) => NOW + age + offset + (drift[age / 15_000] ?? 0);
        expect(new Set(starts(scrapes, clock)).size).toBe(1);
      }),
    );
  });

  test('stays when the clock of the machine goes back, so that the uptime shrinks or is negative', () => {
    const first = afterGetInfo(INITIAL, info(10_000), NOW + 10_000);
    const back = afterGetInfo(first, info(4000), NOW + 4000);
    const negative = decodeGetInfo({ pid: 1, uptime: '-1d 23h 00m' });
    expect(back.server).toEqual(first.server);
    expect(afterGetInfo(back, negative ?? info(0), NOW - 3600).server).toEqual(first.server);
  });

  test('changes with a new pid, even if the start times are close', () => {
    const first = afterGetInfo(INITIAL, info(5, { pid: 100 }), NOW);
    const second = afterGetInfo(first, info(1, { pid: 101 }), NOW + 1);
    expect(first.server).toEqual({ pid: 100, startTime: NOW - 5 });
    expect(second.server).toEqual({ pid: 101, startTime: NOW });
  });

  test('stays when a reply has no readable pid', () => {
    const first = afterGetInfo(INITIAL, info(5, { pid: 100 }), NOW);
    expect(afterGetInfo(first, info(6, { pid: '100' }), NOW + 1).server).toBe(first.server);
  });

  test('changes with a later start under the same pid, as in a container, where it is always 1', () => {
    const first = afterGetInfo(INITIAL, info(500), NOW);
    const second = afterGetInfo(first, info(5), NOW + 15);
    expect(second.server).toEqual({ pid: 1, startTime: NOW + 10 });
  });

  test('changes once when a server that ran for days restarts under the same pid', () => {
    const ages = [9 * DAY, 9 * DAY + 15, 9 * DAY + 30];
    let state = ages.reduce((past, age) => afterGetInfo(past, info(age), NOW + age), INITIAL);
    expect(state.server?.startTime).toBe(NOW);
    const restartedAt = NOW + 9 * DAY + 40;
    for (const age of [5, 20, DAY - 10, DAY + 5, DAY + 65]) {
      state = afterGetInfo(state, info(age), restartedAt + age);
      expect(state.server?.startTime).toBe(restartedAt);
    }
  });

  test('stays when getinfo reports no uptime', () => {
    const first = afterGetInfo(INITIAL, info(42), NOW);
    const silent = decodeGetInfo({ 'daemon height': 5, pid: 1 });
    expect(afterGetInfo(first, silent ?? info(0), NOW + 15).server).toEqual(first.server);
    expect(afterGetInfo(INITIAL, silent ?? info(0), NOW).server).toBeUndefined();
  });
});

describe('a height', () => {
  const heights = ({ daemonHeight, dbHeight }: State) => [daemonHeight, dbHeight];
  const at = (state: State, daemon: unknown, db: unknown, now: number) =>
    afterGetInfo(state, info(now - NOW + 1000, { 'daemon height': daemon, 'db height': db }), now);

  test('has changed when it is first seen, and then whenever its value differs', () => {
    let state = at(INITIAL, 100, 90, NOW);
    expect(heights(state)).toEqual([
      { value: 100, changedAt: NOW },
      { value: 90, changedAt: NOW },
    ]);
    state = at(state, 100, 91, NOW + 15);
    expect(heights(state)).toEqual([
      { value: 100, changedAt: NOW },
      { value: 91, changedAt: NOW + 15 },
    ]);
    state = at(state, 100, 91, NOW + 30);
    expect(state.dbHeight?.changedAt).toBe(NOW + 15);
  });

  test('changes when it falls in a reorganisation, and from -1', () => {
    const state = at(at(INITIAL, 100, -1, NOW), 98, 0, NOW + 15);
    expect(heights(state)).toEqual([
      { value: 98, changedAt: NOW + 15 },
      { value: 0, changedAt: NOW + 15 },
    ]);
  });

  test('has not changed when it was missing for a while', () => {
    const state = at(at(at(INITIAL, 100, 90, NOW), null, null, NOW + 15), 100, 90, NOW + 30);
    expect(heights(state)).toEqual([
      { value: 100, changedAt: NOW },
      { value: 90, changedAt: NOW },
    ]);
  });

  test('has not changed when the server restarts at the same height', () => {
    const first = at(INITIAL, 100, 90, NOW);
    const next = afterGetInfo(first, info(1, { pid: 2, 'daemon height': 100, 'db height': 90 }), NOW + 15);
    expect(next.dbHeight?.changedAt).toBe(NOW);
  });
});

describe('the traffic of sessions', () => {
  test('is 0 at first: bytes from before the first scrape are not counted', () => {
    expect(INITIAL.traffic).toBeUndefined();
    expect(traffic(seen([{ id: 4, in: 1000, out: 2000 }]))).toEqual([5, 0, 0]);
  });

  test('is the sum of what the sessions have transferred since the previous scrape', () => {
    const first = [
      { id: 4, in: 1000, out: 2000 },
      { id: 5, in: 10, out: 0 },
    ];
    const second = [
      { id: 4, in: 1100, out: 2000 },
      { id: 5, in: 10, out: 30 },
    ];
    expect(traffic(seen(first, second))).toEqual([6, 100, 30]);
  });

  test('of a new session is all that it has transferred', () => {
    expect(traffic(seen([{ id: 4 }], [{ id: 5, in: 7, out: 8 }, { id: 4 }]))).toEqual([6, 7, 8]);
  });

  test('of a closed session stays counted', () => {
    expect(traffic(seen([{ id: 4 }], [{ id: 4, in: 50, out: 60 }], [{ id: 9, in: 1, out: 1 }]))).toEqual([10, 51, 61]);
  });

  test('of LocalRPC, and so of the exporter, is not counted, but its sessions are', () => {
    const rpc = (id: number) => ({ id, in: 500, out: 90_000, flags: 'R20' });
    expect(traffic(seen([{ id: 4 }, rpc(5)], [{ id: 4, in: 3, out: 4 }, rpc(6)]))).toEqual([7, 3, 4]);
  });

  test('does not decrease when a session reports fewer bytes', () => {
    expect(traffic(seen([{ id: 4, in: 100, out: 100 }], [{ id: 4, in: 40, out: 150 }]))).toEqual([5, 0, 50]);
  });

  test('of a session with two rows is that of its last row', () => {
    const twice = (first: number, last: number) => [{ id: 4, in: first }, { id: 4, in: last }]; // prettier-ignore
    expect(traffic(seen(twice(9000, 100), twice(9000, 100), twice(9000, 130)))).toEqual([5, 30, 0]);
  });

  test('of a session whose row was missing once is not counted a second time', () => {
    const away = seen([{ id: 4, in: 100 }, { id: 5 }], [{ id: 5 }], [{ id: 4, in: 300 }, { id: 5 }]);
    expect(traffic(away)).toEqual([6, 0, 0]);
  });

  test('continues after skipped scrapes', () => {
    const skipped: Outcome = { state: 'skipped', durationSeconds: 0, reason: 'large groups' };
    const before = seen([{ id: 4, in: 100 }]);
    const between = afterOutcome(afterOutcome(before, 'sessions', skipped, NOW), 'sessions', skipped, NOW + 15);
    expect(traffic(between)).toEqual([5, 0, 0]);
    const after = afterSessions(between, table([{ id: 4, in: 150 }, { id: 80, in: 20 }])); // prettier-ignore
    expect(traffic(after)).toEqual([81, 70, 0]);
  });

  test('starts at 0 when getinfo shows a new process, and counts all bytes of its sessions', () => {
    const before = afterSessions(afterGetInfo(INITIAL, info(500), NOW), table([{ id: 4, in: 100 }]));
    const restarted = afterGetInfo(before, info(3), NOW + 15);
    expect(traffic(restarted)).toEqual([0, 0, 0]);
    expect(traffic(afterSessions(restarted, table([{ id: 90, in: 11, out: 12 }])))).toEqual([91, 11, 12]);
  });

  test('counts all bytes of a process that started before the first sessions reply', () => {
    const restarted = afterGetInfo(afterGetInfo(INITIAL, info(500), NOW), info(3), NOW + 15);
    expect(traffic(afterSessions(restarted, table([{ id: 2, in: 8, out: 9 }])))).toEqual([3, 8, 9]);
  });

  test('starts at 0 when IDs start again, even without getinfo', () => {
    expect(traffic(seen([{ id: 40, in: 100, out: 100 }], [{ id: 0, in: 5, out: 6 }]))).toEqual([1, 5, 6]);
  });

  test('starts at 0 once, when sessions shows the new process before getinfo does', () => {
    const before = afterSessions(afterGetInfo(INITIAL, info(500), NOW), table([{ id: 40, in: 900 }]));
    const bySessions = afterSessions(before, table([{ id: 1, in: 1000 }]));
    expect(traffic(bySessions)).toEqual([2, 1000, 0]);
    expect(bySessions.server?.startTime).toBe(NOW - 500); // of the process that getinfo just reported
    const byGetInfo = afterGetInfo(bySessions, info(5), NOW + 15);
    expect(byGetInfo.server?.startTime).toBe(NOW + 10);
    expect(traffic(afterSessions(byGetInfo, table([{ id: 2, in: 1200 }])))).toEqual([3, 2200, 0]);
  });

  test('continues when the highest ID may be in a bad row', () => {
    const before = seen([{ id: 3, in: 100 }, { id: 10 }], [{ id: 3, in: 150 }, { id: 11 }]); // prettier-ignore
    const after = afterSessions(before, { ...table([{ id: 3, in: 160 }]), badRows: 1 });
    expect(traffic(after)).toEqual([12, 60, 0]);
  });

  test('stays when getinfo fails in between, or shows the same process', () => {
    const before = afterSessions(afterGetInfo(INITIAL, info(500), NOW), table([{ id: 4, in: 100 }]));
    expect(afterGetInfo(before, info(515), NOW + 15).traffic).toBe(before.traffic);
  });

  test('only increases while the server runs, and is what each session transferred until its last scrape', () => {
    const client = fc.record({
      opensAt: fc.nat({ max: 9 }),
      leavesAt: fc.nat({ max: 12 }),
      rate: fc.nat({ max: 1000 }),
    });
    const skips = fc.array(fc.boolean(), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(client, { maxLength: 15 }), skips, (clients, skipped) => {
        const byOpening = [...clients].sort((a, b) => a.opensAt - b.opensAt);
        const ids = new Map<(typeof clients)[number], number>();
        const expected = new Map<number, { first: number; last: number }>();
        let [nextId, state, before] = [0, INITIAL, [0, 0, 0]];
        for (const [time, skip] of skipped.entries()) {
          for (const opening of byOpening.filter(({ opensAt }) => opensAt === time)) ids.set(opening, nextId++);
          if (skip) continue;
          const asker = { id: nextId++, flags: 'R20', in: 99, out: 9999 };
          const rows = byOpening
            .filter(({ opensAt, leavesAt }) => opensAt <= time && time < leavesAt)
            .map((live) => ({ id: ids.get(live) ?? -1, in: (time - live.opensAt) * live.rate, out: 5 }));
          const first = state === INITIAL;
          state = afterSessions(state, table([...rows, asker]));
          for (const row of rows) {
            const known = expected.get(row.id)?.first ?? (first ? row.in : 0);
            expected.set(row.id, { first: known, last: row.in });
          }
          const now = traffic(state) ?? [];
          expect(now.every((value, i) => value >= (before[i] ?? 0))).toBe(true);
          expect(now[0]).toBe(nextId);
          expect(now[1]).toBe([...expected.values()].reduce((sum, { first, last }) => sum + last - first, 0));
          before = now;
        }
      }),
    );
  });

  test('of a server that is scraped all the time is all that clients transferred until their last scrape', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 1000 }), { minLength: 4, maxLength: 4 }), { minLength: 1 }),
        (steps) => {
          const start = [0, 1, 2, 3].map((id) => ({ id, in: 10 ** 6, out: 0 }));
          const sums = steps.map((_, n) =>
            start.map(({ id }) => steps.slice(0, n + 1).reduce((sum, step) => sum + (step[id] ?? 0), 10 ** 6)),
          );
          const state = seen(start, ...sums.map((row) => row.map((bytes, id) => ({ id, in: bytes }))));
          expect(state.traffic?.receivedBytes).toBe(steps.flat().reduce((a, b) => a + b, 0));
        },
      ),
    );
  });

  test('is counted without changing the previous state', () => {
    const before = seen([{ id: 4, in: 100 }]);
    const copy = structuredClone(before);
    afterSessions(before, table([{ id: 4, in: 900 }]));
    afterGetInfo(before, info(1, { pid: 9 }), NOW);
    afterOutcome(before, 'peers', { state: 'failed', durationSeconds: 1, kind: 'timeout', reason: '' }, NOW);
    expect(before).toEqual(copy);
  });
});

describe('failures', () => {
  const failed = (kind: (typeof RPC_ERROR_KINDS)[number]): Outcome => ({
    state: 'failed',
    durationSeconds: 1,
    kind,
    reason: 'x',
  });

  test('of each collector and kind are 0 from the start', () => {
    for (const name of COLLECTOR_NAMES) {
      expect([...(INITIAL.failures.get(name) ?? [])]).toEqual(RPC_ERROR_KINDS.map((kind) => [kind, 0]));
    }
  });

  test('are counted by collector and kind, and by nothing else', () => {
    const name = fc.constantFrom(...COLLECTOR_NAMES);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.constantFrom(...RPC_ERROR_KINDS))), (all) => {
        const state = all.reduce((past, [who, kind]) => afterOutcome(past, who, failed(kind), NOW), INITIAL);
        for (const who of COLLECTOR_NAMES) {
          for (const kind of RPC_ERROR_KINDS) {
            const count = all.filter(([w, k]) => w === who && k === kind).length;
            expect(state.failures.get(who)?.get(kind)).toBe(count);
          }
        }
        expect(state.lastSuccess.size).toBe(0);
      }),
    );
  });
});

describe('the last success', () => {
  const ok = (reused: boolean): Outcome => ({
    state: 'ok',
    durationSeconds: 1,
    bytes: 5,
    badRows: 0,
    incomplete: undefined,
    reused,
  });
  const after = (...outcomes: Outcome[]) =>
    outcomes.reduce((state, outcome, i) => afterOutcome(state, 'peers', outcome, NOW + i), INITIAL);

  test("is the time of the collector's last result", () => {
    expect(after(ok(false), ok(false)).lastSuccess).toEqual(new Map([['peers', NOW + 1]]));
  });

  test('does not change when a result is reused, or a collector is skipped or fails', () => {
    const failed: Outcome = { state: 'failed', durationSeconds: 1, kind: 'remote', reason: 'x' };
    const state = after(ok(false), ok(true), { state: 'skipped', durationSeconds: 0, reason: 'large groups' }, failed);
    expect(state.lastSuccess).toEqual(new Map([['peers', NOW]]));
    expect(state.failures.get('peers')?.get('remote')).toBe(1);
  });

  test('is absent before the first result', () => {
    expect(after(ok(true), { state: 'skipped', durationSeconds: 0, reason: 'large groups' }).lastSuccess.size).toBe(0);
  });
});
