// JSON-RPC 2.0 messages as LocalRPC takes and gives them.
import { RpcError } from './errors.ts';

/** By position (every server), or by name (every server since 0.10.17; some commands of later ones require it). */
export type Params = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One line for the wire. `jsonrpc` is always there: since 1.4 the first message decides the dialect of the connection. */
export function request(id: number, method: string, params: Params): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n';
}

/** What a reply says: the id of its request (`null` where the server did not know it), and the result or the error. */
export type Reply = { id: number | string | null } & ({ result: unknown } | { error: RpcError });

/**
 * Parses one line. Throws an RpcError of kind `protocol` for anything but a JSON-RPC reply, and `too_large` for one that would take
 * gigabytes to parse.
 */
export function parseReply(line: Buffer): Reply {
  if (line.length > CHEAP_BYTES && hasTooManyContainers(line)) {
    throw new RpcError('too_large', `the reply has more than ${MAX_CONTAINERS} lists and objects`);
  }
  const { id, result, error } = parseObject(line.toString());
  if (typeof id !== 'number' && typeof id !== 'string' && id !== null) {
    throw new RpcError('protocol', 'the reply has no id');
  }
  if (error !== undefined && error !== null) return { id, error: remoteError(error) };
  if (result === undefined) throw new RpcError('protocol', 'the reply has neither a result nor an error');
  return { id, result };
}

/** The id of a line that `parseReply` cannot read: it is at the end or at the beginning. `undefined` if there is none. */
export function idIn(line: Buffer): number | undefined {
  const atEnd = /"id"\s*:\s*(\d{1,15})\s*\}\s*$/.exec(line.toString('latin1', Math.max(0, line.length - 100)));
  const atBeginning = /^\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d{1,15})\s*,/.exec(
    line.toString('latin1', 0, 100),
  );
  const id = atEnd?.[1] ?? atBeginning?.[1];
  return id === undefined ? undefined : Number(id);
}

/** A reply of this size is cheap to parse, whatever it contains. */
const CHEAP_BYTES = 2 * 2 ** 20;

/** Lists and objects cost V8 a hundred bytes each, in a reply three. The largest servers have 20,000 sessions, a list each. */
const MAX_CONTAINERS = 500_000;

/** By searches, which are thirty times as fast as a loop over the bytes. */
function hasTooManyContainers(line: Buffer): boolean {
  let containers = 0;
  for (const opening of [0x5b, 0x7b]) {
    for (let at = line.indexOf(opening); at !== -1; at = line.indexOf(opening, at + 1)) {
      containers += 1;
      if (containers > MAX_CONTAINERS) return true;
    }
  }
  return false;
}

function parseObject(line: string): { id?: unknown; result?: unknown; error?: unknown } {
  const message = parseJson(line);
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new RpcError('protocol', 'the reply is not a JSON object');
  }
  return message;
}

/**
 * Parses JSON as Python writes it. ElectrumX passes on `NaN` and `Infinity` when a peer has them in its features. They become null, so
 * that one peer cannot make all of `peers` unreadable.
 */
function parseJson(text: string): unknown {
  let value = strictJson(text);
  if (value === undefined && /NaN|Infinity/.test(text)) value = strictJson(withoutNonFinite(text));
  if (value === undefined) throw new RpcError('protocol', 'the reply is not JSON');
  return value;
}

function strictJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Linear in the length of the string, whatever it contains: each match is short, and a flag keeps track of strings. */
function withoutNonFinite(text: string): string {
  let inString = false;
  return text.replace(/\\.|"|-?Infinity|NaN/gs, (token) => {
    if (token === '"') inString = !inString;
    return inString || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}

function remoteError(error: unknown): RpcError {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const text = typeof message === 'string' ? message : 'an error without a message';
  return new RpcError('remote', text, typeof code === 'number' ? code : undefined);
}
