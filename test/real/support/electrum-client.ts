// A small Electrum client over TCP: handshake, subscriptions and requests.
import { createHash } from 'node:crypto';
import { openLine, type Line } from './json-lines.ts';
import { MINER_SCRIPT } from './chain.ts';

export interface ElectrumClient extends Line {
  /** Subscribes to `count` script hashes of its own, each different from anyone else's with another name. */
  subscribe(count: number): Promise<void>;
}

/** Connects and calls itself `name`; the address it comes from can be any of 127.0.0.0/8. */
export async function connectClient(
  port: number,
  { name, protocol = '1.4', from = '127.0.0.1' }: { name: string; protocol?: string; from?: string },
): Promise<ElectrumClient> {
  const line = await openLine(port, from);
  await line.call('server.version', [name, protocol]);
  let subscribed = 0;
  const subscribe = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      subscribed += 1;
      await line.call('blockchain.scripthash.subscribe', [scriptHash(Buffer.from(`${name} ${subscribed}`))]);
    }
  };
  return Object.defineProperties({ subscribe } as ElectrumClient, Object.getOwnPropertyDescriptors(line));
}

/** The script hash under which the stand-in chain's coinbases are indexed. */
export function minerScriptHash(): string {
  return scriptHash(Buffer.from(MINER_SCRIPT, 'hex'));
}

function scriptHash(script: Buffer): string {
  return createHash('sha256').update(script).digest().reverse().toString('hex');
}
