// One sentence for each way in which asking can fail: what happened, where, and what to check.
import type { Address } from '../localrpc/client.ts';
import type { RpcError } from '../localrpc/errors.ts';
import { printable } from './output/escape.ts';
import type { Request } from './args/parse.ts';

const UNKNOWN_METHOD = -32601;

/** What to tell the person who asked. The server's own words are escaped. */
export function explain(error: RpcError, { address, command, timeoutMs }: Request): string {
  const where = hostAndPort(address);
  switch (error.kind) {
    case 'refused':
      if (!error.message.includes('ECONNREFUSED'))
        return `${where}: ${error.message}; is ${address.host} the right --host?`;
      return (
        `${where}: ${error.message}; is ElectrumX running, or still catching up, does its SERVICES have rpc:// ` +
        `(needed since 1.12), and is ${address.port} the right port (-p, RPC_PORT)?`
      );
    case 'timeout':
      return `${where}: no answer within ${timeoutMs / 1000} s; is ElectrumX busy or catching up, is ${address.port} its RPC port, does it need a longer --timeout?`;
    case 'closed':
      return command.mayHangUp
        ? `${where}: hung up before it answered; some releases do so and have obeyed ${command.name}: ask again, and look at getinfo or sessions`
        : `${where}: hung up before it answered; is ${address.port} the RPC port (-p, RPC_PORT), and is ElectrumX shutting down?`;
    case 'remote':
      return (
        `${where}: ElectrumX answered ${command.name} with an error: ${printable(error.message)} (code ${error.code ?? 'none'})` +
        (error.code === UNKNOWN_METHOD
          ? `; ${command.name} is there since ${command.since} (and electrumx 1.17.0 by mistake knows no command at all)`
          : '')
      );
    case 'protocol':
    case 'too_large':
      return `${where}: ${printable(error.message)}; is ${address.port} the RPC port (-p, RPC_PORT) of an ElectrumX?`;
  }
}

export function hostAndPort({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
