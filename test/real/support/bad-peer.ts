// A peer server that replies to every request with null, which makes ElectrumX mark it as bad.
import net, { type AddressInfo } from 'node:net';

export interface BadPeer {
  /** What `add_peer` takes. Upper case: ElectrumX refuses the name localhost, and every private address, as not public. */
  readonly realName: string;
  close(): Promise<void>;
}

/** Listens on a free loopback port. */
export async function startBadPeer(): Promise<BadPeer> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket.on('error', () => undefined);
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const { id } = JSON.parse(line) as { id: unknown };
        socket.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: null })}\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    realName: `LOCALHOST v1.4 t${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
