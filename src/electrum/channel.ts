// Messages over a socket: one a line on tcp and ssl, one a WebSocket message on ws and wss.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { formatHostPort } from '../electrumx/address.ts';
import type { Service } from '../electrumx/services.ts';
import { isReset } from './connection.ts';
import { ProbeFailure, type FailureKind } from './failure.ts';

/** Most bytes of one message, and of all that a server sends in one probe. */
const LIMITS = { messageBytes: 64 * 1024, probeBytes: 256 * 1024 } as const;

export interface Channel {
  /** Sends messages, each without a newline, in one write. */
  send(messages: readonly string[]): void;
}

/** What takes the messages of a channel. After `end` it gets no more. */
export interface Receiver {
  message(text: string): void;
  end(kind: FailureKind): void;
}

/** Frames messages by newlines. */
export function lineChannel(socket: Socket, receiver: Receiver): Channel {
  let rest = Buffer.alloc(0);
  let received = 0;
  const end = (kind: FailureKind) => {
    socket.removeAllListeners('data').destroy();
    receiver.end(kind);
  };
  socket.once('close', () => end('closed'));
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    const lines = splitLines(Buffer.concat([rest, chunk]));
    rest = lines.pop() ?? rest;
    for (const line of lines) {
      if (line.length > LIMITS.messageBytes) return end('too_large');
      receiver.message(line.toString());
    }
    if (rest.length > LIMITS.messageBytes || received > LIMITS.probeBytes) end('too_large');
  });
  return { send: (messages) => void socket.write(messages.map((message) => `${message}\n`).join('')) };
}

/** The lines of a buffer without their newlines; the last one is not complete. */
function splitLines(bytes: Buffer): Buffer<ArrayBuffer>[] {
  const lines: Buffer<ArrayBuffer>[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, start)) {
    lines.push(Buffer.from(bytes.subarray(start, end)));
    start = end + 1;
  }
  lines.push(Buffer.from(bytes.subarray(start)));
  return lines;
}

/** Upgrades a connection, which may be TLS already, to a WebSocket. Rejects with a ProbeFailure. */
export async function webSocketChannel(
  socket: Socket,
  service: Service,
  { receiver, signal }: { readonly receiver: Receiver; readonly signal: AbortSignal },
): Promise<Channel> {
  const { WebSocket } = await import('ws');
  const webSocket = new WebSocket(`ws://${formatHostPort(service)}/`, {
    createConnection: () => socket,
    maxPayload: LIMITS.messageBytes,
    perMessageDeflate: false,
    autoPong: false,
  });
  receive(webSocket, socket, receiver);
  try {
    await once(webSocket, 'open', { signal });
  } catch (error) {
    throw new ProbeFailure(signal.aborted ? 'timeout' : webSocketFailure(error));
  }
  return {
    send: (messages) => {
      socket.cork();
      for (const message of messages) webSocket.send(message);
      socket.uncork();
    },
  };
}

function receive(webSocket: WebSocket, socket: Socket, receiver: Receiver): void {
  const end = (kind: FailureKind) => {
    socket.destroy();
    receiver.end(kind);
  };
  const checkLimit = () => {
    if (socket.bytesRead > LIMITS.probeBytes) end('too_large');
  };
  webSocket.on('error', (error) => end(webSocketFailure(error)));
  webSocket.on('close', () => end('closed'));
  webSocket.on('ping', checkLimit).on('pong', checkLimit);
  webSocket.on('message', (data: Buffer) => {
    receiver.message(data.toString());
    checkLimit();
  });
}

function webSocketFailure(error: unknown): FailureKind {
  if (isReset(error)) return 'closed';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'too_large' : 'protocol';
}
