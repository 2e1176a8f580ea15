// JSON as Python writes it.
import { RpcError } from './errors.ts';

/**
 * Reads JSON. ElectrumX passes `NaN` and `Infinity` on to us when a stranger's peer has them in its features, because Python reads and
 * writes them. They become null, so that one peer cannot make all of `peers` unreadable. Throws an RpcError of kind `protocol`.
 */
export function parseJson(text: string): unknown {
  let value = strictly(text);
  if (value === undefined && /NaN|Infinity/.test(text)) value = strictly(withoutNotFinite(text));
  if (value === undefined) throw notJson();
  return value;
}

export function notJson(): RpcError {
  return new RpcError('protocol', 'the reply is not JSON');
}

/** Linear in the length of the text, whatever a stranger puts into it: each match is short, and strings are told apart by a flag. */
function withoutNotFinite(text: string): string {
  let inString = false;
  return text.replace(/\\.|"|-?Infinity|NaN/gs, (token) => {
    if (token === '"') inString = !inString;
    return inString || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}

function strictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
