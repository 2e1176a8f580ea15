// Limits on what clients can hold of the web server: connections, requests and time.
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** In milliseconds. Node checks for late requests once per `connectionsCheckingInterval`. */
export const TIMEOUTS = {
  /** from the first byte of a connection or request to the end of its headers */
  headersTimeout: 10_000,
  /** the same to the end of its body, which no page reads */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  /** to the end of the TLS handshake */
  handshakeTimeout: 10_000,
  /** for the next request on an HTTP/1.1 connection: longer than a usual scrape interval of one minute */
  keepAliveTimeout: 72_000,
} as const;

/** How long a connection may transfer no byte before it is cut, in milliseconds, when a scrape may take `scrapeMs`. */
export function stallTimeout(scrapeMs: number): number {
  return scrapeMs + 15_000;
}

/** Open connections per listening address; further ones are closed at once. */
export const MAX_CONNECTIONS = 256;

/** Requests per connection that are not answered yet, or whose answers the client does not read. */
export const MAX_PENDING_REQUESTS = 16;

/** Cuts HTTP/1.1 connections with more than `MAX_PENDING_REQUESTS`: a single packet can pipeline thousands of requests. */
export function limitPipelining(listener: RequestListener): RequestListener {
  const pending = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (pending.get(socket) ?? 0) + 1;
    if (count > MAX_PENDING_REQUESTS) return void socket.destroy();
    pending.set(socket, count);
    response.once('close', () => pending.set(socket, (pending.get(socket) ?? 1) - 1));
    listener(request, response);
  };
}
