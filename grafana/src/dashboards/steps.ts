// What colours and words mean on all dashboards: where values turn orange and red, as the rules have it.
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

/** Of shares of a limit at which it pages. */
export const SILENCE_STEPS: Steps = ['green', [0.5, 'orange'], [1, 'red']];

export const FLUSH_STEPS: Steps = ['green', [limits.FLUSH_COUNT_HIGH, 'orange'], [limits.FLUSH_COUNT_CRITICAL, 'red']];

export const UPTIME_STEPS: Steps = ['orange', [limits.HOUR, 'green']];

/** For what should be 0. */
export const NONE_STEPS: Steps = ['green', [1, 'orange']];

/** Steps that are limits only: below the first of them a line is not coloured. */
export function lines([, ...rest]: Steps): Steps {
  return ['transparent', ...rest];
}

/** 0 and 1 of what answers or does not. */
export const ANSWERS: { readonly steps: Steps; readonly states: States } = {
  steps: ['red', [1, 'green']],
  states: { 0: ['DOWN', 'red'], 1: ['UP', 'green'] },
};

export const DAEMON_STATES: { readonly steps: Steps; readonly states: States } = {
  steps: ['orange', [1, 'green']],
  states: { 0: ['failed over', 'orange'], 1: ['first', 'green'] },
};
