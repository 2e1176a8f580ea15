// Keeps V8's heap small if the server is small, and lets it grow if the server is large.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A scrape makes garbage and keeps almost nothing: V8 should collect it often instead of keeping tens of megabytes of it. */
const AT_FIRST = ['--semi-space-growth-factor=1', '--heap-growing-percent=30', '--optimize-for-size'];

/** V8 should optimise only code that runs for long: its threads take as much memory as a small scrape. Newer V8 has no such flag. */
const AT_FIRST_IN_NODE_20 = '--interrupt-budget=1000000';

/** The replies of servers with some 2,000 sessions, and with 30,000. */
const LARGE_BYTES = 250_000;
const HUGE_BYTES = 3_000_000;

/** V8's own settings: collecting often would take longer than the rest of such a scrape. */
const LATER = [
  { fromBytes: LARGE_BYTES, flags: ['--semi-space-growth-factor=2', '--no-optimize-for-size'] },
  { fromBytes: HUGE_BYTES, flags: ['--heap-growing-percent=0'] },
];

/** Enough for the objects of a scrape of 10,000 sessions. Node 20 would take twice as much, and Node 24 eight times. */
const MAX_NEW_SPACE_BYTES = 15e6;

/**
 * Call it before the first scrape. It returns a function: call that at the end of each scrape, with the bytes of the replies. A heap that was
 * large may stay so. `nodeVersion`: such as `v20.19.0`.
 */
export function keepHeapSmall(nodeVersion: string): (replyBytes: number) => void {
  for (const flag of AT_FIRST) setFlagsFromString(flag);
  if (nodeVersion.startsWith('v20.')) setFlagsFromString(AT_FIRST_IN_NODE_20);
  let collectNewSpace: (() => void) | undefined;
  return (replyBytes) => {
    for (const { fromBytes, flags } of LATER) {
      if (replyBytes > fromBytes) for (const flag of flags) setFlagsFromString(flag);
    }
    if (newSpaceBytes() > MAX_NEW_SPACE_BYTES) setFlagsFromString('--semi-space-growth-factor=1');
    if (replyBytes > LARGE_BYTES) setImmediate((collectNewSpace ??= newSpaceCollector()));
  };
}

function newSpaceBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
}

/**
 * Collects the garbage of a scrape after the response has been sent. V8 by itself would do so in the middle of a later reply, when thousands
 * of rows are in use and have to be copied.
 */
function newSpaceCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  return () => gc({ type: 'minor' });
}
