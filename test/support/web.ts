// Exporters with a web config file, and clients that speak TLS with them.
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

/** What the comments of a fixture say about it: its lines `# <kind>: ...`. */
export function remarks(path: string, kind: 'mistake' | 'promtool' | 'older promtool' | 'newer promtool'): string[] {
  const start = `# ${kind}: `;
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
}

/** A web config file without mistakes, as it was read. */
export function webConfigOf(path: string): WebConfigFile {
  const read = readWebConfig(path);
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  return read;
}

/** The certificate and key of `client` or `stranger`. */
export function identity(name: string): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(webFixture(`${name}.pem`)), key: readFileSync(webFixture(`${name}.key`)) };
}

const CA = readFileSync(webFixture('ca.pem'));

/** A TCP connection to where `url` is; it ends with the test. */
export async function tcpTo(url: string): Promise<Socket> {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** An HTTP/2 session with where `url` is, and what the server has set for it; it ends with the test. */
export async function http2To(url: string, settings: http2.Settings = {}) {
  const session = http2.connect(url, { ca: CA, settings });
  onTestFinished(() => session.destroy());
  const [remote] = (await once(session, 'remoteSettings')) as [http2.Settings];
  return { session, remote };
}

/** A TLS connection to where `url` is, after its handshake; rejects if there is none. */
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
  /** of the server's certificate, SHA-256 */
  readonly fingerprint: string;
}

/** One GET on a connection of its own, by someone who trusts ca.pem; rejects if the connection fails. */
export function getSecurely(
  url: string,
  { headers = {}, ...tls }: ConnectionOptions & { headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { ca: CA, agent: false, headers, ...tls }, (response) => {
      const { socket } = response;
      const fingerprint = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : '';
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, fingerprint }),
      );
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** `ok` if it is served a page, or `refused` when the connection ends without an answer. */
export async function outcome(url: string, options: ConnectionOptions = {}): Promise<string> {
  return getSecurely(`${url}/-/healthy`, options).then(
    ({ status }) => (status === 200 ? 'ok' : `status ${status}`),
    () => 'refused',
  );
}

/** The header of basic authentication. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
