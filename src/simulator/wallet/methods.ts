// The methods that wallets call: in which protocol versions each exists, its cost, and its reply.
import { type Era, RULES, since } from '../eras.ts';
import { type Arguments, RpcFault } from '../replies/command.ts';
import type { Json } from '../replies/json.ts';
import { float, shown } from '../replies/json.ts';
import { SERVER_HOST } from '../world/peers.ts';
import type { Session, World } from '../world/world.ts';
import { coinbase, genesisHash, type Transaction } from './chain.ts';
import { negotiate, reaches } from './negotiate.ts';
import type { ServicePort } from './services.ts';

/** What all wallets' connections share. */
export interface WalletServer {
  readonly era: Era;
  readonly world: World;
  readonly services: readonly ServicePort[];
  readonly chain: { header(height: number): string };
  /** Transactions whose ids were sent to a wallet, so that the daemon must have them. By id. */
  readonly named: Map<string, Transaction>;
  /** Rejects when the time limit of a request is over. */
  readonly timeout: () => Promise<never>;
}

export interface Wallet {
  readonly session: Session;
  /** The last tip that it was notified of; undefined if it has not subscribed. */
  subscribedTo: number | undefined;
}

export interface Method {
  /** The first protocol version that has it, and the first that does not. */
  readonly since?: string;
  readonly until?: string;
  readonly cost: number;
  /** Names, in the order of the positions; the first `required` must be given. */
  readonly params: readonly string[];
  readonly required: number;
  /** Throws RpcFault. */
  readonly run: (server: WalletServer, wallet: Wallet, args: Arguments) => Json | Promise<Json>;
}

/** Errors that the server makes itself, and those that it passes on from the daemon. */
const BAD_REQUEST = 1;
const DAEMON_ERROR = 2;

const NOTHING = { params: [], required: 0 } as const;
const SCRIPT = { params: ['scripthash'], required: 1, since: '1.1', until: '1.7' } as const;

export const METHODS: Readonly<Record<string, Method>> = {
  'server.version': { cost: 0.5, params: ['client_name', 'protocol_version'], required: 0, run: version },
  'server.features': { cost: 0.2, since: '1.1', ...NOTHING, run: features },
  'server.ping': { cost: 0.1, since: '1.2', ...NOTHING, run: () => null },
  'server.banner': {
    cost: 0.5,
    ...NOTHING,
    run: ({ era }) => `You are connected to an ${serverVersion(era)} server.`,
  },
  'blockchain.headers.subscribe': { cost: 0.25, params: ['raw'], required: 0, run: subscribeToHeaders },
  'blockchain.block.header': { cost: 0.25, since: '1.3', params: ['height', 'cp_height'], required: 1, run: header },
  'blockchain.scripthash.get_balance': {
    cost: 1,
    ...SCRIPT,
    run: (server, _wallet, { scripthash }) => ofScript(server, scripthash, { confirmed: 0, unconfirmed: 0 }),
  },
  'blockchain.scripthash.get_history': {
    cost: 0.45,
    ...SCRIPT,
    run: (server, _wallet, { scripthash }) => ofScript(server, scripthash, []),
  },
  'blockchain.transaction.id_from_pos': {
    cost: 0.1,
    since: '1.4',
    params: ['height', 'tx_pos', 'merkle'],
    required: 2,
    run: idFromPosition,
  },
  'blockchain.transaction.get': { cost: 1, params: ['tx_hash', 'verbose'], required: 1, run: getTransaction },
  'blockchain.relayfee': { cost: 1, until: '1.6', ...NOTHING, run: () => float(0.00001) },
  'mempool.get_info': {
    cost: 1,
    since: '1.6',
    ...NOTHING,
    run: () => ({ mempoolminfee: float(0.00001), minrelaytxfee: float(0.00001), incrementalrelayfee: float(0.00001) }),
  },
  'blockchain.estimatefee': { cost: 0.1, params: ['number', 'mode'], required: 1, run: () => float(0.00012) },
};

/** The method of that name, if the protocol version has it. */
export function methodOf(name: unknown, protocol: string): Method | undefined {
  if (typeof name !== 'string' || !Object.hasOwn(METHODS, name)) return undefined;
  const method = METHODS[name];
  const exists = method && reaches(protocol, method.since ?? '0') && !(method.until && reaches(protocol, method.until));
  return exists ? method : undefined;
}

/** The name and version of the server. Before 1.5 they are not in getinfo. */
const serverVersion = (era: Era): string =>
  RULES[era].version ?? (era === 'B1' ? 'ElectrumX 1.2.1' : 'ElectrumX 1.4.3');

