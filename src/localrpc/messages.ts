// JSON-RPC 2.0 messages as LocalRPC takes and gives them.
import { RpcError } from './errors.ts';
import { parseJson } from './json.ts';
import { isWithin, measure, type ParseLimits } from './measure.ts';
import { tableIn } from './table.ts';

/** By position (every server), or by name (every server since 0.10.17; some commands of later ones ask for it). */
export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One line for the wire. `jsonrpc` is never left out: from 1.4 on the first message decides the dialect for good. */
export function request(id: number, method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n';
}

/**
 * What a reply says: whom it answers (`null` where the server could not tell), and the result or the error. A list of lists
 * comes as the rows of a `Table`, which are read only as they are iterated, and may turn out then to be no JSON.
 */
export type Reply = { id: number | string | null } & ({ result: unknown } | { error: RpcError });

/**
 * Reads one line. Throws an RpcError of kind `protocol` for anything but a JSON-RPC reply, and `too_large` for one that is no table and
 * over the limits.
 */
export function parseReply(line: Buffer, limits: ParseLimits): Reply {
  const table = tableIn(line, limits);
  if (!table && !isWithin(limits, measure(line, 0))) {
    throw new RpcError('too_large', 'the reply is no table, and too large to be parsed');
  }
  const reply = parseObject(table?.around ?? line.toString());
  const id = reply.id;
  if (typeof id !== 'number' && typeof id !== 'string' && id !== null) {
    throw new RpcError('protocol', 'the reply has no id');
  }
  if (reply.error !== undefined && reply.error !== null) return { id, error: remoteError(reply.error) };
  if (reply.result === undefined) throw new RpcError('protocol', 'the reply has neither a result nor an error');
  return { id, result: table?.rows ?? reply.result };
}

/** Whom a line answers, of which `parseReply` can make nothing: the id stands at its end or its beginning. `undefined` if there is none. */
export function idIn(line: Buffer): number | undefined {
  const atEnd = /"id"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(line.toString('latin1', Math.max(0, line.length - 100)));
  const atBeginning = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,/.exec(
    line.toString('latin1', 0, 100),
  );
  const id = atEnd?.[1] ?? atBeginning?.[1];
  return id === undefined ? undefined : Number(id);
}

function parseObject(line: string): { id?: unknown; result?: unknown; error?: unknown } {
  const message = parseJson(line);
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
