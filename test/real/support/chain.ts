// A made-up regtest block chain: real genesis block, linked headers, one coinbase a block, no proof of work.
import { createHash } from 'node:crypto';

export interface Block {
  readonly height: number;
  /** Hash as people write it: byte-reversed hex. */
  readonly hash: string;
  /** 80 bytes. */
  readonly header: Buffer;
  /** The whole block as it is on the wire. */
  readonly raw: Buffer;
  /** Its only transaction, in hex, and the id of that. */
  readonly transaction: { readonly id: string; readonly hex: string };
}

export interface Chain {
  /** Height of the last block; the genesis block is 0. */
  height(): number;
  at(height: number): Block | undefined;
  byHash(hash: string): Block | undefined;
  byTransaction(id: string): Block | undefined;
  /** Appends `count` blocks. */
  grow(count: number): void;
  /** Throws the last `depth` blocks away and appends `depth + 1` different ones, as a real reorganisation does. */
  reorganise(depth: number): void;
  /** Throws the last `depth` blocks away, as `invalidateblock` does. */
  rollBack(depth: number): void;
}

/** The output script of every coinbase here (pay to an unknown public key hash), hex. */
export const MINER_SCRIPT = `76a914${sha256(Buffer.from('stand-in miner')).subarray(0, 20).toString('hex')}88ac`;

const GENESIS_TIME = 1_296_688_602;
const SATOSHIS_A_BLOCK = 50n * 100_000_000n;

/** The block chain of regtest's genesis block and `blocks` more. */
export function makeChain(blocks: number): Chain {
  const chain: Block[] = [genesis()];
  let branch = 0;
  const tip = (): Block => {
    const last = chain.at(-1);
    if (last === undefined) throw new Error('a chain always has its genesis block');
    return last;
  };
  const grow = (count: number): void => {
    for (let n = 0; n < count; n++) chain.push(nextBlock(tip(), branch));
  };
  grow(blocks);
  return {
    height: () => chain.length - 1,
    at: (height) => chain[height],
    byHash: (hash) => chain.find((block) => block.hash === hash),
    byTransaction: (id) => chain.find(({ transaction }) => transaction.id === id),
    grow,
    rollBack: (depth) => {
      chain.length -= depth;
    },
    reorganise: (depth) => {
      if (depth < 1 || depth >= chain.length) throw new Error(`cannot take ${depth} of ${chain.length} blocks back`);
      chain.length -= depth;
      branch += 1;
      grow(depth + 1);
    },
  };
}

function genesis(): Block {
  const headline = Buffer.from('The Times 03/Jan/2009 Chancellor on brink of second bailout for banks');
  const scriptSig = Buffer.concat([Buffer.from('04ffff001d0104', 'hex'), push(headline)]);
  const key =
    '04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6' +
    '49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f';
  const script = Buffer.concat([push(Buffer.from(key, 'hex')), Buffer.from('ac', 'hex')]);
  return block({ height: 0, previous: Buffer.alloc(32), time: GENESIS_TIME, nonce: 2 }, coinbase(scriptSig, script));
}

function nextBlock(previous: Block, branch: number): Block {
  const height = previous.height + 1;
  const heightBytes = Buffer.alloc(4);
  heightBytes.writeUInt32LE(height);
  const scriptSig = Buffer.concat([push(heightBytes), push(Buffer.from(`branch ${branch}`))]);
  const fields = { height, previous: reversed(previous.hash), time: GENESIS_TIME + height * 600, nonce: branch };
  return block(fields, coinbase(scriptSig, Buffer.from(MINER_SCRIPT, 'hex')));
}

function block(fields: { height: number; previous: Buffer; time: number; nonce: number }, coinbase: Buffer): Block {
  const header = Buffer.alloc(80);
  header.writeUInt32LE(1, 0);
  fields.previous.copy(header, 4);
  // With one transaction in the block, its id is the merkle root.
  const transactionId = doubleSha256(coinbase);
  transactionId.copy(header, 36);
  header.writeUInt32LE(fields.time, 68);
  header.writeUInt32LE(0x207fffff, 72);
  header.writeUInt32LE(fields.nonce, 76);
  return {
    height: fields.height,
    hash: doubleSha256(header).reverse().toString('hex'),
    header,
    raw: Buffer.concat([header, Buffer.from([1]), coinbase]),
    transaction: { id: transactionId.reverse().toString('hex'), hex: coinbase.toString('hex') },
  };
}

function coinbase(scriptSig: Buffer, script: Buffer): Buffer {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(SATOSHIS_A_BLOCK);
  return Buffer.concat([
    Buffer.from('01000000', 'hex'),
    Buffer.from([1]),
    Buffer.alloc(32),
    Buffer.from('ffffffff', 'hex'),
    withLength(scriptSig),
    Buffer.from('ffffffff', 'hex'),
    Buffer.from([1]),
    value,
    withLength(script),
    Buffer.alloc(4),
  ]);
}

/** A script's push of up to 75 bytes; the push opcode is the length. */
function push(data: Buffer): Buffer {
  return withLength(data);
}

function withLength(data: Buffer): Buffer {
  if (data.length > 252) throw new Error('only lengths of one byte are made here');
  return Buffer.concat([Buffer.from([data.length]), data]);
}

function reversed(hash: string): Buffer {
  return Buffer.from(hash, 'hex').reverse();
}

function doubleSha256(data: Buffer): Buffer {
  return sha256(sha256(data));
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
