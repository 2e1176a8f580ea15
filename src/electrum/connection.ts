// Sockets to a client port: TCP, and TLS over it, which is not verified because the certificate is what is measured.
import { once } from 'node:events';
import net, { isIP } from 'node:net';
import tls from 'node:tls';
import type { Service } from '../electrumx/services.ts';
import { ProbeFailure } from './failure.ts';

/** Connects. The socket lives until `signal` aborts. Rejects with a ProbeFailure `refused` or `timeout`. */
export async function connectTcp({ host, port }: Service, signal: AbortSignal): Promise<net.Socket> {
  const socket = net.connect({ host, port, noDelay: true });
  destroyOnAbort(socket, signal);
  try {
    await once(socket, 'connect', { signal });
  } catch {
    throw new ProbeFailure(signal.aborted ? 'timeout' : 'refused');
  }
  return socket;
}

/** Starts TLS on a connection, with the name of the host unless it is an address. Rejects with a ProbeFailure. */
export async function startTls(tcp: net.Socket, host: string, signal: AbortSignal): Promise<tls.TLSSocket> {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = tls.connect({ socket: tcp, rejectUnauthorized: false, ...name });
  destroyOnAbort(socket, signal);
  try {
    await once(socket, 'secureConnect', { signal });
  } catch (error) {
    throw new ProbeFailure(signal.aborted ? 'timeout' : isReset(error) ? 'closed' : 'protocol');
  }
  return socket;
}

/** Whether an error of a socket means that the other side closed it. */
export function isReset(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function destroyOnAbort(socket: net.Socket, signal: AbortSignal): void {
  const destroy = () => socket.destroy();
  signal.addEventListener('abort', destroy, { once: true });
  // The event `close` follows each error.
  socket.on('error', () => undefined).once('close', () => signal.removeEventListener('abort', destroy));
}
