// JSON-RPC 2.0 messages as LocalRPC takes and gives them.
import { RpcError } from './errors.ts';

/** By position (every server), or by name (every server since 0.10.17; some commands of later ones ask for it). */
export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One line for the wire. `jsonrpc` is never left out: from 1.4 on the first message decides the dialect for good. */
export function request(id: number, method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n';
}

/** What a reply says: whom it answers (`null` where the server could not tell), and the result or the error. */
export type Reply = { id: number | string | null } & ({ result: unknown } | { error: RpcError });

/** Reads one line. Throws an RpcError of kind `protocol` for anything but a JSON-RPC reply. */
export function parseReply(line: string): Reply {
  const reply = parseObject(line);
  const id = reply.id;
  if (typeof id !== 'number' && typeof id !== 'string' && id !== null) {
    throw new RpcError('protocol', 'the reply has no id');
  }
  if (reply.error !== undefined && reply.error !== null) return { id, error: remoteError(reply.error) };
  if (reply.result === undefined) throw new RpcError('protocol', 'the reply has neither a result nor an error');
  return { id, result: reply.result };
}

/**
 * ElectrumX passes `NaN` and `Infinity` on to us when a stranger's peer has them in its features, because Python reads and writes
 * them. They become null, so that one peer cannot make all of `peers` unreadable.
 */
function parseObject(line: string): { id?: unknown; result?: unknown; error?: unknown } {
  const message = parseJson(line) ?? parseJson(withoutNotFinite(line));
  if (message === undefined) throw new RpcError('protocol', 'the reply is not JSON');
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new RpcError('protocol', 'the reply is not a JSON object');
  }
  return message;
}

/** Linear in the length of the line, whatever a stranger puts into it: each match is short, and strings are told apart by a flag. */
function withoutNotFinite(line: string): string {
  let inString = false;
  return line.replace(/\\.|"|-?Infinity|NaN/gs, (token) => {
    if (token === '"') inString = !inString;
    return inString || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}

/** `undefined`: it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function remoteError(error: unknown): RpcError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : 'an error without a message';
  return new RpcError('remote', text, typeof code === 'number' ? code : undefined);
}
