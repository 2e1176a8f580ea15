// One LocalRPC connection: its session in the world, its requests, their costs, and how it ends.
import type net from 'node:net';
import { type Era, RULES, since } from '../eras.ts';
import { addSession, removeSession } from '../world/sessions.ts';
import type { Session } from '../world/world.ts';
import { answer, type Caller, refuseExhausted, type Responder } from './answer.ts';
import { type Message, openDialogue, read } from './dialogue.ts';
import { requestReader } from './lines.ts';
import { deliver, type Fault } from './faults.ts';

/** What a connection needs from its server. */
export interface Host extends Responder {
  /** Advances the world to the present, and settles. */
  readonly advance: () => void;
  /** Closes the connections that the world has closed, and the server after the command stop. */
  readonly settle: () => void;
  /** Called with the method of every request. */
  readonly onRequest: (method: string) => void;
  readonly faultOf: (method: string) => Fault | undefined;
  /** Calls back when the faults end. */
  readonly hold: (resume: () => void) => void;
}

export interface Connection extends Caller {
  readonly socket: net.Socket;
  /** Replies that wait for the next request. */
  readonly late: (() => void)[];
}

/** Cost limits of aiorpcX, which apply to LocalRPC from D on: above the first it throttles, at the second it closes. */
const SOFT_COST = 2000;
const HARD_COST = 10_000;
const SLOWEST_MS = 2000;
const ERROR_COST = 100;
const BYTE_COST = 1e-5;

/** Adds a session for the connection, and replies to its requests until it closes. */
export function openConnection(host: Host, socket: net.Socket): Connection {
  const { world, era } = host;
  const session = addSession(world, {
    transport: 'rpc',
    address: (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
    port: socket.remotePort ?? 0,
  });
  const connection = { socket, session, dialogue: openDialogue(era), late: [] };
  const readLines = requestReader();
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => removeSession(world, session));
  socket.on('data', (chunk) => {
    const { lines, tooLong } = readLines(chunk);
    session.received.bytes += chunk.length;
    session.cost += chunk.length * BYTE_COST;
    for (const line of lines) receive(host, connection, line);
    if (tooLong && era === 'B1') socket.resetAndDestroy();
  });
  return connection;
}

/** Takes in one line, and answers it now, later or never. */
function receive(host: Host, connection: Connection, line: Buffer): void {
  const { socket, session, dialogue, late } = connection;
  host.advance();
  if (!socket.writable || dialogue.stuck) return;
  session.received.count++;
  session.lastReceived = host.world.now;
  const message = read(line, dialogue);
  const methods = methodsOf(message);
  methods.forEach(host.onRequest);
  const fault = methods[0] === undefined ? undefined : host.faultOf(methods[0]);
  session.answering++;
  const finish = () => {
    if (socket.writable) respond(host, connection, message, fault);
    session.answering--;
    host.settle();
  };
  const load = strain(host.era, session);
  const delayMs = host.world.conditions.replyDelay * 1000 + (load < 1 ? load * SLOWEST_MS : 0);
  for (const answerLate of late.splice(0)) answerLate();
  if (fault === 'hang') host.hold(finish);
  else if (fault === 'late') late.push(finish);
  else if (delayMs > 0) setTimeout(finish, delayMs).unref();
  else finish();
}

const methodsOf = (message: Message): string[] => {
  const items = message.kind === 'single' ? [message.item] : message.kind === 'batch' ? message.items : [];
  return items.flatMap((item) => ('method' in item && typeof item.method === 'string' ? [item.method] : []));
};

/** Where the cost of a connection is between the soft limit, 0, and the hard limit, 1. */
const strain = (era: Era, { cost }: Session): number =>
  since(era, 'D') ? Math.min(1, Math.max(0, (cost - SOFT_COST) / (HARD_COST - SOFT_COST))) : 0;

function respond(host: Host, connection: Connection, message: Message, fault: Fault | undefined): void {
  const { socket, session, dialogue } = connection;
  const { badJson, maxErrors } = RULES[host.era];
  if (fault === 'gone') host.world.stopping = true;
  if (fault === 'stall') dialogue.stuck = true;
  const exhausted = strain(host.era, session) === 1;
  const { line, errors } = exhausted ? refuseExhausted(message, dialogue) : answer(host, connection, message, fault);
  session.errors += errors;
  session.cost += errors * ERROR_COST * (message.kind === 'bad json' && badJson === 'expensive' ? 11 : 1);
  if (line !== undefined && fault !== 'gone') {
    deliver(socket, line, fault);
    session.sent.count++;
    session.sent.bytes += line.length;
    session.cost += line.length * BYTE_COST;
  }
  const tooBad = message.kind === 'bad json' && badJson === 'answer and close';
  if (exhausted || tooBad || session.errors >= maxErrors) socket.end();
}
