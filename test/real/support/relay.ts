// An HTTP relay between Prometheus and the exporter: it can set the requested format, and keeps every reply.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseExposition } from '../../support/exposition.ts';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Relay {
  readonly port: number;
  readonly replies: readonly Reply[];
  close(): Promise<void>;
}

/** Relays `GET`s to a loopback port, with `accept` instead of the asker's own if it is given. */
export async function startRelay(target: number, accept?: string): Promise<Relay> {
  const replies: Reply[] = [];
  const server = http.createServer((request, response) => {
    const headers = new Headers();
    for (const name of ['accept', 'x-prometheus-scrape-timeout-seconds']) {
      const value = request.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    if (accept !== undefined) headers.set('accept', accept);
    relayed(`http://127.0.0.1:${target}${request.url ?? '/'}`, headers)
      .then((reply) => {
        replies.push(reply);
        response.writeHead(reply.status, { 'Content-Type': reply.contentType });
        response.end(reply.body);
      })
      .catch(() => response.writeHead(502).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    replies,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** How many samples a reply holds. */
export function sampleCount(reply: Reply): number {
  return parseExposition(reply.body).lines.length;
}

async function relayed(url: string, headers: Headers): Promise<Reply> {
  const reply = await fetch(url, { headers });
  return { status: reply.status, contentType: reply.headers.get('content-type') ?? '', body: await reply.text() };
}
