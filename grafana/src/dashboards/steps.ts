// What colours and words mean on all dashboards: where values turn orange and red, with the limits of the rules.
import * as limits from '../limits.ts';
import type { States, Steps } from '../panel/panel.ts';

/** Negative when the daemon is below the index. */
export const BEHIND_STEPS: Steps = [
  'red',
  [-limits.BLOCKS_BEHIND, 'green'],
  [1, 'orange'],
  [limits.BLOCKS_BEHIND + 1, 'red'],
];

export const SESSIONS_STEPS: Steps = ['green', [limits.SESSIONS_NEARLY_FULL, 'orange'], [limits.SESSIONS_FULL, 'red']];

export const PENDING_STEPS: Steps = ['green', [limits.PENDING_MANY, 'orange'], [limits.PENDING_TOO_MANY, 'red']];

/** Of shares of a limit at which there is a critical alert. */
export const SILENCE_STEPS: Steps = ['green', [0.5, 'orange'], [1, 'red']];

export const FLUSH_STEPS: Steps = ['green', [limits.FLUSH_COUNT_HIGH, 'orange'], [limits.FLUSH_COUNT_CRITICAL, 'red']];

export const UPTIME_STEPS: Steps = ['orange', [limits.HOUR, 'green']];

/** For what should be 0. */
export const NONE_STEPS: Steps = ['green', [1, 'orange']];

export const MEMORY_STEPS: Steps = ['green', [limits.MEMORY_NEARLY_FULL, 'orange']];

export const FILES_STEPS: Steps = ['green', [limits.FILES_NEARLY_FULL, 'orange']];

/** Of the share that is free. */
export const DISK_FREE_STEPS: Steps = [
  'red',
  [limits.DISK_FULL_SHARE, 'orange'],
  [2 * limits.DISK_FULL_SHARE, 'green'],
];

/** Of the days that a certificate is still valid. */
export const CERTIFICATE_STEPS: Steps = [
  'red',
  [limits.CERTIFICATE_EXPIRES_SOON_SECONDS / limits.DAY, 'orange'],
  [limits.CERTIFICATE_EXPIRING_SECONDS / limits.DAY, 'green'],
];

/** Steps that are limits only: below the first of them nothing is coloured. */
export function lines([, ...rest]: Steps): Steps {
  return ['transparent', ...rest];
}

/** Steps for a table of many servers: what is well has no colour. */
export function onlyTrouble([base, ...rest]: Steps): Steps {
  const quiet = (colour: string) => (colour === 'green' ? 'transparent' : colour);
  return [quiet(base), ...rest.map(([from, colour]) => [from, quiet(colour)] as const)];
}

interface Meaning {
  readonly steps: Steps;
  readonly states: States;
}

/** 1 if it answers, else 0. */
export const ANSWERS: Meaning = {
  steps: ['red', [1, 'green']],
  states: { 0: ['DOWN', 'red'], 1: ['UP', 'green'] },
};

/** The same in a table. */
export const ANSWERS_CELL: Meaning = {
  steps: ['red', [1, 'transparent']],
  states: { 0: ['DOWN', 'red'], 1: ['up', 'transparent'] },
};

/** 1 if a step of the probe succeeded, else 0. */
export const STEP_CELL: Meaning = {
  steps: ['red', [1, 'transparent']],
  states: { 0: ['fails', 'red'], 1: ['ok', 'transparent'] },
};

export const DAEMON_STATES: Meaning = {
  steps: ['orange', [1, 'green']],
  states: { 0: ['failed over', 'orange'], 1: ['first', 'green'] },
};
