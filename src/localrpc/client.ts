// One TCP connection to LocalRPC: newline-framed JSON-RPC 2.0, with a deadline for each call and a limit for each reply.
import net from 'node:net';
import { RpcError } from './errors.ts';
import { lineReader } from './framing.ts';
import { idIn, parseReply, request, type Params, type Reply } from './messages.ts';
import { CLASSIFIED_BYTES, classifyBytes, classifyError } from './wrong-port.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A result, and the line that it came in, for callers that print numbers as the server wrote them. */
export interface Answer {
  readonly result: unknown;
  readonly line: Buffer;
}

/** `M` is every method that this connection can call. The exporter's set is closed, because LocalRPC also offers `stop`. */
export interface Connection<M extends string> {
  /** Sends a request and waits for its reply, `timeoutMs` at most. Rejects with an RpcError of any kind but `refused`. */
  call(method: M, params: Params, timeoutMs: number): Promise<Answer>;
  /** False once the stream cannot be used any more; calls then reject with `closed`. */
  readonly usable: boolean;
  close(): void;
}

export interface ConnectOptions {
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
}

/** Connects within `timeoutMs`. Rejects with an RpcError of kind `refused` or `timeout`. */
export async function connect<M extends string>(address: Address, options: ConnectOptions): Promise<Connection<M>> {
  const socket = await open(address, options.timeoutMs);
  return connectionOn(socket, options.maxResponseBytes);
}

function open({ host, port }: Address, timeoutMs: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, noDelay: true });
    const timer = setTimeout(() => fail(new RpcError('timeout', 'no connection before the deadline')), timeoutMs);
    const fail = (error: RpcError) => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    socket.once('error', (error: NodeJS.ErrnoException) => {
      fail(new RpcError('refused', `cannot connect: ${error.code ?? error.message}`));
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

interface PendingCall {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RpcError) => void;
}

function connectionOn<M extends string>(socket: net.Socket, maxResponseBytes: number): Connection<M> {
  const pending = new Map<number, PendingCall>();
  const readLines = lineReader(maxResponseBytes);
  let lastId = 0;
  let withinLine = false;
  const firstBytes = recordFirstBytes(socket);

  const breakOff = (error: RpcError) => {
    socket.destroy();
    for (const { reject } of pending.values()) reject(error);
  };
  socket.on('error', () => breakOff(new RpcError('closed', 'the connection broke')));
  socket.on('close', () => breakOff(new RpcError('closed', 'the server closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    withinLine = chunk.at(-1) !== 10;
    try {
      const lines = readLines(chunk);
      if (!lines) throw new RpcError('too_large', `the reply is over ${maxResponseBytes} bytes`);
      for (const line of lines) settle(line, pending, lastId);
    } catch (error) {
      breakOff(
        error instanceof RpcError ? error : new RpcError('protocol', `the reply cannot be read: ${String(error)}`),
      );
    }
  });

  return {
    get usable() {
      return !socket.destroyed;
    },
    close: () => socket.destroy(),
    call: async (method, params, timeoutMs) => {
      if (socket.destroyed) throw new RpcError('closed', 'the connection is closed');
      const id = ++lastId;
      // No later reply can overtake a line that has only half arrived.
      const answer = expectReply(id, pending, timeoutMs, () => withinLine && socket.destroy());
      socket.write(request(id, method, params));
      return answer.catch((error: unknown) => {
        throw withWrongPort(error as RpcError, method, firstBytes());
      });
    },
  };
}

/** Returns the first bytes of the stream: CLASSIFIED_BYTES, or as many as have arrived. */
function recordFirstBytes(socket: net.Socket): () => Buffer {
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const missing = CLASSIFIED_BYTES - bytes.length;
    if (missing > 0) bytes = Buffer.concat([bytes, chunk.subarray(0, missing)]);
  });
  return () => bytes;
}

/** The error, with the kind of port that the server seems to be if it is not LocalRPC's. */
function withWrongPort(error: RpcError, method: string, firstBytes: Buffer): RpcError {
  const { kind, message, code } = error;
  const answered = firstBytes.length > 0 || kind === 'closed';
  const wrongPort =
    kind === 'remote' ? classifyError(method, code, message) : answered ? classifyBytes(firstBytes) : undefined;
  return wrongPort ? new RpcError(kind, message, code, wrongPort) : error;
}

function expectReply(
  id: number,
  pending: Map<number, PendingCall>,
  timeoutMs: number,
  onTimeout: () => void,
): Promise<Answer> {
  let timer: NodeJS.Timeout;
  return new Promise<Answer>((resolve, reject) => {
    pending.set(id, { resolve, reject });
    timer = setTimeout(() => {
      reject(new RpcError('timeout', 'no reply before the deadline'));
      onTimeout();
    }, timeoutMs);
  }).finally(() => {
    clearTimeout(timer);
    pending.delete(id);
  });
}

/** Hands a reply to its call. One to a call that has timed out is dropped. Throws an RpcError of kind `protocol`. */
function settle(line: Buffer, pending: Map<number, PendingCall>, lastId: number): void {
  const reply = readReply(line, (id) => id >= 1 && id <= lastId && !pending.has(id));
  if (!reply) return;
  const id = reply.id === null && 'error' in reply ? [...pending.keys()][0] : reply.id;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > lastId) {
    throw new RpcError('protocol', 'the reply has the id of no request');
  }
  const call = pending.get(id);
  pending.delete(id); // now, because the next line may be in the same packet
  if ('error' in reply) call?.reject(reply.error);
  else call?.resolve({ result: reply.result, line });
}

/** `undefined` for an unreadable line that answers a call that has timed out: the call that waits now must not fail for it. */
function readReply(line: Buffer, hasTimedOut: (id: number) => boolean): Reply | undefined {
  try {
    return parseReply(line);
  } catch (error) {
    const id = idIn(line);
    if (id !== undefined && hasTimedOut(id)) return undefined;
    throw error;
  }
}
