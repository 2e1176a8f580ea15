// The receivers of an Alertmanager: an HTTP server that records notifications.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One alert of one notification. */
export interface Note {
  /** the path that it came to */
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Webhook {
  /** Where to post what is for that receiver. */
  url(receiver: string): string;
  /** All that came, in order. */
  readonly notes: readonly Note[];
  stop(): Promise<void>;
}

export async function startWebhook(): Promise<Webhook> {
  const notes: Note[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { alerts } = JSON.parse(body) as { alerts: Omit<Note, 'receiver'>[] };
      const receiver = (request.url ?? '').slice(1);
      for (const { status, labels, annotations } of alerts) notes.push({ receiver, status, labels, annotations });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (receiver) => `http://127.0.0.1:${port}/${receiver}`,
    notes,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
