// Stopping politely, and in time: whoever is being answered is told to hang up, and nobody can keep the process from its end.
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * From the moment the server closes, every answer ends its connection: without this a keep-alive client would delay the end. What is
 * still open after `patienceMs` is cut, handshakes and HTTP/2 sessions too, of which Node's own lists of connections know nothing.
 */
export function hangUpWhenClosing(app: FastifyInstance, patienceMs: number): void {
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
    }, patienceMs);
    app.server.once('close', () => clearTimeout(cut));
    if (!app.server.listening) clearTimeout(cut);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) hangUpAfter(reply);
    done();
  });
}

/** Ends the connection after this answer. HTTP/2 has no header for that. */
export function hangUpAfter(reply: FastifyReply): void {
  if (reply.request.raw.httpVersionMajor === 1) void reply.header('connection', 'close');
}
