// Asking LocalRPC: one connection, made when it is needed and made anew after a failure.
import { connect, type Address, type Connection } from '../localrpc/client.ts';
import type { Params } from '../localrpc/messages.ts';
import { parseJson, type Json } from './output/json.ts';

/** The longest reply that is taken, in bytes: a sessions row has about 150, a string in JavaScript holds 512 MiB. */
const MAX_REPLY = 256 * 1024 * 1024;
const LIMITS = { maxResponseBytes: MAX_REPLY, maxParsedBytes: Infinity, maxParsedValues: Infinity };

export interface Asker {
  /** The result of one call, connecting included, in `timeoutMs` at most. Rejects with an RpcError. */
  ask(method: string, params: Params, timeoutMs: number): Promise<Json>;
  close(): void;
}

export function makeAsker(address: Address): Asker {
  let connection: Connection<string> | undefined;
  const close = () => connection?.close();
  const ask: Asker['ask'] = async (method, params, timeoutMs) => {
    const deadline = performance.now() + timeoutMs;
    if (!connection?.usable) connection = await connect<string>(address, { timeoutMs, ...LIMITS });
    try {
      const { line } = await connection.call(method, params, Math.max(1, deadline - performance.now()));
      return (parseJson(line.toString()) as { readonly result: Json }).result;
    } catch (error) {
      // servers charge each error to its connection and answer ever more slowly on it
      close();
      throw error;
    }
  };
  return { ask, close };
}
