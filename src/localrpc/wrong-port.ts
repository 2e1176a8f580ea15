// Recognises a server that is not a LocalRPC port by how it answers: one of ElectrumX's client ports, a TLS port, or an HTTP port.

/**
 * - `client`: an ElectrumX port for wallets, without TLS
 * - `tls`: a TLS port
 * - `tls-or-closing`: closed the connection without a single byte, as TLS ports do with plain text, and servers that shut down
 * - `http`: an HTTP server, such as bitcoind's RPC port or an ElectrumX port for WebSocket clients
 */
export type WrongPort = 'client' | 'tls' | 'tls-or-closing' | 'http';

/** A TLS alert: content type 21, then the protocol version 3.x. */
const TLS_ALERT = /^\x15\x03[\x00-\x04]/;
const HTTP_RESPONSE = /^HTTP\/\d/;

/**
 * Classifies what a server sent to its first request when that was not a JSON-RPC reply: `bytes` are the first of them, at least 8 if
 * there are so many. No bytes: the server closed the connection.
 */
export function classifyBytes(bytes: Buffer): WrongPort | undefined {
  if (bytes.length === 0) return 'tls-or-closing';
  const start = bytes.toString('latin1', 0, 8);
  if (TLS_ALERT.test(start)) return 'tls';
  return HTTP_RESPONSE.test(start) ? 'http' : undefined;
}

const METHOD_NOT_FOUND = -32601;
/** Methods that every LocalRPC port has. */
const UNIVERSAL_METHODS: readonly string[] = ['getinfo', 'sessions', 'groups', 'peers'];

/** Classifies an error reply to `method`: `code` and `message` of the JSON-RPC error. */
export function classifyError(method: string, code: number | undefined, message: string): WrongPort | undefined {
  // client ports with DROP_CLIENT_UNKNOWN, and those of some other servers, insist on the handshake first
  if (/\bserver\.version\b/.test(message)) return 'client';
  return code === METHOD_NOT_FOUND && UNIVERSAL_METHODS.includes(method) ? 'client' : undefined;
}

const HINTS: Readonly<Record<WrongPort, string>> = {
  client: 'this looks like a client port (or it is electrumx 1.17.0, whose LocalRPC has no commands)',
  tls: 'this looks like a TLS port',
  'tls-or-closing': 'this looks like a TLS port, unless ElectrumX is shutting down',
  http: "this looks like an HTTP port, such as bitcoind's RPC port",
};

/** What the server looks like, and what to do, as the end of an error message. */
export function wrongPortHint(wrongPort: WrongPort): string {
  return `${HINTS[wrongPort]}: use ElectrumX's LocalRPC port, that of rpc:// in SERVICES (RPC_PORT before 1.12)`;
}
