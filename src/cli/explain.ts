// One sentence for each way in which a call can fail: what happened, at which port, and what to check.
import { formatHostPort } from '../electrumx/address.ts';
import type { RpcError } from '../localrpc/errors.ts';
import { wrongPortHint } from '../localrpc/wrong-port.ts';
import type { RpcCall } from './args/parse.ts';
import { escapeUnsafe } from './output/escape.ts';

const METHOD_NOT_FOUND = -32601;

/** The sentence for the user. Strings from the server are escaped. */
export function explain(error: RpcError, call: RpcCall): string {
  const hint = advice(error, call);
  return `${formatHostPort(call.address)}: ${what(error, call)}${hint === undefined ? '' : `; ${hint}`}`;
}

function what({ kind, message, code }: RpcError, { command, timeoutMs }: RpcCall): string {
  switch (kind) {
    case 'timeout':
      return `no reply within ${timeoutMs / 1000} s`;
    case 'closed':
      return 'the server closed the connection before it replied';
    case 'remote':
      return `the server replied to ${command.name} with an error: ${escapeUnsafe(message)} (code ${code ?? 'none'})`;
    case 'refused':
    case 'protocol':
    case 'too_large':
      return escapeUnsafe(message);
  }
}

function advice(error: RpcError, { address, command }: RpcCall): string | undefined {
  const port = `is ${address.port} the LocalRPC port (-p, RPC_PORT)`;
  if (error.kind === 'closed' && command.mayClose) {
    return `some releases execute ${command.name} without a reply: check with getinfo or sessions`;
  }
  if (error.wrongPort) return wrongPortHint(error.wrongPort);
  switch (error.kind) {
    case 'refused':
      if (!error.message.includes('ECONNREFUSED')) return `is ${address.host} the right --host?`;
      return `is ElectrumX running and not catching up, does its SERVICES have rpc:// (needed since 1.12), and ${port}?`;
    case 'timeout':
      return `is ElectrumX busy or catching up, ${port}, or does the command need a longer --timeout?`;
    case 'closed':
      return `${port}, or is ElectrumX shutting down?`;
    case 'remote':
      return error.code === METHOD_NOT_FOUND ? `${command.name} needs ElectrumX ${command.since}` : undefined;
    case 'protocol':
    case 'too_large':
      return `${port} of ElectrumX?`;
  }
}
