// The wallets' protocol, as far as a probe speaks it: which requests each version has, and what they return.
// Source: https://electrum-protocol.readthedocs.io/en/latest/protocol-changes.html
import { createHash } from 'node:crypto';
import { ProbeFailure } from './failure.ts';
import { blockTime } from './header.ts';
import type { Request } from './session.ts';

/** A range of versions that a client offers: the lowest and the highest. */
export type Offer = readonly [min: string, max: string];

/**
 * Every release of ElectrumX with a protocol of 1.x accepts the first, which on servers up to 1.7 keeps the requests that they share.
 * The second is for servers that will have dropped those versions.
 */
export const OFFERS = [
  ['1.0', '1.4.2'],
  ['1.6', '1.7'],
] as const satisfies readonly Offer[];

/** A negotiated version, such as `1.4.2`, and which requests it has. */
export interface Protocol {
  readonly version: string;
  has(request: keyof typeof SINCE): boolean;
}

/** The first version with each; a request that a server does not know costs it 100 units. */
const SINCE = { balance: [1, 1], features: [1, 1], daemon: [1, 4], scriptPubKey: [1, 7] } as const;

/** OP_FALSE OP_RETURN and a name: no output with it can be spent, so no server has a history for it. */
const UNUSED_SCRIPT = Buffer.concat([Buffer.from([0x00, 0x6a, 18]), Buffer.from('electrumx-exporter')]);
const UNUSED_SCRIPT_HASH = createHash('sha256').update(UNUSED_SCRIPT).digest().reverse().toString('hex');

export const requests = {
  version: (clientName: string, offer: Offer): Request => ({ method: 'server.version', params: [clientName, offer] }),
  tip: (): Request => ({ method: 'blockchain.headers.subscribe', params: [] }),
  balance: (protocol: Protocol): Request =>
    protocol.has('scriptPubKey')
      ? { method: 'blockchain.scriptpubkey.get_balance', params: [UNUSED_SCRIPT.toString('hex')] }
      : { method: 'blockchain.scripthash.get_balance', params: [UNUSED_SCRIPT_HASH] },
  /** The id of block 1's first transaction: the daemon of each chain has it, but for the genesis block's it has none. */
  transactionId: (): Request => ({ method: 'blockchain.transaction.id_from_pos', params: [1, 0] }),
  transaction: (id: string): Request => ({ method: 'blockchain.transaction.get', params: [id] }),
  features: (): Request => ({ method: 'server.features', params: [] }),
} as const;

export interface Tip {
  readonly height: number;
  /** seconds since the epoch; absent for headers whose layout is not known */
  readonly timestamp?: number;
}

/** What each request returns. Throws a ProbeFailure `protocol` for anything else. */
export const decode = {
  /** `[software, protocol]`, before 1.1 only the software. */
  version: (result: unknown): Protocol => protocolOf(typeof result === 'string' ? '1.0' : field(result, 1)),
  tip: (result: unknown): Tip => {
    // Up to 1.2 the header is not in hex but taken apart.
    const height = field(result, 'height') ?? field(result, 'block_height');
    if (!isCount(height)) throw new ProbeFailure('protocol');
    const hex = field(result, 'hex');
    const timestamp = typeof hex === 'string' ? blockTime(hex) : field(result, 'timestamp');
    return isCount(timestamp) ? { height, timestamp } : { height };
  },
  balance: (result: unknown): void => {
    const sums = [field(result, 'confirmed'), field(result, 'unconfirmed')];
    if (!sums.every(Number.isSafeInteger)) throw new ProbeFailure('protocol');
  },
  transactionId: hash,
  transaction: (result: unknown): void => {
    if (typeof result !== 'string' || !/^(?:[0-9a-f]{2})+$/i.test(result)) throw new ProbeFailure('protocol');
  },
  /** The hash of the genesis block, if the server reports it. */
  features: (result: unknown): string | undefined => {
    if (typeof result !== 'object' || result === null) throw new ProbeFailure('protocol');
    const genesis = field(result, 'genesis_hash');
    return genesis === undefined || genesis === null ? undefined : hash(genesis);
  },
} as const;

function protocolOf(version: unknown): Protocol {
  if (typeof version !== 'string' || !/^\d{1,2}(?:\.\d{1,2}){1,2}$/.test(version)) throw new ProbeFailure('protocol');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const has = (request: keyof typeof SINCE) => {
    const [sinceMajor, sinceMinor] = SINCE[request];
    return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
  };
  return { version, has };
}

function hash(value: unknown): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/i.test(value)) throw new ProbeFailure('protocol');
  return value.toLowerCase();
}

function field(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined;
}

/** A whole number that fits into 32 bits, as heights and times of blocks do. */
function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}
