// The limit on sessions that is in force, next to what real servers log about it.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sessionsLimit } from './sessions-limit.ts';

/** The soft limit that the process shows, and what the server logged: `lowered maximum sessions from ... to ... because your open file limit is ...`. */
const LOGGED = [
  { release: 'e-x 1.16.0', soft: 400, maxSessions: 1000, lowered: 50 },
  { release: 'electrumx 1.16.0', soft: 400, maxSessions: 1000, lowered: 50 },
  { release: 'electrumx 1.20.2', soft: 400, maxSessions: 1000, lowered: 50 },
  { release: 'e-x 1.18.0', soft: 400, maxSessions: undefined, lowered: 50 },
  { release: 'e-x 1.18.0', soft: 300, maxSessions: 1000, lowered: 0 },
  { release: 'e-x 1.18.0', soft: 1024, maxSessions: 5000, lowered: 674 },
  { release: 'e-x 2.0.0', soft: 400, maxSessions: 1000, lowered: 50 },
  { release: 'e-x 1.20.0, which raised it from 400,', soft: 1024, maxSessions: undefined, lowered: 674 },
  { release: 'e-x 2.0.0, which raised it from 400,', soft: 20_000, maxSessions: 100_000, lowered: 19_650 },
] as const;

describe('the limit on sessions', () => {
  test.each(LOGGED)(
    'is $lowered on $release with at most $soft open files and MAX_SESSIONS=$maxSessions',
    ({ soft, maxSessions, lowered }) => {
      expect(sessionsLimit({ maxSessions, maxFds: soft })).toEqual({ limit: lowered, source: 'open_files' });
    },
  );

  test('is MAX_SESSIONS when enough files may be open', () => {
    expect(sessionsLimit({ maxSessions: 500, maxFds: 1024 })).toEqual({ limit: 500, source: 'env' });
    expect(sessionsLimit({ maxSessions: 1000, maxFds: 1350 })).toEqual({ limit: 1000, source: 'env' });
  });

  test('is MAX_SESSIONS when the open files are not known, or unlimited', () => {
    expect(sessionsLimit({ maxSessions: 500, maxFds: undefined })).toEqual({ limit: 500, source: 'env' });
    expect(sessionsLimit({ maxSessions: 500, maxFds: Infinity })).toEqual({ limit: 500, source: 'env' });
  });

  test('is the default of 1000 when MAX_SESSIONS is not set', () => {
    expect(sessionsLimit({ maxSessions: undefined, maxFds: undefined })).toEqual({ limit: 1000, source: 'default' });
    expect(sessionsLimit({ maxSessions: undefined, maxFds: 65_536 })).toEqual({ limit: 1000, source: 'default' });
  });

  test('is not known when more sessions are open than the assumed default allows', () => {
    const assumed = { maxSessions: undefined, maxFds: 65_536 };
    expect(sessionsLimit({ ...assumed, sessions: 1100 })).toEqual({ limit: 1000, source: 'default' });
    expect(sessionsLimit({ ...assumed, sessions: 1101 })).toBeUndefined();
    expect(sessionsLimit({ ...assumed, maxFds: undefined, sessions: 20_000 })).toBeUndefined();
    expect(sessionsLimit({ ...assumed, maxFds: 1024, sessions: 1101 })).toEqual({ limit: 674, source: 'open_files' });
    expect(sessionsLimit({ ...assumed, maxSessions: 1000, sessions: 1101 })).toEqual({ limit: 1000, source: 'env' });
  });

  test('is never negative and never above what either limit allows', () => {
    const limits = fc.record({ maxSessions: fc.integer(), maxFds: fc.nat() });
    fc.assert(
      fc.property(limits, ({ maxSessions, maxFds }) => {
        expect(sessionsLimit({ maxSessions, maxFds })?.limit).toBe(Math.max(0, Math.min(maxSessions, maxFds - 350)));
      }),
    );
  });
});
