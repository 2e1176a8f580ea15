// A stand-in bitcoind: as much of its JSON-RPC and REST as ElectrumX of either fork asks for, over a made-up chain.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeChain, type Block, type Chain } from './chain.ts';

export interface Bitcoind {
  /** What goes into ElectrumX's DAEMON_URL. */
  readonly url: string;
  readonly port: number;
  readonly chain: Chain;
  /** Leaves requests for `method` without a reply, until `release`. */
  hold(method: string): void;
  /** Answers what was held back, and holds nothing any more. */
  release(): void;
  close(): Promise<void>;
}

/** Starts one on a free loopback port, with `blocks` blocks after the genesis block. It does not grow by itself. */
export async function startBitcoind(blocks = 110): Promise<Bitcoind> {
  const chain = makeChain(blocks);
  const gate: Gate = { closedFor: new Set(), waiting: [] };
  const server = http.createServer((request, response) => void serve(chain, gate, request, response));
  const release = (): void => {
    gate.closedFor.clear();
    for (const go of gate.waiting.splice(0)) go();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://user:password@127.0.0.1:${port}`,
    port,
    chain,
    hold: (method) => void gate.closedFor.add(method),
    release,
    close: () =>
      new Promise((resolve) => {
        release();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Gate {
  readonly closedFor: Set<string>;
  readonly waiting: (() => void)[];
}

async function serve(
  chain: Chain,
  gate: Gate,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const rest = /^\/rest\/block\/([0-9a-f]{64})\.bin$/.exec(request.url ?? '');
  if (rest !== null) {
    const block = chain.byHash(rest[1] ?? '');
    response.writeHead(block === undefined ? 404 : 200, { 'Content-Type': 'application/octet-stream' });
    response.end(block?.raw);
    return;
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const calls = (Array.isArray(body) ? body : [body]) as { method: string }[];
  if (calls.some(({ method }) => gate.closedFor.has(method))) {
    await new Promise<void>((go) => void gate.waiting.push(go));
  }
  const reply = Array.isArray(body) ? body.map((call: unknown) => answer(chain, call)) : answer(chain, body);
  // ElectrumX compares the whole header: with a charset behind it, the reply counts as a refusal.
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(reply));
}

class DaemonError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

function answer(chain: Chain, call: unknown): object {
  const { method, params, id } = call as { method: string; params?: unknown[]; id: unknown };
  try {
    const handler = METHODS[method];
    if (handler === undefined) throw new DaemonError(-32601, 'Method not found');
    return { result: handler(chain, params ?? []), error: null, id };
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error;
    return { result: null, error: { code: error.code, message: error.message }, id };
  }
}

// Each number is one that every supported ElectrumX accepts: 2.0 demands version 31 and two synced indexes.
const METHODS: Readonly<Record<string, (chain: Chain, params: unknown[]) => unknown>> = {
  getblockcount: (chain) => chain.height(),
  getblockhash: (chain, [height]) => found(chain.at(height as number)).hash,
  getblock: (chain, [hash, verbose]) => {
    const block = found(chain.byHash(hash as string));
    if (verbose === true || verbose === 1) return { hash, height: block.height };
    return block.raw.toString('hex');
  },
  getblockheader: (chain, [hash]) => found(chain.byHash(hash as string)).header.toString('hex'),
  getblockchaininfo: (chain) => ({ chain: 'regtest', blocks: chain.height(), headers: chain.height() }),
  getnetworkinfo: () => ({ version: 310_000, subversion: '/stand-in:31.0.0/', relayfee: 0.00001, networks: [] }),
  getindexinfo: (chain) => {
    const synced = { synced: true, best_block_height: chain.height() };
    return { txindex: synced, txospenderindex: synced };
  },
  getmempoolinfo: () => ({ mempoolminfee: 0.00001, minrelaytxfee: 0.00001, incrementalrelayfee: 0.00001 }),
  getrawmempool: () => [],
  getrawtransaction: (chain, [id]) => found(chain.byTransaction(id as string)).transaction.hex,
  estimatesmartfee: () => ({ feerate: 0.0001, blocks: 2 }),
  estimatefee: () => 0.0001,
};

function found(block: Block | undefined): Block {
  if (block === undefined) throw new DaemonError(-5, 'Block not found');
  return block;
}
