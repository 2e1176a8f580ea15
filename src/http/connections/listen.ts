// Listens at all addresses of a host, with one server per address.
import { lookup } from 'node:dns/promises';
import type { FastifyInstance } from 'fastify';
import type { ListenAddress } from '../../config/option-types.ts';

/**
 * Listens at each address of a host name; without a host on every interface, over IPv6 as well if the machine has it. `create` makes the
 * server for each address. Returns the ports in use. Rejects if an address cannot be listened at, unless the machine does not have it and
 * the name has another one.
 */
export async function listen({ host, port }: ListenAddress, create: () => FastifyInstance): Promise<number[]> {
  // One by one: for the second address of `localhost` Fastify would create a server without our limits.
  const addresses = host === undefined ? EVERY_INTERFACE : await addressesOf(host);
  const ports: number[] = [];
  let missing: unknown;
  for (const address of addresses) {
    try {
      ports.push(await listenAt(create(), address, port));
      if (host === undefined) break;
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing = error;
    }
  }
  if (ports.length === 0) throw missing;
  return ports;
}

/** `::` accepts IPv4 as well. */
const EVERY_INTERFACE = ['::', '0.0.0.0'];

async function addressesOf(host: string): Promise<string[]> {
  // Two lines of /etc/hosts can give the same address.
  return [...new Set((await lookup(host, { all: true })).map(({ address }) => address))];
}

async function listenAt(app: FastifyInstance, host: string, port: number): Promise<number> {
  const listenTextResolver = (url: string) =>
    `Server listening at ${'setSecureContext' in app.server ? url.replace(/^http:/, 'https:') : url}`;
  await app.listen({ host, port, listenTextResolver });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function isMissing(error: unknown): boolean {
  return ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
}
