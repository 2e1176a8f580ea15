// One conversation with a server: requests sent together, replies matched by id, notifications ignored.
import type { Socket } from 'node:net';
import type { Service } from '../electrumx/services.ts';
import { lineChannel, webSocketChannel, type Receiver } from './channel.ts';
import { ProbeFailure, type FailureKind } from './failure.ts';

export interface Request {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A result and when it came, as `performance.now()` counts. */
export interface ProbeReply {
  readonly result: unknown;
  readonly at: number;
}

export interface Session {
  /** Sends all requests in one write. Each reply may reject with a ProbeFailure, whether it is awaited or not. */
  call(requests: readonly Request[]): Promise<ProbeReply>[];
}

interface Pending {
  readonly resolve: (reply: ProbeReply) => void;
  readonly reject: (failure: ProbeFailure) => void;
}

/** Opens a session on a connection, which for `wss` and `ssl` has TLS already. Rejects with a ProbeFailure. */
export async function openSession(socket: Socket, service: Service, signal: AbortSignal): Promise<Session> {
  const pending = new Map<number, Pending>();
  let ended: FailureKind | undefined;
  let lastId = 0;

  const end = (kind: FailureKind) => {
    ended ??= signal.aborted ? 'timeout' : kind; // a socket that is destroyed at the deadline closes, too
    for (const { reject } of pending.values()) reject(new ProbeFailure(ended));
    pending.clear();
  };
  const message = (text: string) => {
    if (ended === undefined && !settle(text, pending)) end('protocol');
  };
  signal.addEventListener('abort', () => end('timeout'), { once: true });

  const receiver: Receiver = { message, end };
  const webSocket = service.transport === 'ws' || service.transport === 'wss';
  const channel = webSocket
    ? await webSocketChannel(socket, service, { receiver, signal })
    : lineChannel(socket, receiver);

  return {
    call: (requests) => {
      const firstId = lastId + 1;
      const replies = requests.map(() => expectReply(pending, ++lastId));
      if (ended !== undefined) end(ended);
      else channel.send(requests.map((request, index) => format(request, firstId + index)));
      return replies;
    },
  };
}

function format({ method, params }: Request, id: number): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params, id });
}

function expectReply(pending: Map<number, Pending>, id: number): Promise<ProbeReply> {
  const reply = new Promise<ProbeReply>((resolve, reject) => pending.set(id, { resolve, reject }));
  reply.catch(() => undefined);
  return reply;
}

/** Hands a reply to the request that it answers. False for what is neither a reply to a request nor a notification. */
function settle(text: string, pending: Map<number, Pending>): boolean {
  const message = parse(text);
  if (message === undefined) return false;
  if (typeof message['method'] === 'string') return true;
  const id = message['id'];
  const request = typeof id === 'number' ? pending.get(id) : undefined;
  if (request === undefined) return false;
  const failed = message['error'] !== undefined && message['error'] !== null;
  if (!failed && message['result'] === undefined) return false;
  pending.delete(id as number);
  if (failed) request.reject(new ProbeFailure('remote'));
  else request.resolve({ result: message['result'], at: performance.now() });
  return true;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null && !Array.isArray(message)
      ? (message as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
