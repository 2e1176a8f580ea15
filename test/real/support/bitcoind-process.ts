// The stand-in bitcoind in a separate process, which SIGSTOP and SIGKILL affect as they do a real one.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Bitcoind } from './bitcoind.ts';
import { makeChain, type Chain } from './chain.ts';

const PROGRAM = join(import.meta.dirname, 'bitcoind-program.ts');

/** What the process does next. It does not reply. */
export type Command = { readonly [Name in 'grow' | 'rollBack']?: number } & { readonly hold?: string };

export interface BitcoindProcess extends Pick<Bitcoind, 'url' | 'port' | 'hold' | 'close'> {
  /** A copy of its chain: the same number of blocks gives the same chain. A change applies to both. */
  readonly chain: Omit<Chain, 'reorganise'>;
  /** Sends it a signal, such as SIGSTOP. */
  signal(name: NodeJS.Signals): void;
}

/** Starts one, with `blocks` blocks after the genesis block. */
export async function startBitcoindProcess(blocks: number): Promise<BitcoindProcess> {
  const child = fork(PROGRAM, [String(blocks)], { execArgv: ['--import', 'tsx'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => void process.removeListener('exit', kill));
  const first = (await Promise.race([once(child, 'message'), ended])) as [number] | undefined;
  if (first === undefined) throw new Error('the stand-in bitcoind has ended');
  const [port] = first;
  const chain = makeChain(blocks);
  const send = (command: Command) => void child.send(command);
  return {
    url: `http://user:password@127.0.0.1:${port}`,
    port,
    hold: (hold) => send({ hold }),
    chain: {
      ...chain,
      grow: (count) => {
        chain.grow(count);
        send({ grow: count });
      },
      rollBack: (depth) => {
        chain.rollBack(depth);
        send({ rollBack: depth });
      },
    },
    signal: (name) => void child.kill(name),
    close: async () => {
      kill();
      await ended;
    },
  };
}
