// The simulated block chain: headers and coinbase transactions, in the format of Bitcoin.
import { createHash } from 'node:crypto';
import { blockTime } from '../world/blocks.ts';
import type { World } from '../world/world.ts';

/** A transaction: its bytes and its id, both in hex. */
export interface Transaction {
  readonly id: string;
  readonly hex: string;
}

/** The first blocks are real ones, so that a client can recognize the chain. */
interface RealBlocks {
  readonly genesisHash: string;
  readonly headers: readonly string[];
  /** The coinbase transaction of block 1, if it is a real one. */
  readonly firstCoinbase?: string;
}

const GENESIS_MERKLE_ROOT = '3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a';

const CHAINS: Readonly<Record<World['conditions']['chain'], RealBlocks>> = {
  mainnet: {
    genesisHash: '000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f',
    headers: [
      `01000000${'00'.repeat(32)}${GENESIS_MERKLE_ROOT}29ab5f49ffff001d1dac2b7c`,
      '010000006fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000' +
        '982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e61bc6649ffff001d01e36299',
    ],
    firstCoinbase:
      `0100000001${'00'.repeat(32)}ffffffff0704ffff001d0104ffffffff0100f2052a01000000434104` +
      '96b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52' +
      'da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac00000000',
  },
  testnet: {
    genesisHash: '000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943',
    headers: [`01000000${'00'.repeat(32)}${GENESIS_MERKLE_ROOT}dae5494dffff001d1aa4ae18`],
  },
};

/** Headers link to each other from so many blocks below the tip at birth. Older ones link to nothing: a million would have to be hashed. */
const LINKED_BLOCKS = 144;

/** Hash of the genesis block, in hex as explorers show it. */
export const genesisHash = ({ conditions }: World): string => CHAINS[conditions.chain].genesisHash;

/** Makes the headers of a world. Each is 80 bytes in hex; proof of work is missing but for the real blocks. */
export function createChain(world: World): { header(height: number): string } {
  const linkedFrom = Math.max(0, world.daemon.bornHeight - LINKED_BLOCKS);
  const linked = { mainnet: [] as string[], testnet: [] as string[] };
  const header = (height: number): string => {
    const { chain } = world.conditions;
    const real = CHAINS[chain].headers[height];
    if (real !== undefined) return real;
    if (height < linkedFrom) return build(world, height, Buffer.from(`${world.seed} ${height}`));
    const headers = linked[chain];
    while (headers.length <= height - linkedFrom) {
      const previous = Buffer.from(headers.at(-1) ?? '', 'hex');
      headers.push(build(world, linkedFrom + headers.length, previous));
    }
    return headers[height - linkedFrom] ?? '';
  };
  return { header };
}

function build(world: World, height: number, previous: Uint8Array): string {
  const numbers = Buffer.alloc(12);
  numbers.writeUInt32LE(blockTime(world, height));
  numbers.writeUInt32LE(0x1d00ffff, 4);
  const merkleRoot = reversed(coinbase(world, height).id);
  return `00000020${doubleSha256(previous).toString('hex')}${merkleRoot}${numbers.toString('hex')}`;
}

/** The only transaction of a block. */
export function coinbase({ conditions, seed }: World, height: number): Transaction {
  const { firstCoinbase } = CHAINS[conditions.chain];
  if (height === 1 && firstCoinbase !== undefined) return transaction(firstCoinbase);
  const script = Buffer.alloc(9);
  script[0] = 3;
  script.writeUIntLE(height % 2 ** 24, 1, 3);
  script[4] = 4;
  script.writeUInt32LE(seed, 5);
  return transaction(
    `0100000001${'00'.repeat(32)}ffffffff09${script.toString('hex')}ffffffff0100f2052a01000000015100000000`,
  );
}

const transaction = (hex: string): Transaction => ({
  hex,
  id: doubleSha256(Buffer.from(hex, 'hex')).reverse().toString('hex'),
});

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const doubleSha256 = (bytes: Uint8Array): Buffer => sha256(sha256(bytes));
/** Hashes are shown with their bytes in reverse. */
const reversed = (hash: string): string => Buffer.from(hash, 'hex').reverse().toString('hex');
