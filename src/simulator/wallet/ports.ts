// The client ports of the simulator: when they are open, which certificate they serve, and who is connected.
import type net from 'node:net';
import tls from 'node:tls';
import type { Era } from '../eras.ts';
import { RpcFault } from '../replies/command.ts';
import { SERVER_HOST } from '../world/peers.ts';
import type { World } from '../world/world.ts';
import { type KeyAndCertificate, selfSigned } from './certificate.ts';
import { createChain } from './chain.ts';
import { openWallet, type WalletConnection, type WalletFault, type WalletHost } from './connection.ts';
import { openListener, type Listener } from './listener.ts';
import { createFaults } from '../wire/faults.ts';
import { createRequestLog } from '../wire/request-log.ts';
import type { Service, ServicePort } from './services.ts';
import { type ConnectionFault, type ConnectionStep, createAccept, type TransportHost } from './transports.ts';

export interface WalletPortsOptions {
  readonly era: Era;
  readonly world: World;
  readonly services: readonly Service[];
  /** Where services without a host listen. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Advances the world to the present, and settles. */
  readonly advance: () => void;
  /** Closes the sessions that the world has closed, here and on LocalRPC. */
  readonly settle: () => void;
  readonly replyDelayMs: number;
  readonly requestTimeoutMs: number;
  readonly maxSessions: number;
  /** Served instead of a certificate of the simulator's. */
  readonly certificate: KeyAndCertificate | undefined;
}

/** A method, `*` for all methods, or a step of the connection. */
export type FailWallet = ((at: ConnectionStep, fault: ConnectionFault) => void) &
  ((method: string, fault: WalletFault) => void);

export interface WalletPorts {
  readonly services: readonly ServicePort[];
  /** Methods that wallets called, in order: the last 10,000. */
  readonly requests: readonly string[];
  /** TCP connections since the start, and now. */
  readonly accepted: () => number;
  readonly open: () => number;
  /** The served certificate, in PEM; undefined without a TLS port. */
  readonly certificate: () => string | undefined;
  readonly fail: FailWallet;
  readonly recover: () => void;
  /** Follows the world: opens and closes ports, closes and notifies wallets. */
  readonly settle: () => void;
  readonly stop: () => Promise<void>;
}

const DAY_MS = 86_400_000;

/** Opens a port for each service. Rejects with a listener's error, such as EADDRINUSE. */
export async function openWalletPorts(options: WalletPortsOptions): Promise<WalletPorts> {
  const requests = createRequestLog();
  const services: ServicePort[] = [];
  const faults = createFaults<WalletFault>();
  const certificate = createCertificate(options);
  const { fail, recover, of: faultOf, hold } = faults;
  const onRequest = requests.add;
  const clients = createClients(options, { ...createServer(options, services), onRequest, faultOf, hold });
  const { connections } = clients;
  const listeners: Listener[] = [];
  const stop = async () => {
    const closed = listeners.map((listener) => listener.stop());
    connections.closeAll();
    await Promise.all(closed);
  };
  const faultAt = (step: ConnectionStep) => faults.at(step) as ConnectionFault | undefined;
  const transportHost = { secureContext: certificate.context, faultAt, open: clients.open };
  try {
    for (const { transport, host = options.host, port = 0 } of options.services) {
      const accept = await createAccept(transport, transportHost);
      const listener = await openListener(port, host, (socket) => accept(connections.add(socket)));
      listeners.push(listener);
      services.push({ transport, host, port: listener.port });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const settlePorts = createSettlePorts(options, listeners);
  settlePorts();
  const settle = () => {
    settlePorts();
    clients.settle();
  };
  const { accepted, open } = connections;
  const { methods } = requests;
  return { services, requests: methods, accepted, open, certificate: certificate.pem, fail, recover, settle, stop };
}

/** The wallets that are connected, and the connections that are not yet wallets. */
function createClients({ world, advance }: WalletPortsOptions, host: WalletHost) {
  const wallets = new Set<WalletConnection>();
  const open: TransportHost['open'] = (outlet, transport, socket) => {
    advance();
    const { connection, take } = openWallet(host, outlet, transport, socket);
    wallets.add(connection);
    socket.once('close', () => wallets.delete(connection));
    return take;
  };
  const settle = () => {
    for (const { session, close, notify } of wallets) {
      if (session.goneAt !== undefined || world.sessions.get(session.id) !== session) close();
      else notify();
    }
  };
  return { open, settle, connections: createConnections() };
}

function createConnections() {
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  const add = (socket: net.Socket) => {
    accepted++;
    sockets.add(socket.setNoDelay(true));
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const closeAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { add, closeAll, accepted: () => accepted, open: () => sockets.size };
}

/** Ports are open once the index has caught up, unless there are too many sessions or the scenario closes them. */
function createSettlePorts({ world, maxSessions }: WalletPortsOptions, listeners: readonly Listener[]): () => void {
  let full = false;
  return () => {
    full = world.sessions.size >= (full ? maxSessions * 0.95 + 1 : maxSessions);
    for (const [n, listener] of listeners.entries()) {
      listener.setOpen(world.db.caughtUp && !full && (n > 0 || world.conditions.ports === 'all'));
    }
  };
}

/** What all wallets' connections share. */
function createServer(options: WalletPortsOptions, services: readonly ServicePort[]) {
  const { era, world, advance, settle, replyDelayMs, requestTimeoutMs } = options;
  const timeout = () =>
    new Promise<never>((_, reject) => {
      const busy = () => reject(new RpcFault(-102, 'server busy - request timed out'));
      setTimeout(busy, requestTimeoutMs).unref();
    });
  const shared = { era, world, services, chain: createChain(world), named: new Map<string, never>(), timeout };
  return { ...shared, advance, settle, replyDelayMs };
}

/** Makes a certificate when it is first needed, and a new one when the scenario changes the expiry date. */
function createCertificate({ world, now, certificate: given, services }: WalletPortsOptions) {
  const needed = services.some(({ transport }) => transport === 'ssl' || transport === 'wss');
  let served: { pair: KeyAndCertificate; days: number; context: tls.SecureContext } | undefined;
  const current = () => {
    const { certificateDays: days } = world.conditions;
    if (served?.days !== days) {
      const dates = { notBefore: now() - 30 * DAY_MS, notAfter: now() + days * DAY_MS };
      const pair = given ?? selfSigned({ commonName: SERVER_HOST, ...dates });
      served = { pair, days, context: tls.createSecureContext(pair) };
    }
    return served;
  };
  return {
    context: () => current().context,
    pem: () => (needed ? current().pair.cert : undefined),
  };
}
