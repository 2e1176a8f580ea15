// What outlives a scrape: one start for each server process, when heights moved, failures, and the last successes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { info } from '../../test/support/decoded.ts';
import { decodeGetInfo } from '../electrumx/getinfo.ts';
import type { Outcome } from './collector.ts';
import { COLLECTORS } from './collectors.ts';
import { afterGetInfo, afterOutcome, initialState, type State } from './state.ts';
import { RPC_ERROR_KINDS } from '../localrpc/errors.ts';

const NOW = 1_700_000_000;
const INITIAL = initialState();
/** Those that query LocalRPC. */
const COLLECTOR_NAMES = COLLECTORS.filter(({ runs }) => runs === 'in-turn').map(({ name }) => name);
const DAY = 86_400;

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
