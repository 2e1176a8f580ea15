// One TCP connection to LocalRPC: newline-framed JSON-RPC 2.0, with a deadline for each call and a limit for each reply.
import net from 'node:net';
import { RpcError } from './errors.ts';
import { lineReader } from './framing.ts';
import type { ParseLimits } from './measure.ts';
import { idIn, parseReply, request, type Params, type Reply } from './messages.ts';
import { CLASSIFIED_BYTES, classifyBytes, classifyError } from './wrong-port.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A result with the line that brought it, for those who must print its numbers as the server wrote them. */
export interface Answer {
  readonly result: unknown;
  readonly line: Buffer;
}

/** `M` is what this connection may ever ask: the exporter's is closed, because LocalRPC also offers `stop`. */
export interface Connection<M extends string> {
  /** Asks and waits, `timeoutMs` at most. Rejects with an RpcError, of any kind but `refused`. */
  call(method: M, params: Params, timeoutMs: number): Promise<Answer>;
  /** False once the stream cannot be used any more; calls then reject with `closed`. */
  readonly usable: boolean;
  close(): void;
}

/** Of a reply, and of what is parsed at a time: a row of a table, or a reply that is none. */
export interface Limits extends ParseLimits {
  readonly maxResponseBytes: number;
}

/** Connects within `timeoutMs`. Rejects with an RpcError of kind `refused` or `timeout`. */
export async function connect<M extends string>(
  address: Address,
  { timeoutMs, ...limits }: Limits & { timeoutMs: number },
): Promise<Connection<M>> {
  const socket = await open(address, timeoutMs);
  return converse(socket, limits);
}

/** How much is read at a time, into the same memory each time. */
const READ_BYTES = 64 * 1024;

function open({ host, port }: Address, timeoutMs: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const callback = (bytes: number, buffer: Uint8Array) => socket.emit('chunk', buffer.subarray(0, bytes));
    const onread = { buffer: Buffer.allocUnsafe(READ_BYTES), callback };
    const socket: net.Socket = net.connect({ host, port, noDelay: true, onread });
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

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: RpcError) => void;
}

function converse<M extends string>(socket: net.Socket, { maxResponseBytes, ...limits }: Limits): Connection<M> {
  const pending = new Map<number, Pending>();
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
  socket.on('chunk', (chunk: Buffer) => {
    withinLine = chunk.at(-1) !== 10;
    try {
      const lines = readLines(chunk);
      if (!lines) throw new RpcError('too_large', `the reply is over ${maxResponseBytes} bytes`);
      for (const line of lines) settle(line, limits, pending, lastId);
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
      // No later answer can overtake a line that is only half here.
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
  socket.on('chunk', (chunk: Buffer) => {
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
  pending: Map<number, Pending>,
  timeoutMs: number,
  givenUp: () => void,
): Promise<Answer> {
  let timer: NodeJS.Timeout;
  return new Promise<Answer>((resolve, reject) => {
    pending.set(id, { resolve, reject });
    timer = setTimeout(() => {
      reject(new RpcError('timeout', 'no reply before the deadline'));
      givenUp();
    }, timeoutMs);
  }).finally(() => {
    clearTimeout(timer);
    pending.delete(id);
  });
}

/** Hands a reply to the call that it answers. One to a call that was given up is dropped. Throws RpcError `protocol` or `too_large`. */
function settle(line: Buffer, limits: ParseLimits, pending: Map<number, Pending>, lastId: number): void {
  const reply = readReply(line, limits, (id) => id >= 1 && id <= lastId && !pending.has(id));
  if (!reply) return;
  const id = reply.id === null && 'error' in reply ? [...pending.keys()][0] : reply.id;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 1 || id > lastId) {
    throw new RpcError('protocol', 'the reply answers something that was not asked');
  }
  const call = pending.get(id);
  pending.delete(id); // now, because the next line may be in the same packet
  if ('error' in reply) call?.reject(reply.error);
  else call?.resolve({ result: reply.result, line });
}

/** `undefined` for a line that cannot be read and answers a call that was given up: the one that waits now is not to blame for it. */
function readReply(line: Buffer, limits: ParseLimits, isGivenUp: (id: number) => boolean): Reply | undefined {
  try {
    return parseReply(line, limits);
  } catch (error) {
    const id = idIn(line);
    if (id !== undefined && isGivenUp(id)) return undefined;
    throw error;
  }
}
