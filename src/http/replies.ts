// Plain-text replies, and replies that close their connection.
import type { FastifyReply } from 'fastify';

/** Sends one or more lines of plain text. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(text);
}

/** Closes the connection after this reply. HTTP/2 has no header for that. */
export function closeAfterReply(reply: FastifyReply): void {
  if (reply.request.raw.httpVersionMajor === 1) void reply.header('connection', 'close');
}

/** Sends plain text and closes the connection: refused clients do not hold one of the limited number of connections. */
export function refuse(reply: FastifyReply, status: number, text: string): FastifyReply {
  closeAfterReply(reply);
  return sendText(reply, status, text);
}
