// Records the result and the duration of each step of a probe.
import { ProbeFailure, type FailureKind, type Step } from './failure.ts';
import type { ProbeReply } from './session.ts';

export interface StepResult {
  readonly ok: boolean;
  /** until the step was done, for a request since it was sent */
  readonly seconds: number;
  /** of a failed step */
  readonly kind?: FailureKind;
}

export interface StepRecorder {
  /** The steps so far, in order: the first that fails is the last. */
  readonly results: ReadonlyMap<Step, StepResult>;
  /** Takes a step, and throws the ProbeFailure with which it fails. */
  take<T>(step: Step, work: () => Promise<T>): Promise<T>;
  /** Waits for a reply to a request sent at `sentAt` and decodes it. Throws as `take` does. */
  receive<T>(
    step: Step,
    reply: Promise<ProbeReply>,
    how: { sentAt: number; decode: (result: unknown) => T },
  ): Promise<T>;
}

/** Makes a recorder without steps. */
export function recordSteps(): StepRecorder {
  const results = new Map<Step, StepResult>();
  const failed = (step: Step, startedAt: number, error: unknown) => {
    const seconds = secondsSince(startedAt, performance.now());
    if (error instanceof ProbeFailure) results.set(step, { ok: false, seconds, kind: error.kind });
    return error;
  };
  return {
    results,
    take: async (step, work) => {
      const startedAt = performance.now();
      try {
        const value = await work();
        results.set(step, { ok: true, seconds: secondsSince(startedAt, performance.now()) });
        return value;
      } catch (error) {
        throw failed(step, startedAt, error);
      }
    },
    receive: async (step, reply, { sentAt, decode }) => {
      try {
        const { result, at } = await reply;
        const value = decode(result);
        results.set(step, { ok: true, seconds: secondsSince(sentAt, at) });
        return value;
      } catch (error) {
        throw failed(step, sentAt, error);
      }
    },
  };
}

function secondsSince(startMs: number, endMs: number): number {
  return (endMs - startMs) / 1000;
}
