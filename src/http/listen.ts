// Listening at several addresses: each gets a server of its own, and all stop together.
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { HostPort } from '../config/kinds.ts';

/** Listens; without a host on every interface, over IPv6 as well where the machine has it. Gives the port in use. */
export async function listen(app: FastifyInstance, { host, port }: HostPort): Promise<number> {
  const listenTextResolver = (url: string) =>
    `Server listening at ${app.server instanceof TlsServer ? url.replace(/^http:/, 'https:') : url}`;
  try {
    await app.listen({ host: host ?? '::', port, listenTextResolver });
  } catch (error) {
    const noIpv6 = ['EAFNOSUPPORT', 'EADDRNOTAVAIL'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (host !== undefined || !noIpv6) throw error;
    await app.listen({ host: '0.0.0.0', port, listenTextResolver });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
