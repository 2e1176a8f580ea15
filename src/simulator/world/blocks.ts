// When the blocks of the chain were found.
import { onTheClock, type World } from './world.ts';

const BLOCK_SECONDS = 600;

/** Lets the daemon note when it found the blocks that have come since the last call. */
export function noteBlocks({ daemon, time }: World): void {
  while (daemon.bornHeight + daemon.foundAt.length < daemon.height) daemon.foundAt.push(time);
}

/** When a block was found, in whole seconds since the epoch. Those older than the world came every ten minutes. */
export function blockTime(world: World, height: number): number {
  noteBlocks(world);
  const { bornHeight, foundAt } = world.daemon;
  const found = foundAt[height - bornHeight - 1];
  if (found !== undefined) return Math.floor(onTheClock(world, found));
  return Math.floor(world.bornAt) - (world.seed % BLOCK_SECONDS) - Math.max(0, bornHeight - height) * BLOCK_SECONDS;
}
