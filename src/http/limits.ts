// How much of the web server strangers can hold: connections and time. One scrape is all that anyone needs.

/** In milliseconds. Node looks for requests that are late once in `connectionsCheckingInterval`. */
export const TIMEOUTS = {
  /** from the first byte of a connection, or of a request, to the end of its headers */
  headersTimeout: 10_000,
  /** the same to the end of its body, which nobody reads */
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  /** to the end of the TLS handshake */
  handshakeTimeout: 10_000,
  /** for the next request on a connection: longer than Prometheus' usual interval of a minute */
  keepAliveTimeout: 72_000,
} as const;

/** Open connections; one more is closed at once. */
export const MOST_CONNECTIONS = 256;

/** Scrapes that are being answered: they share what ElectrumX says, but each is rendered, and one connection can ask for thousands. */
export const MOST_SCRAPES = 40;
