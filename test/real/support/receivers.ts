// Stand-ins for what delivers notifications: the HTTP APIs of messengers and pagers, and a mail server. They record what they get.
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** One delivered notification. */
export interface Delivery {
  /** of the request; of a mail, its recipient */
  readonly path: string;
  /** the header Authorization; of a mail, `user:password` */
  readonly credentials: string | undefined;
  /** a mail has its headers first */
  readonly body: string;
}

export interface StandIn {
  readonly port: number;
  readonly deliveries: readonly Delivery[];
  stop(): Promise<void>;
}

/** Accepts every request. The reply is what Telegram's library needs; the others read only the status. */
export async function startApi(): Promise<StandIn> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      deliveries.push({ path: request.url ?? '', credentials: request.headers.authorization, body });
      response.end(JSON.stringify({ ok: true, result: { message_id: 1, date: 1, chat: { id: 1, type: 'group' } } }));
    });
  });
  const port = await listen(server);
  const stop = async () => {
    server.closeAllConnections();
    await closed(server);
  };
  return { port, deliveries, stop };
}

const SMTP_REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250-stand-in\r\n250 AUTH PLAIN',
  AUTH: '235 accepted',
  DATA: '354 end with a dot',
  QUIT: '221 closing',
};

/** A mail server without TLS that accepts every password and every mail. */
export async function startMailServer(): Promise<StandIn> {
  const deliveries: Delivery[] = [];
  const server = net.createServer((socket) => {
    let [unread, path, credentials] = ['', '', ''];
    let inData = false;
    socket.on('error', () => undefined).setEncoding('utf8');
    socket.write('220 stand-in\r\n');
    socket.on('data', (chunk: string) => {
      unread += chunk;
      for (let end = unread.indexOf(inData ? '\r\n.\r\n' : '\r\n'); end >= 0;) {
        const part = unread.slice(0, end);
        unread = unread.slice(end + (inData ? 5 : 2));
        if (inData) deliveries.push({ path, credentials, body: part });
        const [verb = '', argument = '', initial = ''] = inData ? [] : part.split(' ');
        if (verb === 'RCPT') path = /<(.*)>/.exec(argument)?.[1] ?? '';
        if (verb === 'AUTH') credentials = userAndPassword(initial);
        inData = verb === 'DATA';
        socket.write(`${SMTP_REPLIES[verb] ?? '250 ok'}\r\n`);
        end = unread.indexOf(inData ? '\r\n.\r\n' : '\r\n');
      }
    });
  });
  const port = await listen(server);
  return { port, deliveries, stop: () => closed(server) };
}

/** The argument of AUTH PLAIN: base64 of three strings with NUL in between, the first one empty. */
function userAndPassword(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString().split('\0').slice(1).join(':');
}

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closed(server: net.Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
