// Calls LocalRPC over one connection. Connects when needed, and again after an error.
import { connect, type Address, type Connection } from '../localrpc/client.ts';
import type { Params } from '../localrpc/messages.ts';
import { parseLossless, type Json } from './output/json.ts';

/** 256 MiB: a session takes about 150 bytes, and a JavaScript string is limited to 512 MiB. */
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

export interface Client {
  /** Returns the result of one call. `timeoutMs` includes connecting. Rejects with an RpcError. */
  call(method: string, params: Params, timeoutMs: number): Promise<Json>;
  close(): void;
}

/** A client that is not connected yet. */
export function createClient(address: Address): Client {
  let connection: Connection<string> | undefined;
  const close = () => connection?.close();
  const call: Client['call'] = async (method, params, timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    if (!connection?.usable)
      connection = await connect<string>(address, { timeoutMs, maxResponseBytes: MAX_RESPONSE_BYTES });
    try {
      const { line } = await connection.call(method, params, Math.max(1, deadline - performance.now()));
      return (parseLossless(line.toString()) as { readonly result: Json }).result;
    } catch (error) {
      // ElectrumX charges each error to the connection, and answers it more and more slowly
      close();
      throw error;
    }
  };
  return { call, close };
}
