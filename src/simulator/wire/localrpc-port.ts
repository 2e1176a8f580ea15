// The port of LocalRPC, and the connections to it.
import net from 'node:net';
import { type Connection, type Host, openConnection } from './connection.ts';

export interface LocalRpcPort {
  readonly connections: ReadonlySet<Connection>;
  /** Connections since the start. */
  readonly accepted: () => number;
  /** Resolves once port and connections are closed. */
  readonly closed: Promise<void>;
  /** Closes the connections that the world has closed. */
  readonly settle: () => void;
  /** Resolves with the port, which is any free one for 0. Rejects with the listener's error. */
  readonly open: (port: number, host: string) => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Makes the port, not yet open. */
export function listen(host: Host): LocalRpcPort {
  const connections = new Set<Connection>();
  let accepted = 0;
  const server = net.createServer((socket) => {
    accepted++;
    host.advance();
    const connection = openConnection(host, socket);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  const close = () => {
    if (server.listening) server.close();
    for (const { socket } of connections) socket.destroySoon();
    return closed;
  };
  const settle = () => {
    for (const { socket, session } of connections) {
      if (session.goneAt !== undefined || host.world.sessions.get(session.id) !== session) socket.destroySoon();
    }
  };
  const open = (port: number, name: string) =>
    new Promise<number>((resolve, reject) => {
      server.on('error', reject);
      server.listen(port, name, () => resolve((server.address() as net.AddressInfo).port));
    });
  return { connections, accepted: () => accepted, closed, settle, open, close };
}
