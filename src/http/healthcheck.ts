// Checks whether the exporter with the same configuration is up, for container engines.
import { request } from 'node:http';
import { connect } from 'node:tls';
import type { ListenAddress } from '../config/option-types.ts';

const TIMEOUT_MS = 2_000;
/** Success, authentication required, rate limit. */
const HEALTHY_STATUSES = [200, 401, 429];

/**
 * Whether the web server at this address answers: over plain HTTP, or else with a TLS handshake, even one that fails for want of a client
 * certificate. The web configuration file is not read, since a running server may not use its latest version. Without a host, or with one
 * that means all interfaces, it connects to localhost.
 */
export async function isHealthy({ host, port }: ListenAddress): Promise<boolean> {
  const address = { host: host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host, port };
  return (await answersHttp(address)) || (await answersTls(address));
}

function answersHttp(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { ...address, path: '/-/healthy', timeout: TIMEOUT_MS, agent: false };
    const get = request(options, ({ statusCode = 0 }) => {
      resolve(HEALTHY_STATUSES.includes(statusCode));
      get.destroy();
    });
    get.on('timeout', () => get.destroy());
    get.on('error', () => resolve(false));
    get.on('close', () => resolve(false));
    get.end();
  });
}

function answersTls(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...address, rejectUnauthorized: false, timeout: TIMEOUT_MS }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    // Only a TLS server sends an alert.
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(/^ERR_SSL_\w*_ALERT_/.test(code)));
    socket.on('close', () => resolve(false));
  });
}
