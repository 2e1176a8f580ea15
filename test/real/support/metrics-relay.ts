// An HTTP relay between Prometheus and an exporter that can lose scrapes, and add samples of a host that this one is not.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface MetricsRelay {
  readonly port: number;
  /** Answers one request of so many with an error, or none without a number. */
  lose(oneOf?: number): void;
  /** Adds gauges to each answer, until it gets others. */
  add(gauges: Readonly<Record<string, number>>): void;
  close(): Promise<void>;
}

/** Relays requests to a loopback port. */
export async function startMetricsRelay(target: number): Promise<MetricsRelay> {
  let oneOf: number | undefined;
  let samples = '';
  let count = 0;
  const server = http.createServer((request, response) => {
    count += 1;
    if (oneOf !== undefined && count % oneOf === 0) {
      response.writeHead(503).end();
      return;
    }
    const { url, headers } = request;
    const options = { port: target, path: url, headers: { ...headers, 'accept-encoding': 'identity' } };
    const forward = http.get(options, (reply) => {
      void text(reply).then((body) => {
        response.writeHead(reply.statusCode ?? 502, { 'Content-Type': reply.headers['content-type'] });
        response.end(withSamples(body, samples));
      });
    });
    forward.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lose: (every) => void (oneOf = every),
    add: (gauges) => {
      samples = Object.entries(gauges)
        .map(([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`)
        .join('');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** OpenMetrics ends with a line of its own. */
function withSamples(body: string, samples: string): string {
  const end = body.endsWith('# EOF\n') ? '# EOF\n' : '';
  return body.slice(0, body.length - end.length) + samples + end;
}