/** Negotiates the protocol. Without a version in common, the connection is closed after the reply. */
function version(
  { era }: WalletServer,
  { session }: Wallet,
  { client_name: name, protocol_version: wanted }: Arguments,
) {
  if (session.protocol !== undefined && since(era, 'C2')) {
    throw new RpcFault(BAD_REQUEST, 'server.version already sent');
  }
  if (name !== undefined && name !== '') session.client = shown(name);
  const agreed = negotiate(era, wanted);
  if (agreed === undefined) throw new Refusal(BAD_REQUEST, `unsupported protocol version: ${shown(wanted)}`);
  session.protocol = agreed;
  return reaches(agreed, '1.1') ? [serverVersion(era), agreed] : serverVersion(era);
}

/** An error after which the connection is closed. */
export class Refusal extends RpcFault {}

function features({ era, world, services }: WalletServer, { session }: Wallet): Json {
  const ports = Object.fromEntries(services.map(({ transport, port }) => [`${transport}_port`, port]));
  return {
    hosts: { [SERVER_HOST]: ports },
    pruning: null,
    server_version: serverVersion(era),
    protocol_min: RULES[era].firstProtocol,
    protocol_max: RULES[era].lastProtocol,
    genesis_hash: genesisHash(world),
    ...(reaches(session.protocol ?? '1.4', '1.7') ? {} : { hash_function: 'sha256' }),
    ...(since(era, 'E2')
      ? { services: services.map(({ transport, port }) => `${transport}://${SERVER_HOST}:${port}`) }
      : {}),
  };
}

function subscribeToHeaders(server: WalletServer, wallet: Wallet, { raw }: Arguments): Json {
  const protocol = wallet.session.protocol ?? RULES[server.era].firstProtocol;
  wallet.subscribedTo = server.world.walletTip;
  const hex = reaches(protocol, '1.3') ? raw !== false : reaches(protocol, '1.2') && raw === true;
  return tip(server, hex ? 'hex' : 'fields');
}

/** The tip of wallets for a reply or a notification: with its header in hex, or in fields as up to protocol 1.2. */
export function tip({ world, chain }: WalletServer, form: 'hex' | 'fields'): Json {
  const height = world.walletTip;
  const hex = chain.header(height);
  if (form === 'hex') return { hex, height };
  const bytes = Buffer.from(hex, 'hex');
  const hash = (from: number) =>
    Buffer.from(bytes.subarray(from, from + 32))
      .reverse()
      .toString('hex');
  return {
    block_height: height,
    version: bytes.readUInt32LE(0),
    prev_block_hash: hash(4),
    merkle_root: hash(36),
    timestamp: bytes.readUInt32LE(68),
    bits: bytes.readUInt32LE(72),
    nonce: bytes.readUInt32LE(76),
  };
}

function header({ world, chain }: WalletServer, _wallet: Wallet, { height }: Arguments): Json {
  return chain.header(knownHeight(world, height));
}

function idFromPosition(
  { world, named }: WalletServer,
  _wallet: Wallet,
  { height, tx_pos: position }: Arguments,
): Json {
  const block = knownHeight(world, height);
  if (position !== 0) {
    throw new RpcFault(
      BAD_REQUEST,
      `no tx at position ${shown(position)} in block at height ${block.toLocaleString()}`,
    );
  }
  const transaction = coinbase(world, block);
  named.set(transaction.id, transaction);
  return transaction.id;
}

/** Transactions come from the daemon. */
function getTransaction(server: WalletServer, _wallet: Wallet, { tx_hash: id }: Arguments): Json | Promise<Json> {
  if (typeof id !== 'string' || !/^[0-9a-f]{64}$/i.test(id)) {
    throw new RpcFault(BAD_REQUEST, `${shown(id)} should be a transaction hash`);
  }
  if (!server.world.conditions.daemonAnswers) return server.timeout();
  const first = coinbase(server.world, 1);
  const found = id === first.id ? first : server.named.get(id);
  if (found) return found.hex;
  const reason =
    "{'code': -5, 'message': 'No such mempool or blockchain transaction. Use gettransaction for wallet transactions.'}";
  throw new RpcFault(DAEMON_ERROR, `daemon error: DaemonError(${reason})`);
}

function ofScript(server: WalletServer, scripthash: unknown, result: Json): Json | Promise<Json> {
  if (typeof scripthash !== 'string' || !/^[0-9a-f]{64}$/i.test(scripthash)) {
    throw new RpcFault(BAD_REQUEST, `${shown(scripthash)} is not a valid script hash`);
  }
  return server.world.conditions.balances ? result : server.timeout();
}

function knownHeight({ db }: World, height: unknown): number {
  if (typeof height !== 'number' || !Number.isInteger(height) || height < 0) {
    throw new RpcFault(BAD_REQUEST, `${shown(height)} should be a non-negative integer`);
  }
  if (height > db.height) throw new RpcFault(BAD_REQUEST, `height ${height.toLocaleString()} out of range`);
  return height;
}
