// Settings of V8 for the memory of an exporter: a small heap next to a small server, and V8's own settings next to a large one.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** A scrape makes garbage and keeps almost nothing: V8 should collect it often instead of keeping tens of megabytes of it. */
const SMALL_HEAP = ['--semi-space-growth-factor=1', '--heap-growing-percent=30', '--optimize-for-size'];

/** V8 should optimise only code that runs for long: its threads take as much memory as a small scrape. Newer V8 has no such flag. */
const SMALL_HEAP_OF_NODE_20 = '--interrupt-budget=1000000';

/** V8's own settings. */
const LARGE_HEAP = ['--semi-space-growth-factor=2', '--heap-growing-percent=0', '--no-optimize-for-size'];

/** The replies of a server with some 2,000 sessions: with more, collecting often would take longer than the rest of the scrape. */
const LARGE_REPLIES_BYTES = 250_000;

/** Enough for a scrape of 20,000 sessions, and what Node 20 takes by itself. Node 24 would take four times as much. */
const MAX_NEW_SPACE_BYTES = 30e6;

/** Call it before the first scrape. `nodeVersion`: such as `v20.19.0`. */
export function keepHeapSmall(nodeVersion: string): void {
  for (const flag of SMALL_HEAP) setFlagsFromString(flag);
  if (nodeVersion.startsWith('v20.')) setFlagsFromString(SMALL_HEAP_OF_NODE_20);
}

/** Call it at the end of each scrape, with the bytes of its replies. A heap that was large may stay so. */
export function letHeapGrow(replyBytes: number): void {
  if (replyBytes > LARGE_REPLIES_BYTES) for (const flag of LARGE_HEAP) setFlagsFromString(flag);
  const newSpace = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  if (newSpace && newSpace.space_size > MAX_NEW_SPACE_BYTES) setFlagsFromString('--semi-space-growth-factor=1');
}
