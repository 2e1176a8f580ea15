// An HTTP relay between Prometheus and an exporter that can lose scrapes.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyRelay {
  readonly port: number;
  /** Answers one request of so many with an error, or none without a number. */
  lose(oneOf?: number): void;
  close(): Promise<void>;
}

/** Relays requests to a loopback port. */
export async function startLossyRelay(target: number): Promise<LossyRelay> {
  let oneOf: number | undefined;
  let count = 0;
  const server = http.createServer((request, response) => {
    count += 1;
    if (oneOf !== undefined && count % oneOf === 0) {
      response.writeHead(503).end();
      return;
    }
    const { url, headers } = request;
    const forward = http.get({ port: target, path: url, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    forward.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lose: (every) => void (oneOf = every),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
