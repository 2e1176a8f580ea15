// Web configuration files for tests, and TLS clients for exporters that use them.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, TLSSocket, type ConnectionOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { readWebConfig, type WebConfigFile } from '../../src/http/web-config/read.ts';

/** The path of a file in test/fixtures/web-config. */
export function webFixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/web-config/${name}`, import.meta.url));
}

/** The remarks of a kind in the comments of a fixture: its lines `# <kind>: ...`. */
export function remarks(path: string, kind: 'error' | 'promtool' | 'older promtool' | 'newer promtool'): string[] {
  const start = `# ${kind}: `;
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

/** A valid web configuration file, as it was read. */
export function webConfigOf(path: string): WebConfigFile {
  const read = readWebConfig(path);
  if (!read.ok) throw new Error(read.errors.join('\n'));
  return read;
}

/** The certificate and key of `client`, `client-named` or `untrusted`. */
export function identity(name: string): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(webFixture(`${name}.pem`)), key: readFileSync(webFixture(`${name}.key`)) };
}

const CA = readFileSync(webFixture('ca.pem'));

/** A TCP connection to the host of `url`; it ends with the test. */
export async function tcpTo(url: string): Promise<Socket> {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** An HTTP/2 session with the host of `url`, and the server's settings for it; it ends with the test. */
export async function http2To(url: string, settings: http2.Settings = {}) {
  const session = http2.connect(url, { ca: CA, settings });
  onTestFinished(() => session.destroy());
  const [remote] = (await once(session, 'remoteSettings')) as [http2.Settings];
  return { session, remote };
}

/** A TLS connection to the host of `url`, after its handshake; rejects if that fails. */
export function shakeHands(url: string, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: CA, ...options }, () =>
      resolve(socket),
    );
    socket.once('error', reject);
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** SHA-256 of the server's certificate */
  readonly fingerprint: string;
}

/** A GET on a new connection by a client that trusts ca.pem; rejects if the connection fails. */
export function getSecurely(
  url: string,
  { headers = {}, ...tls }: ConnectionOptions & { headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca: CA, agent: false, headers, ...tls }, (response) => {
      const { socket } = response;
      const fingerprint = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : '';
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, fingerprint }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** `ok` for a page, `refused` if the connection ends without a response. */
export async function outcome(url: string, options: ConnectionOptions = {}): Promise<string> {
  return getSecurely(`${url}/-/healthy`, options).then(
    ({ status }) => (status === 200 ? 'ok' : `status ${status}`),
    () => 'refused',
  );
}

/** The Authorization header for basic authentication. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
