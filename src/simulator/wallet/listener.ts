// A listening port that can be closed and reopened while its connections stay open.
import { once } from 'node:events';
import net from 'node:net';

export interface Listener {
  readonly port: number;
  /** Opens or closes the port, soon. While another program uses the port, it stays closed; the next call tries again. */
  setOpen(open: boolean): void;
  /** Closes the port for good. Resolves once its connections are closed, too. */
  stop(): Promise<void>;
}

/** Opens a port. Rejects with the error of the first attempt to listen, such as EADDRINUSE. */
export async function openListener(
  port: number,
  host: string,
  onConnection: (socket: net.Socket) => void,
): Promise<Listener> {
  const server = net.createServer(onConnection).listen(port, host);
  await once(server, 'listening');
  const address = server.address() as net.AddressInfo;
  let wanted = true;
  let opening = false;
  const settle = () => {
    if (opening) return;
    if (server.listening && !wanted) server.close();
    if (server.listening || !wanted) return;
    opening = true;
    server.listen(address.port, host);
  };
  server.on('listening', () => {
    opening = false;
    settle();
  });
  server.on('error', () => (opening = false));
  const setOpen = (open: boolean) => {
    wanted = open;
    settle();
  };
  const stop = () =>
    new Promise<void>((resolve) => {
      wanted = false;
      const closed = () => resolve();
      if (opening) server.once('listening', () => server.close(closed)).once('error', closed);
      else server.close(closed);
    });
  return { port: address.port, setOpen, stop };
}
