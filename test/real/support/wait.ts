// Waiting on a condition: polled, bounded, and with the last reason in the error when it never comes true.

/** Thrown by a probe when waiting on has no point, as when the process in question has ended. */
export class Hopeless extends Error {}

/**
 * Runs `probe` until it returns something other than undefined, which is the result.
 * A probe that throws counts as "not yet", unless it throws Hopeless. Rejects after `timeoutMs` with `what` and the last reason.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | Promise<T | undefined>,
  { timeoutMs = 30_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  let reason = 'the condition did not hold';
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      if (error instanceof Hopeless) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
