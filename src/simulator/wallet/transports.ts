// From an accepted TCP connection to lines in and out, over each of the transports.
import http from 'node:http';
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { WebSocket } from 'ws';
import type { Outlet } from '../wire/faults.ts';
import { requestReader } from '../wire/lines.ts';
import type { ServiceTransport } from './services.ts';

/** Faults of a connection before its first request. */
export type ConnectionFault = 'hang' | 'drop' | 'reset' | 'garbage';
/** Where they happen: once TCP is connected, instead of the TLS handshake, and instead of the WebSocket handshake. */
export type ConnectionStep = 'connect' | 'tls' | 'websocket';

export interface TransportHost {
  readonly secureContext: () => tls.SecureContext;
  readonly faultAt: (step: ConnectionStep) => ConnectionFault | undefined;
  /** Takes a connection after its handshakes. Returns the function that takes its lines. */
  readonly open: (outlet: Outlet, transport: ServiceTransport, socket: net.Socket) => (line: Buffer) => void;
}

/** Takes connections of one transport. */
export type Accept = (socket: net.Socket) => void;

const MAX_REQUEST = 1_000_000;

/** Creates a function that accepts connections of the transport. Loads the WebSocket library only if it is needed. */
export async function createAccept(transport: ServiceTransport, host: TransportHost): Promise<Accept> {
  const overTls = transport === 'ssl' || transport === 'wss';
  const websocket = transport === 'ws' || transport === 'wss' ? await acceptWebSocket(transport, host) : undefined;
  return (socket) => {
    if (obstruct(socket, host.faultAt('connect'))) return;
    if (overTls && obstruct(socket, host.faultAt('tls'))) return;
    const stream = overTls ? startTls(socket, host) : socket;
    if (websocket) websocket(stream, socket);
    else readLines(stream, host.open(streamOutlet(stream, socket), transport, socket));
  };
}

/** Applies a fault to a connection; false if there is none. Keeps reading, to notice when the client closes. */
function obstruct(socket: net.Socket, fault: ConnectionFault | undefined): boolean {
  if (fault === undefined) return false;
  socket.resume();
  if (fault === 'drop') socket.end();
  if (fault === 'reset') socket.resetAndDestroy();
  if (fault === 'garbage') socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  return true;
}

function startTls(socket: net.Socket, host: TransportHost): tls.TLSSocket {
  const secure = new tls.TLSSocket(socket, { isServer: true, secureContext: host.secureContext() });
  secure.on('error', () => socket.destroy());
  secure.on('close', () => socket.destroy());
  return secure;
}

/** A reset is one of TCP, whatever runs over it. */
function streamOutlet(stream: net.Socket, socket: net.Socket): Outlet {
  return {
    get writable() {
      return stream.writable;
    },
    write: (bytes, sent) => stream.write(bytes, sent),
    end: () => stream.end(),
    resetAndDestroy: () => socket.resetAndDestroy(),
  };
}

function readLines(stream: net.Socket, take: (line: Buffer) => void): void {
  const read = requestReader(MAX_REQUEST);
  stream.on('data', (chunk) => read(chunk).lines.forEach(take));
}

/** One message of a WebSocket is one line, without a newline. */
async function acceptWebSocket(transport: ServiceTransport, host: TransportHost) {
  const { WebSocketServer } = await import('ws');
  const handshakes = new WebSocketServer({ noServer: true, maxPayload: MAX_REQUEST });
  const sockets = new WeakMap<Duplex, net.Socket>();
  const server = http.createServer();
  server.on('upgrade', (request, stream, head) => {
    const socket = sockets.get(stream);
    if (!socket || obstruct(socket, host.faultAt('websocket'))) return;
    handshakes.handleUpgrade(request, stream, head, (websocket) => {
      const take = host.open(outletOf(websocket, socket), transport, socket);
      websocket.on('error', () => socket.destroy());
      websocket.on('message', (message) => take(message as Buffer));
    });
  });
  return (stream: net.Socket, socket: net.Socket) => {
    sockets.set(stream, socket);
    server.emit('connection', stream);
  };
}

/** Bytes that end with a newline end a message; others are a part of one. */
function outletOf(websocket: WebSocket, socket: net.Socket): Outlet {
  return {
    get writable() {
      return websocket.readyState === websocket.OPEN;
    },
    write: (bytes, sent) => {
      const data = Buffer.from(bytes);
      const fin = data.at(-1) === 0x0a;
      websocket.send(fin ? data.subarray(0, -1) : data, { fin, binary: false }, () => sent?.());
    },
    end: () => websocket.close(),
    resetAndDestroy: () => socket.resetAndDestroy(),
  };
}
