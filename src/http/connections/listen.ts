// Listening at several addresses: each gets a server of its own, and all stop together.
import { lookup } from 'node:dns/promises';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { HostPort } from '../../config/option-types.ts';

/**
 * Listens at every address of a name, and without a host on every interface, over IPv6 as well where the machine has it; `create` makes
 * the server for each. Gives the ports in use. Rejects if an address cannot be listened at, unless the machine does not have it and has
 * another one of the name.
 */
export async function listen({ host, port }: HostPort, create: () => FastifyInstance): Promise<number[]> {
  // Each by itself: Fastify would listen at the second address of `localhost` with a server that knows no limits.
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

/** `::` takes IPv4, too. */
const EVERY_INTERFACE = ['::', '0.0.0.0'];

async function addressesOf(host: string): Promise<string[]> {
  // A name may stand in two lines of /etc/hosts.
  return [...new Set((await lookup(host, { all: true })).map(({ address }) => address))];
}

async function listenAt(app: FastifyInstance, host: string, port: number): Promise<number> {
  const listenTextResolver = (url: string) =>
    `Server listening at ${app.server instanceof TlsServer ? url.replace(/^http:/, 'https:') : url}`;
  await app.listen({ host, port, listenTextResolver });
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function isMissing(error: unknown): boolean {
  return ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
}
