// How much of the web server strangers can hold: connections, requests and time. One scrape is all that anyone needs.
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** In milliseconds. Node looks for requests that are late once in `connectionsCheckingInterval`. */
export const TIMEOUTS = {
  /** from the first byte of a connection, or of a request, to the end of its headers */
  headersTimeout: 10_000,
  /** the same to the end of its body, which nobody reads */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  /** to the end of the TLS handshake */
  handshakeTimeout: 10_000,
  /** for the next request on a connection of HTTP/1.1: longer than Prometheus' usual interval of a minute */
  keepAliveTimeout: 72_000,
} as const;

/** How long no byte may move on a connection, in milliseconds, where a scrape may take `scrapeMs`. */
export function stallTimeout(scrapeMs: number): number {
  return scrapeMs + 15_000;
}

/** Open connections; one more is closed at once. */
export const MOST_CONNECTIONS = 256;

/** Requests of one connection that wait for their answers, or for someone to read them. */
export const MOST_UNANSWERED = 16;

/** Scrapes that are being answered: they share what ElectrumX says, but each is rendered. */
export const MOST_SCRAPES = 40;

/** Cuts connections of HTTP/1.1 that ask for more than `MOST_UNANSWERED` answers without reading any: one packet can ask for thousands. */
export function fewAtATime(answer: RequestListener): RequestListener {
  const unanswered = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (unanswered.get(socket) ?? 0) + 1;
    if (count > MOST_UNANSWERED) return void socket.destroy();
    unanswered.set(socket, count);
    response.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    answer(request, response);
  };
}
