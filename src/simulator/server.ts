// The simulator: a LocalRPC server on a TCP port, in front of one simulated world.
import net from 'node:net';
import type { Era } from './eras.ts';
import { type Connection, type Host, openConnection } from './wire/connection.ts';
import type { Fault } from './wire/misbehave.ts';
import { advance, begin, createWorld } from './world/life.ts';
import type { Scenario } from './world/scenarios.ts';
import type { World } from './world/world.ts';

export type { Era } from './eras.ts';
export type { Fault } from './wire/misbehave.ts';

export interface SimulatorOptions {
  readonly era: Era;
  /** 127.0.0.1 if not said. */
  readonly host?: string;
  /** Any free one if not said, or 0. */
  readonly port?: number;
  /** Clients in calm times; 100 if not said. LocalRPC sessions come on top. */
  readonly sessions?: number;
  readonly seed?: number;
  readonly scenario?: Scenario;
  /** How many times as fast as the clock the world lives; 1 if not said. What replies tell of time is the clock's. */
  readonly speed?: number;
  /** Milliseconds since the epoch; the machine's clock if not said. */
  readonly now?: () => number;
  /** Recorded reply lines by method, given instead of the world's, with the request's id put in. */
  readonly replies?: Readonly<Record<string, string>>;
}

export interface Simulator {
  readonly port: number;
  /** The methods that were asked, in order: the last 10,000. */
  readonly requests: readonly string[];
  /** Connections accepted since the start. */
  readonly connections: number;
  readonly openConnections: number;
  /** The seeded state, to read and to change. It moves when a request comes. */
  readonly world: World;
  /** Resolves when it has stopped, by `stop()` or by the command. */
  readonly ended: Promise<void>;
  setScenario(name: Scenario): void;
  /** Fails each answer to a method, or to all (`*`), until `behave`. */
  misbehave(method: string, fault: Fault): void;
  /** Forgets all faults, and answers what it held back. */
  behave(): void;
  /** Closes listener and connections. */
  stop(): Promise<void>;
}

/** A simulator may run for months. */
const MOST_REQUESTS = 10_000;

/** Starts a server process of the era. Rejects with the listener's error, such as EADDRINUSE. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { era, now = Date.now, seed = 1, sessions = 100, scenario = 'calm', speed, replies = {} } = options;
  const world = createWorld(seed, sessions, scenario, now() / 1000, speed);
  const requests: string[] = [];
  const faults = new Map<string, Fault>();
  const held: (() => void)[] = [];
  const live = () => advance(world, now() / 1000);
  const asked = (method: string) => {
    if (requests.push(method) > MOST_REQUESTS) requests.shift();
  };
  const faultOf = (method: string) => faults.get(method) ?? faults.get('*');
  const hold = (resume: () => void) => held.push(resume);
  const listener = listen({ era, world, replies, live, asked, faultOf, hold });
  const port = await listener.open(options.port ?? 0, options.host ?? '127.0.0.1');
  return {
    port,
    requests,
    world,
    ended: listener.closed,
    get connections() {
      return listener.accepted();
    },
    get openConnections() {
      return listener.connections.size;
    },
    setScenario: (name) => {
      listener.live();
      begin(world, name);
    },
    misbehave: (method, fault) => void faults.set(method, fault),
    behave: () => {
      faults.clear();
      for (const resume of held.splice(0)) resume();
    },
    stop: listener.close,
  };
}

interface Listener {
  readonly connections: ReadonlySet<Connection>;
  accepted(): number;
  readonly closed: Promise<void>;
  /** Lets the world live on until now, and closes the connections that it has closed. */
  readonly live: () => void;
  /** Resolves with the port. */
  open(port: number, host: string): Promise<number>;
  readonly close: () => Promise<void>;
}

function listen(base: Omit<Host, 'settle'>): Listener {
  const connections = new Set<Connection>();
  let accepted = 0;
  const server = net.createServer((socket) => {
    accepted++;
    host.live();
    const connection = openConnection(host, socket);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const close = () => {
    if (server.listening) server.close();
    for (const { socket } of connections) socket.destroySoon();
    return closed;
  };
  const settle = () => {
    for (const { socket, session } of connections) {
      if (session.goneAt !== undefined || base.world.sessions.get(session.id) !== session) socket.destroySoon();
    }
    if (base.world.stopping) void close();
  };
  const host: Host = {
    ...base,
    settle,
    live: () => {
      base.live();
      settle();
    },
  };
  const open = (port: number, name: string) =>
    new Promise<number>((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, name, () => resolve((server.address() as net.AddressInfo).port));
    });
  return { connections, accepted: () => accepted, closed, live: host.live, open, close };
}
