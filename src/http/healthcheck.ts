// Asks the exporter that runs with the same configuration whether it is there, for container engines.
import { request } from 'node:http';
import { connect } from 'node:tls';
import type { ListenAddress } from '../config/option-types.ts';

const PATIENCE_MS = 2_000;
/** The page itself, a demand to log in, and the rate limit. */
const SIGNS_OF_HEALTH = [200, 401, 429];

/**
 * True if the web server at this place answers: over plain HTTP, also when it wants a password or has been asked too often, or else over
 * TLS, where a handshake is enough, even one that ends with a demand for a certificate. The web config file is not looked at: what it
 * says now need not be what the server that runs has taken from it. Without a host, or at all interfaces, it asks loopback.
 */
export async function isHealthy({ host, port }: ListenAddress): Promise<boolean> {
  const place = { host: host === undefined || host === '0.0.0.0' || host === '::' ? 'localhost' : host, port };
  return (await answers(place)) || (await shakesHands(place));
}

function answers(place: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const get = request({ ...place, path: '/-/healthy', timeout: PATIENCE_MS, agent: false }, ({ statusCode = 0 }) => {
      resolve(SIGNS_OF_HEALTH.includes(statusCode));
      get.destroy();
    });
    get.on('timeout', () => get.destroy());
    get.on('error', () => resolve(false));
    get.on('close', () => resolve(false));
    get.end();
  });
}

function shakesHands(place: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, rejectUnauthorized: false, timeout: PATIENCE_MS }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    // An alert is what only a TLS server sends.
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(/^ERR_SSL_\w*_ALERT_/.test(code)));
    socket.on('close', () => resolve(false));
  });
}
