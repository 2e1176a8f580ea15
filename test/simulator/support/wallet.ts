// A wallet for tests of the simulator, over any of its transports: lines out, lines in.
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { Simulator } from '../../../src/simulator/server.ts';
import type { ServiceTransport } from '../../../src/simulator/wallet/services.ts';

export interface WalletClient {
  /** The next line; undefined once the server has closed the connection. */
  line(): Promise<string | undefined>;
  /** Sends a request. Its id is the number of requests before it. */
  send(method: string, params?: unknown): void;
  /** Sends a request, and gives the result or the error of the next line that has an id. */
  call(method: string, params?: unknown): Promise<unknown>;
  /** What has come of a line that is not finished, and of those not yet read. */
  received(): string;
  close(): void;
  /** The certificate that was served. */
  certificate(): tls.PeerCertificate;
}

/** The four transports, each on any free port. */
export const ALL_SERVICES = (['tcp', 'ssl', 'ws', 'wss'] as const).map((transport) => ({ transport }));

/** An unused script. */
export const UNUSED_SCRIPT = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Connects to a client port. Rejects if it cannot, or if a handshake fails. */
export async function connectWallet(
  { services }: Pick<Simulator, 'services'>,
  transport: ServiceTransport = 'tcp',
): Promise<WalletClient> {
  const port = services.find((service) => service.transport === transport)?.port ?? 0;
  const inbox = createInbox();
  const carrier =
    transport === 'ws' || transport === 'wss'
      ? await openWebSocket(`${transport}://127.0.0.1:${port}`, inbox)
      : await openStream(transport, port, inbox);
  let id = 0;
  const send = (method: string, params: unknown = []) => {
    carrier.send(JSON.stringify({ jsonrpc: '2.0', id: id++, method, params }));
  };
  const call = async (method: string, params?: unknown) => {
    send(method, params);
    for (;;) {
      const reply = JSON.parse((await inbox.line()) ?? '{"id":null}') as Record<string, unknown>;
      if ('id' in reply) return reply['error'] ?? reply['result'];
    }
  };
  return { ...inbox, ...carrier, send, call };
}

/** Connects and shakes hands. */
export async function greet(
  simulator: Pick<Simulator, 'services'>,
  versions: unknown = ['1.0', '1.4.2'],
  transport: ServiceTransport = 'tcp',
): Promise<WalletClient> {
  const wallet = await connectWallet(simulator, transport);
  await wallet.call('server.version', ['test/1.0', versions]);
  return wallet;
}

function createInbox() {
  let text = '';
  let closed = false;
  let wake: () => void = () => undefined;
  return {
    received: () => text,
    take: (part: string) => {
      text += part;
      wake();
    },
    end: () => {
      closed = true;
      wake();
    },
    line: async () => {
      while (!text.includes('\n') && !closed) await new Promise<void>((resolve) => (wake = resolve));
      const end = text.indexOf('\n');
      if (end < 0) return undefined;
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return line;
    },
  };
}
type Inbox = ReturnType<typeof createInbox>;

async function openStream(transport: 'tcp' | 'ssl', port: number, inbox: Inbox) {
  const address = { port, host: '127.0.0.1' };
  const socket = transport === 'tcp' ? net.connect(address) : tls.connect({ ...address, rejectUnauthorized: false });
  onTestFinished(() => void socket.destroy());
  socket.setEncoding('utf8').on('data', inbox.take).on('close', inbox.end);
  await once(socket, transport === 'tcp' ? 'connect' : 'secureConnect');
  socket.on('error', () => undefined);
  return {
    send: (line: string) => void socket.write(`${line}\n`),
    close: () => void socket.end(),
    certificate: () => (socket as tls.TLSSocket).getPeerCertificate(),
  };
}

async function openWebSocket(url: string, inbox: Inbox) {
  const socket = new WebSocket(url, { rejectUnauthorized: false });
  onTestFinished(() => socket.terminate());
  socket.on('message', (message: Buffer) => inbox.take(`${message.toString()}\n`)).on('close', inbox.end);
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return {
    send: (line: string) => socket.send(line),
    close: () => socket.close(),
    certificate: () => (socket as unknown as { _socket: tls.TLSSocket })._socket.getPeerCertificate(),
  };
}
