// A small server of the wallets' protocol: correct by default, and wrong in one step where a test says how.
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import tls from 'node:tls';
import { WebSocketServer } from 'ws';
import type { Service, Transport } from '../../../src/electrumx/services.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');

/** Files of a certificate and its key. */
export const CERTIFICATES = {
  selfSigned: certificate('electrum/self-signed'),
  byAuthority: certificate('web-config/server'),
};

function certificate(name: string) {
  const file = `${FIXTURES}/${name}.pem`;
  return { file, tls: { cert: readFileSync(file), key: readFileSync(`${FIXTURES}/${name}.key`) } };
}

export const GENESIS = '0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206';
export const TXID = 'ab'.repeat(32);
/** A tip at height 800 000, made at 1 690 168 629. */
export const TIP = { height: 800_000, time: 1_690_168_629, hex: header(1_690_168_629) };

/** An 80-byte header of a block made at `time`. */
export function header(time: number, version = 0x2000_0000): string {
  const bytes = Buffer.alloc(80);
  bytes.writeUInt32LE(version, 0);
  bytes.writeUInt32LE(time, 68);
  return bytes.toString('hex');
}

export interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly id: number;
}

/** One connection of a client, whatever the transport. */
export interface Peer {
  /** Sends one message. */
  send(text: string): void;
  /** Sends one message in pieces, `everyMs` apart, and nothing after it. */
  drip(text: string, everyMs: number): void;
  close(): void;
  /** Closes with a TCP RST. */
  reset(): void;
}

/** Handles a request in place of the correct reply; returns false to get the correct reply after all. */
export type Handler = (request: Request, peer: Peer) => boolean;

export interface WalletServer {
  readonly service: Service;
  /** All requests so far, in order. */
  readonly requests: Request[];
  /** How many connections there have been. */
  connections(): number;
  stop(): void;
}

export interface ServerOptions {
  readonly transport?: Transport;
  readonly protocol?: string;
  /** results by method, in place of the correct ones */
  readonly results?: Readonly<Record<string, unknown>>;
  readonly handle?: Handler;
  readonly certificate?: { readonly cert: Buffer; readonly key: Buffer };
}

const RESULTS: Readonly<Record<string, unknown>> = {
  'blockchain.headers.subscribe': { height: TIP.height, hex: TIP.hex },
  'blockchain.scripthash.get_balance': { confirmed: 0, unconfirmed: 0 },
  'blockchain.scriptpubkey.get_balance': { confirmed: 0, unconfirmed: 0 },
  'blockchain.transaction.id_from_pos': TXID,
  'blockchain.transaction.get': '0100',
  'server.features': { genesis_hash: GENESIS, hosts: {} },
};

/** Starts a server on a free port of 127.0.0.1. */
export async function startWalletServer(options: ServerOptions = {}): Promise<WalletServer> {
  const { transport = 'tcp', protocol = '1.4.2', handle = () => false } = options;
  const results = { 'server.version': ['ElectrumX 1.20.0', protocol], ...RESULTS, ...options.results };
  const requests: Request[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;

  const hear = (text: string, peer: Peer) => {
    const request = JSON.parse(text) as Request;
    requests.push(request);
    if (!handle(request, peer)) peer.send(reply(request, results[request.method as keyof typeof results]));
  };
  /** TCP under TLS: only that can be reset. */
  const reset = (port?: number) => [...sockets].find(({ remotePort }) => remotePort === port)?.resetAndDestroy();
  const server = listener(transport, options.certificate ?? CERTIFICATES.selfSigned.tls, { hear, reset });
  server.on('connection', (socket: net.Socket) => {
    connections++;
    socket.setNoDelay(true);
    sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    service: { transport, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    requests,
    connections: () => connections,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The correct reply to a request. */
export function reply({ id }: { readonly id: number }, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', result, id });
}

interface Hooks {
  readonly hear: (text: string, peer: Peer) => void;
  /** Resets the connection from a port of a client. */
  readonly reset: (port?: number) => void;
}

function listener(transport: Transport, certificates: tls.TlsOptions, hooks: Hooks): net.Server {
  if (transport === 'tcp') return net.createServer((socket) => speakLines(socket, hooks));
  if (transport === 'ssl') return tls.createServer(certificates, (socket) => speakLines(socket, hooks));
  const server = transport === 'ws' ? http.createServer() : https.createServer(certificates);
  server.on('tlsClientError', () => undefined);
  new WebSocketServer({ server }).on('connection', (webSocket, request) => {
    const peer: Peer = {
      ...sender(
        (text) => webSocket.send(text),
        (piece) => webSocket.send(piece, { fin: false }),
      ),
      close: () => afterwards(() => webSocket.terminate()),
      reset: () => afterwards(() => hooks.reset(request.socket.remotePort)),
    };
    webSocket.on('message', (data: Buffer) => hooks.hear(data.toString(), peer)).on('error', () => undefined);
  });
  return server;
}

/** Once what was sent has left, which TLS does in steps. */
function afterwards(work: () => void): void {
  setTimeout(work, 20);
}

function speakLines(socket: net.Socket, { hear, reset }: Hooks): void {
  const peer: Peer = {
    ...sender(
      (text) => socket.write(`${text}\n`),
      (piece) => socket.write(piece),
    ),
    close: () => afterwards(() => socket.destroy()),
    reset: () => afterwards(() => reset(socket.remotePort)),
  };
  let rest = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) hear(line, peer);
  });
}

function sender(sendWhole: (text: string) => void, sendPiece: (piece: string) => void): Pick<Peer, 'send' | 'drip'> {
  let dripping = false;
  return {
    send: (text) => {
      if (!dripping) sendWhole(text);
    },
    drip: (text, everyMs) => {
      dripping = true;
      const pieces = Array.from(text);
      const timer = setInterval(() => {
        const piece = pieces.shift();
        if (piece === undefined) clearInterval(timer);
        else sendPiece(piece);
      }, everyMs);
      timer.unref();
    },
  };
}
