// `query`: the history and the unspent outputs of scripts and addresses, made up from their text.
import { type Era, since } from '../eras.ts';
import { type Random, random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { type Arguments, RpcFault } from './command.ts';
import type { Json } from './json.ts';

/** Lines of text; an item that is neither a script nor an address is passed over. */
export function query(world: World, era: Era, { items, limit }: Arguments): Json {
  if (!Array.isArray(items) || typeof limit !== 'number') throw new RpcFault(-32603, 'internal server error');
  return items.flatMap((item: unknown) => {
    if (typeof item !== 'string') throw new RpcFault(-32603, 'internal server error');
    if (/^([0-9a-f]{2})+$/i.test(item)) return [`Script: ${item}`, ...found(world, era, item, limit)];
    if (/^([13mn2][1-9A-HJ-NP-Za-km-z]{25,34}|(bc|tb|bcrt)1[0-9a-z]{11,71})$/.test(item)) {
      return [`Address: ${item}`, ...found(world, era, item, limit)];
    }
    return [];
  });
}

/** The same item always has the same past. */
function found({ db, seed }: World, era: Era, item: string, limit: number): string[] {
  const chance = random(Buffer.from(item).reduce((hash, byte) => Math.imul(hash, 31) + byte, seed));
  const id = since(era, 'G') ? 'txid' : 'tx_hash';
  const txs = Array.from({ length: chance.below(6) }, () => {
    return {
      hash: hash(chance),
      height: chance.below(db.height),
      position: chance.below(300),
      value: chance.below(1e9),
    };
  }).sort((a, b) => a.height - b.height);
  const unspent = txs.filter((_, n) => n % 2 === 0);
  const commas = (n: number) => n.toLocaleString('en-US');
  const history = txs.map((tx, n) => `History #${n}: height ${commas(tx.height)} ${id} ${tx.hash}`);
  const utxos = unspent.map((tx, n) => {
    return `UTXO #${n + 1}: ${id} ${tx.hash} tx_pos ${tx.position} height ${commas(tx.height)} value ${commas(tx.value)}`;
  });
  const balance = unspent.reduce((so, { value }) => so + value, 0) / 1e8;
  const or = (lines: string[], nothing: string) => (lines.length ? lines.slice(0, limit) : [nothing]);
  return [
    ...or(history, 'No history found'),
    ...or(utxos, 'No UTXOs found'),
    `Balance: ${balance.toLocaleString('en-US', { maximumFractionDigits: 8 })} BTC`,
  ];
}

const hash = (chance: Random): string =>
  Array.from({ length: 32 }, () => chance.below(256).toString(16).padStart(2, '0')).join('');
