// Settings of V8 for the memory of an exporter: small next to a small server, and fast next to a large one.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** A scrape makes garbage and keeps almost nothing: V8 should collect it often instead of keeping tens of megabytes of it. */
const FLAGS_OF_SMALL_HEAPS = ['--semi-space-growth-factor=1', '--heap-growing-percent=30', '--optimize-for-size'];

/** V8 should optimise only code that runs for long: its threads take as much memory as a small scrape. Newer V8 has no such flag. */
const FLAG_OF_NODE_20 = '--interrupt-budget=1000000';

/** From the heap of a scrape of some thousand sessions on, collecting that often would take longer than the scrape. */
const FLAGS_OF_LARGE_HEAPS = [
  { fromBytes: 20e6, flag: '--semi-space-growth-factor=2' },
  { fromBytes: 20e6, flag: '--no-optimize-for-size' },
  { fromBytes: 60e6, flag: '--heap-growing-percent=100' },
];

/** Enough for a scrape of 10,000 sessions. Node 20 would take twice as much, and Node 24 eight times. */
const LARGE_NEW_SPACE_BYTES = 15e6;

/** Call it before the first scrape. `nodeVersion`: such as `v20.19.0`. */
export function keepHeapSmall(nodeVersion: string): void {
  for (const flag of FLAGS_OF_SMALL_HEAPS) setFlagsFromString(flag);
  if (nodeVersion.startsWith('v20.')) setFlagsFromString(FLAG_OF_NODE_20);
}

/** Call it once a scrape, with the bytes in use. A heap that was large may stay so. */
export function letHeapGrow(usedBytes: number): void {
  for (const { fromBytes, flag } of FLAGS_OF_LARGE_HEAPS) if (usedBytes > fromBytes) setFlagsFromString(flag);
  const newSpace = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  if (newSpace && newSpace.space_size > LARGE_NEW_SPACE_BYTES) setFlagsFromString('--semi-space-growth-factor=1');
}
