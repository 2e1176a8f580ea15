// Asks the exporter that runs with the same configuration whether it is there, for container engines.
import { request } from 'node:http';
import { connect } from 'node:tls';
import type { HostPort } from '../config/kinds.ts';

const PATIENCE_MS = 2_000;

/**
 * True if the web server at this place answers: over plain HTTP with 200, or 401 where users have to log in; over TLS a handshake is
 * enough, because a health check has neither certificate nor password. Without a host, or at all interfaces, it asks loopback.
 */
export function isHealthy(place: HostPort, overTls: boolean): Promise<boolean> {
  const host = place.host === undefined || place.host === '0.0.0.0' || place.host === '::' ? 'localhost' : place.host;
  return overTls ? shakesHands(host, place.port) : answers(host, place.port);
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const get = request({ host, port, path: '/-/healthy', timeout: PATIENCE_MS, agent: false }, ({ statusCode }) => {
      resolve(statusCode === 200 || statusCode === 401);
      get.destroy();
    });
    get.on('timeout', () => get.destroy());
    get.on('error', () => resolve(false));
    get.on('close', () => resolve(false));
    get.end();
  });
}

function shakesHands(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, rejectUnauthorized: false, timeout: PATIENCE_MS }, () => {
      resolve(true);
      socket.destroy();
    });
    socket.on('timeout', () => socket.destroy());
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
}
