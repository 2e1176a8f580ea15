// The program of a stand-in bitcoind in a separate process: sends its port to its parent process, and runs the commands that come back.
import { startBitcoind } from './bitcoind.ts';
import type { Command } from './bitcoind-process.ts';

const bitcoind = await startBitcoind(Number(process.argv[2]));

process.on('message', ({ hold, grow, rollBack }: Command) => {
  if (hold !== undefined) bitcoind.hold(hold);
  if (grow !== undefined) bitcoind.chain.grow(grow);
  if (rollBack !== undefined) bitcoind.chain.rollBack(rollBack);
});
process.once('disconnect', () => process.exit());
process.send?.(bitcoind.port);
