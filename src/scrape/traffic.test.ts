// The traffic of sessions in the state: it only rises while the server lives, and starts at zero with each process.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { info, table, type SessionRow } from '../../test/support/decoded.ts';
import type { Outcome } from './collector.ts';
import { afterGetInfo, afterOutcome, afterSessions, initialState, type State } from './state.ts';

const NOW = 1_700_000_000;
const INITIAL = initialState();

/** What a run of scrapes of sessions leaves behind. */
const seen = (...tables: readonly SessionRow[][]): State =>
  tables.reduce((state, rows) => afterSessions(state, table(rows)), INITIAL);

const traffic = ({ traffic }: State) => traffic && [traffic.opened, traffic.receivedBytes, traffic.sentBytes];

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
