// How many sessions ElectrumX accepts: MAX_SESSIONS, lowered where the process may not open enough files.

import { MAX_SESSIONS } from './defaults.ts';

/** Files that ElectrumX keeps for itself: 250 for the database and 100 for the rest. */
const RESERVED_FILES = 350;

/** So many times an assumed limit cannot be open: LocalRPC sessions come on top of it, but those are few. */
const DISPROVED = 1.1;

/** Which of the limits is in force: MAX_SESSIONS, its default, or the limit on open files. */
export type SessionsLimitSource = 'env' | 'default' | 'open_files';

export interface SessionsLimit {
  readonly limit: number;
  readonly source: SessionsLimitSource;
}

/**
 * The number of sessions at which ElectrumX closes its listeners, as `sane_max_sessions` in server/env.py of both projects computes it.
 *
 * `maxFds` is the soft limit on open files of the running process. Since 1.19, e-x raises it to the hard limit before it computes this,
 * so the soft limit that the process shows is right for every release. ElectrumX computes its limit once, when it starts: a soft limit
 * that was changed later (`prlimit`) leads to a wrong result here. Without `maxFds`, the limit is the upper bound.
 *
 * `undefined` if MAX_SESSIONS is not known and more `sessions` are open than its default allows: the server has another limit.
 */
export function sessionsLimit(known: {
  /** MAX_SESSIONS of ElectrumX's environment, if it is set */
  readonly maxSessions: number | undefined;
  readonly maxFds: number | undefined;
  /** open sessions, as getinfo reports them */
  readonly sessions?: number | undefined;
}): SessionsLimit | undefined {
  const { maxSessions = MAX_SESSIONS, maxFds = Infinity, sessions = 0 } = known;
  const byFiles = maxFds - RESERVED_FILES;
  if (byFiles < maxSessions) return { limit: Math.max(0, byFiles), source: 'open_files' };
  if (known.maxSessions === undefined && sessions > DISPROVED * MAX_SESSIONS) return undefined;
  return { limit: Math.max(0, maxSessions), source: known.maxSessions === undefined ? 'default' : 'env' };
}
