// Stopping politely: whoever is being answered is told to hang up, so that no idle connection holds the process.
import type { FastifyInstance } from 'fastify';

/** From the moment the server closes, every answer ends its connection; without this a keep-alive client would delay the end. */
export function hangUpWhenClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (closing && request.raw.httpVersionMajor === 1) void reply.header('connection', 'close');
    done();
  });
}
