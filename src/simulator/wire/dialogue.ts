// JSON-RPC as each era's server speaks it: from a line to the requests in it, and from results to the line that answers.
import { isUtf8 } from 'node:buffer';
import { type Era, RULES } from '../eras.ts';
import { RpcFault } from '../replies/command.ts';
import { encode, type Json, shown } from '../replies/json.ts';

/** The state of a connection. `auto`: the first message decides, for good. `own`: the server of B1 accepts anything. */
export interface Dialogue {
  readonly era: Era;
  protocol: 'auto' | '2.0' | '1.0' | 'loose' | 'own';
  /** No more replies are sent. */
  stuck: boolean;
}

/** The state of a new connection. */
export const openDialogue = (era: Era): Dialogue => ({
  era,
  protocol: era === 'B1' ? 'own' : 'auto',
  stuck: false,
});

type Id = string | number | boolean | null;

export interface Request {
  /** Undefined for a notification, which is never answered. */
  readonly id: Id | undefined;
  readonly method: unknown;
  readonly params: unknown;
}

/** A line, classified. `ignored`: it gets no reply, and counts as an error. */
export type Message =
  | { readonly kind: 'single'; readonly item: Item }
  | { readonly kind: 'batch'; readonly items: readonly Item[] }
  | { readonly kind: 'bad json'; readonly fault: RpcFault }
  | { readonly kind: 'ignored' };

export type Item = Request | { readonly id: Id; readonly fault: RpcFault };

/** Reads one line. */
export function read(line: Buffer, dialogue: Dialogue): Message {
  if (!isUtf8(line)) return { kind: 'bad json', fault: new RpcFault(-32700, 'messages must be encoded in UTF-8') };
  let payload: unknown;
  try {
    payload = JSON.parse(line.toString());
  } catch {
    return { kind: 'bad json', fault: new RpcFault(-32700, 'invalid JSON') };
  }
  if (dialogue.protocol === 'auto') dialogue.protocol = detect(payload);
  if (Array.isArray(payload) && dialogue.protocol !== '1.0') return readBatch(payload, dialogue);
  if (!isObject(payload)) return { kind: 'single', item: refused(-32600, 'request object must be a dictionary') };
  if (!('method' in payload) && dialogue.protocol !== 'own') return { kind: 'ignored' };
  return { kind: 'single', item: readItem(payload, dialogue) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refused = (code: number, message: string, id: Id = null): Item => ({ id, fault: new RpcFault(code, message) });

function detect(payload: unknown): Dialogue['protocol'] {
  const first: unknown = Array.isArray(payload) ? payload[0] : payload;
  if (!isObject(first)) return 'loose';
  if (first['jsonrpc'] === '2.0') return '2.0';
  return first['jsonrpc'] === '1.0' || ('result' in first && 'error' in first) ? '1.0' : 'loose';
}

/** In B1 nine requests or more hang the connection. */
function readBatch(payloads: readonly unknown[], dialogue: Dialogue): Message {
  if (payloads.length === 0) return { kind: 'single', item: refused(-32600, 'batch is empty') };
  if (dialogue.protocol === 'own' && payloads.length > 8) {
    dialogue.stuck = true;
    return { kind: 'ignored' };
  }
  const items = payloads.map((payload) =>
    isObject(payload) ? readItem(payload, dialogue) : refused(-32600, 'request object must be a dictionary'),
  );
  return { kind: 'batch', items: dialogue.protocol === 'own' ? items.toReversed() : items };
}

function readItem(payload: Readonly<Record<string, unknown>>, { protocol }: Dialogue): Item {
  const { id, method, params = [] } = payload;
  if (!isId(id)) return refused(-32600, `invalid "id": ${shown(id)}`);
  if (protocol === '1.0' && id === undefined) return refused(-32600, 'request has no "id"');
  if (protocol === '2.0' && payload['jsonrpc'] !== '2.0') return refused(-32600, '"jsonrpc" is not "2.0"', id ?? null);
  const fits = protocol === '1.0' ? Array.isArray(payload['params']) : typeof params === 'object' && params !== null;
  if (!fits && protocol !== 'own') return refused(-32602, `invalid request arguments: ${shown(params)}`, id ?? null);
  if (protocol === 'own' && typeof method !== 'string') return refused(-32600, 'request has no method', id ?? null);
  return { id: id === null && protocol !== 'own' ? undefined : id, method, params: params ?? [] };
}

const isId = (id: unknown): id is Id | undefined => id === undefined || id === null || typeof id !== 'object';

/** The line that answers one request, without its newline. */
export function reply(id: Id, outcome: Json | RpcFault, { era, protocol }: Dialogue): string {
  const failed = outcome instanceof RpcFault;
  const error: Json = failed ? { code: outcome.code, message: outcome.message } : null;
  const result: Json = failed ? null : outcome;
  if (protocol === '1.0') return encode({ result, error, id }, RULES[era]);
  return encode({ jsonrpc: '2.0', ...(failed ? { error } : { result }), id }, RULES[era]);
}

/** The line that answers a batch, without its newline. */
export const replyBatch = (replies: readonly string[]): string => `[${replies.join(', ')}]`;
