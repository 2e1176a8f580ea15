// The simulator: LocalRPC and client ports in front of one simulated world.
import type { Era } from './eras.ts';
import { createFaults, type Fault } from './wire/faults.ts';
import type { KeyAndCertificate } from './wallet/certificate.ts';
import { type FailWallet, openWalletPorts, type WalletPorts } from './wallet/ports.ts';
import type { Service, ServicePort } from './wallet/services.ts';
import { listen, type LocalRpcPort } from './wire/localrpc-port.ts';
import { createRequestLog, type RequestLog } from './wire/request-log.ts';
import { advance as advanceWorld, begin, createWorld } from './world/advance.ts';
import { MAX_SESSIONS, type Scenario } from './world/scenarios.ts';
import type { World } from './world/world.ts';

export type { Era } from './eras.ts';
export type { Fault } from './wire/faults.ts';

export interface SimulatorOptions {
  readonly era: Era;
  /** 127.0.0.1 if not given. */
  readonly host?: string;
  /** Any free one if not given, or 0. */
  readonly port?: number;
  /** Clients in the scenario calm; 100 if not given. LocalRPC sessions are not included. */
  readonly sessions?: number;
  readonly seed?: number;
  readonly scenario?: Scenario;
  /** How many times as fast as the clock the world runs; 1 if not given. Times in replies are the clock's. */
  readonly speed?: number;
  /** Milliseconds since the epoch; the machine's clock if not given. */
  readonly now?: () => number;
  /** Client ports, beside LocalRPC; none if not given. */
  readonly services?: readonly Service[];
  /** Milliseconds that each reply to a wallet is held back; 0 if not given. 1000 is like the padding of e-x 1.18. */
  readonly replyDelayMs?: number;
  /** Milliseconds after which a wallet's unanswered request gets an error; 30,000 if not given, the default of REQUEST_TIMEOUT. */
  readonly requestTimeoutMs?: number;
  /** Sessions at which the client ports close, until there are 5% less; 1000 if not given, the default of MAX_SESSIONS. */
  readonly maxSessions?: number;
  /** Key and certificate of the client ports, in PEM; a self-signed pair of its own if not given. */
  readonly certificate?: KeyAndCertificate;
  /** Recorded reply lines by method, sent instead of the world's, with the id of the request. */
  readonly replies?: Readonly<Record<string, string>>;
}

export interface Simulator {
  readonly port: number;
  /** The methods that were called, in order: the last 10,000. */
  readonly requests: readonly string[];
  /** Connections accepted since the start. */
  readonly connections: number;
  readonly openConnections: number;
  /** The seeded state, to read and to change. It advances with each request. */
  readonly world: World;
  /** The client ports, in the order of the options. */
  readonly services: readonly ServicePort[];
  /** The certificate that the client ports serve, in PEM. It changes with the scenario. Undefined without TLS. */
  readonly certificate: string | undefined;
  /** What wallets called, and their connections, as above. */
  readonly walletRequests: readonly string[];
  readonly walletConnections: number;
  readonly openWalletConnections: number;
  /** Resolves when it has stopped, by `stop()` or by the command. */
  readonly ended: Promise<void>;
  setScenario(name: Scenario): void;
  /** Fails each answer to a method, or to all (`*`), until `recover`. */
  fail(method: string, fault: Fault): void;
  /** Fails each answer to a wallet's method, or to all (`*`), or the connection at a step, until `recover`. */
  readonly failWallet: FailWallet;
  /** Ends all faults, and sends the replies that they held back. */
  recover(): void;
  /** Closes listener and connections. */
  stop(): Promise<void>;
}

/** Starts a server process of the era. Rejects with a listener's error, such as EADDRINUSE. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { now = Date.now, seed = 1, sessions = 100, scenario = 'calm', speed = 1, host = '127.0.0.1' } = options;
  const world = createWorld({ seed, size: sessions, scenario, time: now() / 1000, speed });
  const requests = createRequestLog();
  const faults = createFaults<Fault>();
  const settle = () => {
    localrpc.settle();
    wallets.settle();
    if (world.stopping) void stop();
  };
  const advance = () => {
    advanceWorld(world, now() / 1000);
    settle();
  };
  const stop = async () => {
    await Promise.all([localrpc.close(), wallets.stop()]);
  };
  const { of: faultOf, hold } = faults;
  const localrpc = listen({ ...localRpcDefaults(options, requests), world, advance, settle, faultOf, hold });
  const wallets = await openWalletPorts({ ...walletDefaults(options), world, host, now, advance, settle });
  const port = await localrpc.open(options.port ?? 0, host).catch(async (error: unknown) => {
    await wallets.stop();
    throw error;
  });
  const setScenario = (name: Scenario) => {
    advance();
    begin(world, name);
    settle();
  };
  const recover = () => {
    faults.recover();
    wallets.recover();
  };
  const controls = { setScenario, fail: faults.fail, failWallet: wallets.fail, recover, stop };
  const ended = localrpc.closed;
  return Object.assign(observe(localrpc, wallets), { port, requests: requests.methods, world, ended, ...controls });
}

/** The current state of the ports. */
function observe(localrpc: LocalRpcPort, wallets: WalletPorts) {
  return {
    services: wallets.services,
    walletRequests: wallets.requests,
    get connections() {
      return localrpc.accepted();
    },
    get openConnections() {
      return localrpc.connections.size;
    },
    get certificate() {
      return wallets.certificate();
    },
    get walletConnections() {
      return wallets.accepted();
    },
    get openWalletConnections() {
      return wallets.open();
    },
  };
}

function localRpcDefaults({ era, replies = {} }: SimulatorOptions, requests: RequestLog) {
  return { era, replies, onRequest: requests.add };
}

function walletDefaults(options: SimulatorOptions) {
  const { era, services = [], replyDelayMs = 0, requestTimeoutMs = 30_000, maxSessions = MAX_SESSIONS } = options;
  return { era, services, replyDelayMs, requestTimeoutMs, maxSessions, certificate: options.certificate };
}
