// The steps of a probe, and the closed set of ways in which each can fail.

/**
 * In the order in which a wallet takes them:
 * - `connect`: the TCP connection
 * - `tls`: the TLS handshake, on ssl and wss only
 * - `version`: the WebSocket upgrade on ws and wss, then `server.version`
 * - `tip`: the latest block
 * - `balance`: the balance of an empty script, from protocol 1.1
 * - `daemon`: a transaction that the server must fetch from its daemon, from protocol 1.4
 * - `features`: `server.features`, from protocol 1.1
 */
export const STEPS = ['connect', 'tls', 'version', 'tip', 'balance', 'daemon', 'features'] as const;
export type Step = (typeof STEPS)[number];

/**
 * - `refused`: nothing listens there, or the name or the route does not resolve
 * - `timeout`: no whole reply before the deadline
 * - `closed`: the server closed the connection before it replied
 * - `protocol`: the reply is not TLS, not a WebSocket, not JSON-RPC, not what the method returns, or has an unknown id
 * - `remote`: the server replied with an error
 * - `too_large`: the reply is over a byte limit
 */
export const FAILURE_KINDS = ['refused', 'timeout', 'closed', 'protocol', 'remote', 'too_large'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

const CALL_KINDS = ['timeout', 'closed', 'protocol', 'remote', 'too_large'] as const;

/** Which kinds each step can have: the pairs that a counter of failures starts with. */
export const STEP_FAILURE_KINDS: Readonly<Record<Step, readonly FailureKind[]>> = {
  connect: ['refused', 'timeout'],
  tls: ['timeout', 'closed', 'protocol'],
  version: CALL_KINDS,
  tip: CALL_KINDS,
  balance: CALL_KINDS,
  daemon: CALL_KINDS,
  features: CALL_KINDS,
};

/** Why a step failed. It has no other message: no string that a server sent leaves the probe. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';

  constructor(readonly kind: FailureKind) {
    super(kind);
  }
}
