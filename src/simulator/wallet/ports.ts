// The client ports of the simulator: when they are open, which certificate they serve, and who is connected.
import type net from 'node:net';
import tls from 'node:tls';
import type { Era } from '../eras.ts';
import { RpcFault } from '../replies/command.ts';
import { OWN_HOST } from '../world/peers.ts';
import type { World } from '../world/world.ts';
import { type KeyAndCertificate, selfSigned } from './certificate.ts';
import { createChain } from './chain.ts';
import { openWallet, type WalletConnection, type WalletFault, type WalletHost } from './connection.ts';
import { openListener, type Listener } from './listener.ts';
import type { Service, ServicePort } from './services.ts';
import { type ConnectionFault, type ConnectionStep, createAccept, type TransportHost } from './transports.ts';

export interface WalletPortsOptions {
  readonly era: Era;
  readonly world: World;
  readonly services: readonly Service[];
  /** Where services listen that name no host. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Brings the world to the present, and settles. */
  readonly live: () => void;
  /** Closes what the world has closed, here and on LocalRPC. */
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
  /** What is served, in PEM; undefined without a port that needs one. */
  readonly certificate: () => string | undefined;
  readonly fail: FailWallet;
  readonly recover: () => void;
  /** Follows the world: opens and closes ports, closes and notifies wallets. */
  readonly settle: () => void;
  readonly stop: () => Promise<void>;
}

const MAX_REQUESTS = 10_000;
const DAY_MS = 86_400_000;

/** Opens a port for each service. Rejects with a listener's error, such as EADDRINUSE. */
export async function openWalletPorts(options: WalletPortsOptions): Promise<WalletPorts> {
  const { world, maxSessions } = options;
  const state = { requests: [] as string[], accepted: 0, full: false };
  const faults = createFaults();
  const certificate = createCertificate(options);
  const wallets = new Set<WalletConnection>();
  const sockets = new Set<net.Socket>();
  const services: ServicePort[] = [];
  const host = createHost(options, services, faults, state.requests);
  const transportHost: TransportHost = {
    secureContext: certificate.context,
    faultAt: faults.at,
    open: (outlet, transport, socket) => {
      options.live();
      const { connection, take } = openWallet(host, outlet, transport, socket);
      wallets.add(connection);
      socket.once('close', () => wallets.delete(connection));
      return take;
    },
  };
  const track = (socket: net.Socket) => {
    state.accepted++;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const listeners: Listener[] = [];
  const stop = async () => {
    const closed = listeners.map((listener) => listener.stop());
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  };
  try {
    for (const { transport, host: address = options.host, port = 0 } of options.services) {
      const accept = await createAccept(transport, transportHost);
      const onConnection = (socket: net.Socket) => {
        track(socket);
        accept(socket);
      };
      const listener = await openListener(port, address, onConnection);
      listeners.push(listener);
      services.push({ transport, host: address, port: listener.port });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const settle = () => {
    state.full = world.sessions.size >= (state.full ? maxSessions * 0.95 + 1 : maxSessions);
    for (const [n, listener] of listeners.entries()) {
      listener.setOpen(world.db.caughtUp && !state.full && (n > 0 || world.conditions.ports === 'all'));
    }
    for (const { session, close, notify } of wallets) {
      if (session.goneAt !== undefined || world.sessions.get(session.id) !== session) close();
      else notify();
    }
  };
  settle();
  return {
    services,
    requests: state.requests,
    accepted: () => state.accepted,
    open: () => sockets.size,
    certificate: certificate.pem,
    fail: faults.fail,
    recover: faults.recover,
    settle,
    stop,
  };
}

function createHost(
  options: WalletPortsOptions,
  services: readonly ServicePort[],
  { of, hold }: Faults,
  requests: string[],
): WalletHost {
  const { era, world, live, settle, replyDelayMs, requestTimeoutMs } = options;
  const timeout = () =>
    new Promise<never>((_, reject) => {
      const busy = () => void reject(new RpcFault(-102, 'server busy - request timed out'));
      setTimeout(busy, requestTimeoutMs).unref();
    });
  const asked = (method: string) => {
    if (requests.push(method) > MAX_REQUESTS) requests.shift();
  };
  const shared = { era, world, services, chain: createChain(world), named: new Map<string, never>(), timeout };
  return { ...shared, live, settle, replyDelayMs, asked, faultOf: of, hold };
}

interface Faults {
  readonly fail: FailWallet;
  readonly recover: () => void;
  readonly at: (step: ConnectionStep) => ConnectionFault | undefined;
  readonly of: (method: string) => WalletFault | undefined;
  readonly hold: (resume: () => void) => void;
}

function createFaults(): Faults {
  const faults = new Map<string, WalletFault>();
  const held: (() => void)[] = [];
  return {
    fail: (at: string, fault: WalletFault) => void faults.set(at, fault),
    recover: () => {
      faults.clear();
      for (const resume of held.splice(0)) resume();
    },
    at: (step) => faults.get(step) as ConnectionFault | undefined,
    of: (method) => faults.get(method) ?? faults.get('*'),
    hold: (resume) => void held.push(resume),
  };
}

/** Makes a certificate when it is first needed, and another one when the scenario wants another expiry date. */
function createCertificate({ world, now, certificate: given, services }: WalletPortsOptions) {
  const needed = services.some(({ transport }) => transport === 'ssl' || transport === 'wss');
  let served: { pair: KeyAndCertificate; days: number; context: tls.SecureContext } | undefined;
  const current = () => {
    const { certificateDays: days } = world.conditions;
    if (served?.days !== days) {
      const dates = { notBefore: now() - 30 * DAY_MS, notAfter: now() + days * DAY_MS };
      const pair = given ?? selfSigned({ commonName: OWN_HOST, ...dates });
      served = { pair, days, context: tls.createSecureContext(pair) };
    }
    return served;
  };
  return {
    context: () => current().context,
    pem: () => (needed ? current().pair.cert : undefined),
  };
}
