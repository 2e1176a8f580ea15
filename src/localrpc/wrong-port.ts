// Recognises a server that is not a LocalRPC port by how it answers: one of ElectrumX's client ports, a TLS, HTTP or other port.

/**
 * - `client`: an ElectrumX port for wallets, over plain TCP
 * - `tls`: a TLS port
 * - `silent`: closed the connection without a single byte, as TLS and most WebSocket ports of ElectrumX do, and servers that shut down
 * - `http`: an HTTP server, such as bitcoind's RPC port, or a WebSocket port of ElectrumX that has sent its refusal before it closes
 * - `other`: sent something that is not JSON, such as the greeting of SSH
 */
export type WrongPort = 'client' | 'tls' | 'silent' | 'http' | 'other';

/** How many bytes `classifyBytes` needs, if there are so many. */
export const CLASSIFIED_BYTES = 64;

/** A JSON-RPC message or a list of them, after white space. */
const MESSAGE = /^\s*(?:[{[]|$)/;

/** A TLS alert: content type 21, then the protocol version 3.x. */
const TLS_ALERT = /^\x15\x03[\x00-\x04]/;
const HTTP_RESPONSE = /^HTTP\/\d/;
/** A notification, which LocalRPC never sends. Client ports since e-x 1.17 send some before they refuse to serve without a handshake. */
const NOTIFICATION = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"method"\s*:/;

/** Classifies the first bytes that a server sent, when these are not a reply. No bytes: it closed the connection instead. */
export function classifyBytes(bytes: Buffer): WrongPort | undefined {
  if (bytes.length === 0) return 'silent';
  const start = bytes.toString('latin1', 0, CLASSIFIED_BYTES);
  if (TLS_ALERT.test(start)) return 'tls';
  if (HTTP_RESPONSE.test(start)) return 'http';
  if (!MESSAGE.test(start)) return 'other';
  return NOTIFICATION.test(start) ? 'client' : undefined;
}

const METHOD_NOT_FOUND = -32601;
/** Methods that every LocalRPC port has. */
const UNIVERSAL_METHODS: readonly string[] = ['getinfo', 'sessions', 'groups', 'peers'];

/** Classifies an error reply to `method`: `code` and `message` of the JSON-RPC error. */
export function classifyError(method: string, code: number | undefined, message: string): WrongPort | undefined {
  // client ports that require the handshake first
  if (/\bserver\.version\b/.test(message)) return 'client';
  return code === METHOD_NOT_FOUND && UNIVERSAL_METHODS.includes(method) ? 'client' : undefined;
}

const HINTS: Readonly<Record<WrongPort, string>> = {
  client: 'this looks like a client port (or it is electrumx 1.17.0, whose LocalRPC has no commands)',
  tls: 'this looks like a TLS port',
  silent: 'this looks like a TLS port or a WebSocket port, unless ElectrumX is shutting down',
  http: "this looks like an HTTP port, such as bitcoind's RPC port, or a WebSocket port",
  other: 'this looks like the port of another program',
};

/** What the server looks like, and what to do, as the end of an error message. */
export function wrongPortHint(wrongPort: WrongPort): string {
  return `${HINTS[wrongPort]}: use ElectrumX's LocalRPC port, that of rpc:// in SERVICES (RPC_PORT before 1.12)`;
}
