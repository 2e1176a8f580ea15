// An HTTP relay between Prometheus and an exporter that can lose scrapes, and add samples of a host that this one is not.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface MetricsRelay {
  readonly port: number;
  /** Answers one request of so many with an error, or none without a number. */
  lose(oneOf?: number): void;
  /** Adds gauges to each answer, until it gets others. A function is called for each answer. */
  add(gauges: Gauges): void;
  close(): Promise<void>;
}

export type Gauges = Readonly<Record<string, number | (() => number)>>;

/** Relays requests to a loopback port. */
export async function startMetricsRelay(target: number): Promise<MetricsRelay> {
  let oneOf: number | undefined;
  let added: Gauges = {};
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
        response.end(withGauges(body, added));
      });
    });
    forward.on('error', () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    lose: (every) => void (oneOf = every),
    add: (gauges) => void (added = gauges),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Before the last line of OpenMetrics. */
function withGauges(body: string, gauges: Gauges): string {
  const samples = Object.entries(gauges).map(([name, value]) => {
    return `# TYPE ${name} gauge\n${name} ${typeof value === 'number' ? value : value()}\n`;
  });
  const end = body.endsWith('# EOF\n') ? '# EOF\n' : '';
  return body.slice(0, body.length - end.length) + samples.join('') + end;
}
