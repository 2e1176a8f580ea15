// One LocalRPC connection: its session in the world, what it asks, what that costs it, and how it ends.
import type net from 'node:net';
import { RpcFault } from './call.ts';
import { addSession } from './clients.ts';
import { type Dialogue, type Item, type Message, openDialogue, read, reply, replyBatch } from './dialogue.ts';
import { type Era, RULES, since } from './eras.ts';
import { deliver, type Fault, withId } from './faults.ts';
import { commandOf, invoke } from './invoke.ts';
import { requestReader } from './lines.ts';
import { count, removeSession, type Session, type World } from './world.ts';

/** What a connection needs of the server that it belongs to. */
export interface Host {
  readonly era: Era;
  readonly world: World;
  /** Recorded reply lines, by method. */
  readonly replies: Readonly<Record<string, string>>;
  /** Lets the world live on until now, and settles. */
  readonly live: () => void;
  /** Closes the connections that the world has closed; ends when it was told to. */
  readonly settle: () => void;
  /** Hears of every request. */
  readonly asked: (method: string) => void;
  readonly faultOf: (method: string) => Fault | undefined;
  /** Keeps what is to be done when the simulator behaves again. */
  readonly hold: (resume: () => void) => void;
}

export interface Connection {
  readonly socket: net.Socket;
  readonly session: Session;
  readonly dialogue: Dialogue;
}

/** aiorpcX's own limits, which hold for LocalRPC from D on: it slows down over the one, and breaks off at the other. */
const SOFT_COST = 2000;
const HARD_COST = 10_000;
const SLOWEST_MS = 2000;
const ERROR_COST = 100;
const BYTE_COST = 1e-5;

export function openConnection(host: Host, socket: net.Socket): Connection {
  const { world, era } = host;
  const session = addSession(world, {
    transport: 'rpc',
    address: (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: socket.remotePort ?? 0,
  });
  const connection = { socket, session, dialogue: openDialogue(era) };
  const readLines = requestReader();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => removeSession(world, session));
  socket.on('data', (chunk) => {
    const { lines, tooLong } = readLines(chunk);
    session.received.bytes += chunk.length;
    session.cost += chunk.length * BYTE_COST;
    for (const line of lines) hear(host, connection, line);
    if (tooLong && era === 'B1') socket.resetAndDestroy();
  });
  return connection;
}

/** Takes in one line, and answers it now, later or never. */
function hear(host: Host, connection: Connection, line: Buffer): void {
  const { socket, session, dialogue } = connection;
  host.live();
  if (!socket.writable || dialogue.stuck) return;
  session.received.count++;
  session.lastReceived = host.world.now;
  const message = read(line, dialogue);
  const methods = methodsOf(message);
  methods.forEach(host.asked);
  const fault = methods[0] === undefined ? undefined : host.faultOf(methods[0]);
  session.answering++;
  const answer = () => {
    if (socket.writable) respond(host, connection, message, fault);
    session.answering--;
    host.settle();
  };
  const load = strain(host.era, session);
  if (fault === 'hang') host.hold(answer);
  else if (load > 0 && load < 1) setTimeout(answer, load * SLOWEST_MS).unref();
  else answer();
}

const methodsOf = (message: Message): string[] => {
  const items = message.kind === 'single' ? [message.item] : message.kind === 'batch' ? message.items : [];
  return items.flatMap((item) => ('method' in item && typeof item.method === 'string' ? [item.method] : []));
};

/** How far a connection is from the soft to the hard limit of its cost: 0 is free, 1 is the end. */
const strain = (era: Era, { cost }: Session): number =>
  since(era, 'D') ? Math.min(1, Math.max(0, (cost - SOFT_COST) / (HARD_COST - SOFT_COST))) : 0;

/** A line to send, if any, and how many errors it took. */
interface Outcome {
  readonly line: string | undefined;
  readonly errors: number;
}

function respond(host: Host, connection: Connection, message: Message, fault: Fault | undefined): void {
  const { socket, session, dialogue } = connection;
  const { badJson, maxErrors } = RULES[host.era];
  const exhausted = strain(host.era, session) === 1;
  const { line, errors } = exhausted ? breakOff(message, dialogue) : answer(host, connection, message, fault);
  session.errors += errors;
  session.cost += errors * ERROR_COST * (message.kind === 'bad json' && badJson === 'dear' ? 11 : 1);
  if (line !== undefined) {
    deliver(socket, line, fault);
    session.sent.count++;
    session.sent.bytes += line.length;
    session.cost += line.length * BYTE_COST;
  }
  const tooBad = message.kind === 'bad json' && badJson === 'answer and close';
  if (exhausted || tooBad || session.errors >= maxErrors) socket.end();
}

function breakOff(message: Message, dialogue: Dialogue): Outcome {
  const id = message.kind === 'single' ? message.item.id : null;
  return { line: reply(id ?? null, new RpcFault(-101, 'excessive resource usage'), dialogue), errors: 1 };
}

function answer(host: Host, connection: Connection, message: Message, fault: Fault | undefined): Outcome {
  switch (message.kind) {
    case 'ignored':
      return { line: undefined, errors: 1 };
    case 'bad json':
      return { line: reply(null, message.fault, connection.dialogue), errors: 1 };
    case 'single':
      return answerItem(host, connection, message.item, fault);
    case 'batch': {
      const outcomes = message.items.map((item) => answerItem(host, connection, item, fault));
      const lines = outcomes.flatMap(({ line }) => (line === undefined ? [] : [line]));
      const errors = outcomes.reduce((so, outcome) => so + outcome.errors, 0);
      return { line: lines.length ? replyBatch(lines) : undefined, errors };
    }
  }
}

function answerItem(host: Host, { session, dialogue }: Connection, item: Item, fault: Fault | undefined): Outcome {
  const { world, era, replies } = host;
  if ('fault' in item) return { line: reply(item.id, item.fault, dialogue), errors: 1 };
  const { id, method, params } = item;
  const known = id !== undefined && commandOf(method, era) !== undefined;
  for (const counts of [world.requestCounts, session.requestCounts])
    count(counts, known ? String(method) : 'invalid method');
  if (id === undefined) return { line: undefined, errors: 1 };
  const recorded = typeof method === 'string' && Object.hasOwn(replies, method) ? replies[method] : undefined;
  if (fault !== 'error' && recorded !== undefined) {
    return { line: withId(recorded.trimEnd(), JSON.stringify(id)), errors: 0 };
  }
  try {
    if (fault === 'error') throw new RpcFault(-32603, 'internal server error');
    return { line: reply(id, invoke(world, era, method, params), dialogue), errors: 0 };
  } catch (error) {
    if (!(error instanceof RpcFault)) throw error;
    return { line: reply(id, error, dialogue), errors: 1 };
  }
}
