// The closed set of ways in which a request to ElectrumX can fail.
import type { WrongPort } from './wrong-port.ts';

/**
 * - `refused`: nothing listens there, or the name or the route does not resolve
 * - `timeout`: no complete reply before the deadline
 * - `closed`: the server closed the connection before it had replied
 * - `protocol`: the reply is not JSON-RPC 2.0, or has the id of no request
 * - `remote`: the reply is an error
 * - `too_large`: the reply is over the byte limit
 */
export const RPC_ERROR_KINDS = ['refused', 'timeout', 'closed', 'protocol', 'remote', 'too_large'] as const;
export type RpcErrorKind = (typeof RPC_ERROR_KINDS)[number];

/** A failed connection or call. `code` is the JSON-RPC error code, for `remote` only. `wrongPort`: it looks like another kind of port. */
export class RpcError extends Error {
  override readonly name = 'RpcError';

  constructor(
    readonly kind: RpcErrorKind,
    message: string,
    readonly code?: number,
    readonly wrongPort?: WrongPort,
  ) {
    super(message);
  }
}
