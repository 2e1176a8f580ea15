// Graceful shutdown within a time limit: pending requests are answered, and no client can delay the end of the process.
import type { Socket } from 'node:net';
import { plugin } from '../plugin.ts';
import { closeAfterReply } from '../replies.ts';

/**
 * Once the server closes, each reply closes its connection; otherwise a keep-alive client would delay the end. Connections that are still
 * open after `timeoutMs` are cut, also those in a handshake or with HTTP/2, which are not in Node's list of connections.
 */
export const gracefulShutdown = plugin<{ readonly timeoutMs: number }>('graceful-shutdown', (app, { timeoutMs }) => {
  const open = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    const cut = setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, timeoutMs);
    app.server.once('close', () => clearTimeout(cut));
    if (!app.server.listening) clearTimeout(cut);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) closeAfterReply(reply);
    done();
  });
});
