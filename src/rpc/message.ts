// JSON-RPC 2.0 messages as LocalRPC takes and gives them.
import { RpcError } from './errors.ts';
import { parseJson } from './json.ts';
import { tableIn } from './table.ts';

/** By position (every server), or by name (every server since 0.10.17; some commands of later ones ask for it). */
export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One line for the wire. `jsonrpc` is never left out: from 1.4 on the first message decides the dialect for good. */
export function request(id: number, method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n';
}

/**
 * What a reply says: whom it answers (`null` where the server could not tell), and the result or the error. A long list of lists
 * comes in slices, which are parsed only as they are iterated, and may turn out then to be no JSON.
 */
export type Reply = { id: number | string | null } & ({ result: unknown } | { error: RpcError });

/** Reads one line. Throws an RpcError of kind `protocol` for anything but a JSON-RPC reply. */
export function parseReply(line: string): Reply {
  const table = tableIn(line);
  const reply = parseObject(table?.line ?? line);
  const id = reply.id;
  if (typeof id !== 'number' && typeof id !== 'string' && id !== null) {
    throw new RpcError('protocol', 'the reply has no id');
  }
  if (reply.error !== undefined && reply.error !== null) return { id, error: remoteError(reply.error) };
  if (reply.result === undefined) throw new RpcError('protocol', 'the reply has neither a result nor an error');
  return { id, result: table?.slices ?? reply.result };
}

function parseObject(line: string): { id?: unknown; result?: unknown; error?: unknown } {
  const message = parseJson(line);
  if (message === undefined) throw new RpcError('protocol', 'the reply is not JSON');
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new RpcError('protocol', 'the reply is not a JSON object');
  }
  return message;
}

function remoteError(error: unknown): RpcError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : 'an error without a message';
  return new RpcError('remote', text, typeof code === 'number' ? code : undefined);
}
